#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ropewalk/programs/values/values.hpp"

namespace ropewalk::functional {

/// What an expression does with its arguments. The order of the list is the order of `facts`.
enum class Operator : std::uint8_t {
    // Leaves and binders.
    variable, number, truth, list, let, condition,
    // Numbers.
    add, subtract, multiply, divide, remainder, negate, absolute, minimum_of, maximum_of, common_divisor,
    from_truth,
    // Truth values.
    less, at_most, equal, not_equal, negation, both, either, even, odd,
    // A list to one value.
    length, first, last, get, sum, product, maximum, minimum, from_digits, count, index, contains,
    // A list to a list.
    prepend, append, concat, reverse, sort, tail, init, take, drop, range, digits, bits, unique, repeat, insert, set, remove_at,
    swap, numbers, to_text, upper, lower, pad, group, split, prefixes, flatten, join, windows, chunks, transpose, zip,
    // With a function.
    map, filter, count_if, any, all, take_while, drop_while, sort_by, max_by, min_by, flat_map, cancel, zip_with, pairwise,
    fold, scan, accumulate, iterate,
};

constexpr std::size_t operator_count = static_cast<std::size_t>(Operator::iterate) + 1;

/// One row of the table that parser, printer, checker, evaluator and documents share.
struct OperatorFacts {
    Operator op;
    const char* name;
    /// Types of the arguments and of the result: `i` a number, `b` a truth value, `e`, `f` and `s` any type,
    /// brackets a list, parentheses a function.
    const char* signature;
    const char* infix; ///< null where it is written as a call
    int arguments;     ///< how many, functions not counted
    int parameters;    ///< of the function; 0: none
    const char* meaning;
};

const OperatorFacts& facts(Operator op);
std::span<const OperatorFacts> all_operators();
std::optional<Operator> operator_named(std::string_view name);

/// The value of an operator that takes no function, `condition` among them. Every operator has a value for all
/// arguments, but for numbers beyond 64 bits, lists beyond the longest of the store and lists that are met when it is
/// full, which are `undefined`, and whatever is computed from `undefined`.
values::Word apply(Operator op, const values::Word* arguments, values::Lists& lists);

/// The same for operators that store no list: their value is a number, a truth value, or a list that is an element of
/// one that is stored. No argument may be `undefined`.
values::Word value_of(Operator op, const values::Word* arguments, const values::Lists& lists);

/// True of operators without a function whose value is a list that is made from elements at hand.
bool builds_a_list(Operator op);

/// The elements of the list that such an operator gives, without storing it: in `room`, or a part of a list that is
/// stored, and right until the next use of either. Nothing where there is no value; no argument may be `undefined`.
std::optional<std::span<const values::Word>> elements_of(Operator op, const values::Word* arguments, const values::Lists& lists,
                                                         std::vector<values::Word>& room);

} // namespace ropewalk::functional
