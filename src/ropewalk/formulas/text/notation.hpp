// Formulas as text: for people, for other programs, and back.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/formulas/expression/expression.hpp"

namespace ropewalk::formula {

enum class Notation { infix, python, c, sympy, latex, json };

inline constexpr std::array<std::string_view, 6> notation_names{"infix", "python", "c",
                                                                "sympy", "latex",  "json"};

/// The notation of that name, or nothing.
std::optional<Notation> notation_named(std::string_view name);

/// What the variables and the value of a formula are called. A variable beyond the names is called s1, s2,
/// ... after its number.
struct Labels {
    std::vector<std::string> inputs;
    std::string target = "formula";
};

/// The program in a notation; every notation but infix ends in a newline. Expects a valid program.
///
/// Python and C compute operation by operation what the program says, in the same order. Infix, SymPy and
/// LaTeX are for reading: factors are gathered (x*y*x is x^2*y, a/b/c is a/(b*c)), sums lose their
/// parentheses, and 0.333... is 1/3 where it is exactly that double, so their values agree to rounding. A
/// part that is very long, or that a long formula uses several times, gets a name of its own (t1, t2, ...).
std::string to_text(const Program& program, const Labels& labels, Notation notation);

/// One line such as `2*a*b - sqrt(c)/3`. Names that are no identifiers stand in backquotes.
std::string to_infix(const Program& program, std::span<const std::string> names);

/// Names that a programming language takes as they are, all different: letters, digits and underscores,
/// beginning with a letter, no keyword and no function that formulas call. Names that are that already stay.
std::vector<std::string> identifiers(std::span<const std::string> names, Notation notation);

/// Reads infix text: + - * / ^ (or **) with whole powers of at most 64 and 0.5, unary minus, the functions of
/// the operator table, numbers, parentheses, names, and definitions in front (`t = a + b; t*t`). A number
/// over a number is one constant, -x is -1*x, 1/x a reciprocal. Fails with the column on anything else, on
/// text of more than 1 MiB and on nesting of more than 500 levels.
base::Result<Program> parse_formula(std::string_view text, std::span<const std::string> names);

} // namespace ropewalk::formula
