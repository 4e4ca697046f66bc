#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "ropewalk/programs/functional/functional.hpp"

namespace ropewalk::synthesis {

using functional::Operator;
using values::Word;

/// The types that the search tells apart. Characters are numbers to it, and lists of truth values are lists of
/// 0 and 1.
enum class Slot : std::uint8_t { number, truth, list, nested };
constexpr std::size_t slot_count = 4;

constexpr std::size_t index_of(Slot slot) { return static_cast<std::size_t>(slot); }

/// The slot of a type, `nested` of everything deeper than a list of lists.
Slot slot_of(values::Type type);

/// The slot of the elements of a list.
constexpr Slot element_of(Slot list) { return list == Slot::nested ? Slot::list : Slot::number; }

/// An operator without a function, at given types.
struct Production {
    Operator op;
    int cost;
    Slot result;
    int arity;
    std::array<Slot, 3> arguments;
    bool commutative = false;
    int outside = 0; ///< what it costs more outside of functions
    /// What becomes of the lists of its columns, as `make_grammar` sets it.
    enum class Lists : std::uint8_t {
        none,   ///< its values are numbers, or lists that are stored already
        built,  ///< they are told apart before they are stored
        nested, ///< lists of lists, whose elements are stored first
    } lists = Lists::none;
};

/// An operator with a function. `body` is the type of the function's value.
struct FunctionProduction {
    Operator op;
    int cost;
    Slot over; ///< the type of the list
    Slot body;
    Slot result;
};

/// What programs are made of and what each part costs, in bits or nearly: the negative logarithm of how likely
/// the part is where its type is wanted.
struct Grammar {
    std::vector<Production> productions;
    std::vector<FunctionProduction> over_elements; ///< map, filter, ...
    std::vector<FunctionProduction> over_pairs;    ///< zip_with and pairwise
    std::vector<FunctionProduction> with_state;    ///< fold, scan, accumulate
    std::vector<Operator> without;                 ///< what programs must not use
    bool allows(Operator op) const;

    int argument = 2;      ///< of an argument of the program
    int parameter = 1;     ///< of an element or a state in a function
    int place = 3;         ///< of the place of an element
    int named = 2;         ///< of a part that stands in the program already
    int captured = 1;      ///< more for what stands outside a function
    int literal = 4;       ///< of a list of constants
    int condition = 5;     ///< `if` around three parts

    /// Cost of a whole number that stands in a program; `seen` where the examples suggest it.
    static int constant(std::int64_t number, bool seen);
};

/// The grammar with costs moved, by at most 3 each, to how often these programs use each operator; the costs that it has
/// count as 30 operators.
Grammar fitted(Grammar grammar, const std::vector<functional::Program>& programs);

/// What the examples hold; `texts` where all arguments are texts, and most of these hold no number.
enum class Values : std::uint8_t { numbers, numbers_and_texts, texts };

/// The grammar of all operators but those whose names stand in `without`. Operators on texts are there where the examples hold
/// texts, and where these are without numbers arithmetic, which can only be one with characters, is dear.
Grammar make_grammar(const std::vector<std::string>& without, Values values = Values::numbers);

} // namespace ropewalk::synthesis
