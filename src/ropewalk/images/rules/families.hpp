// The families of rules that are tried beside formulas of + - *.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/images/rules/fold_frequencies.hpp"
#include "ropewalk/images/rules/rule.hpp"

namespace ropewalk::rules {

/// Rules of two to five letters.
struct RuleFamilies {
    std::vector<Rule> rules; ///< formulas
    /// [rules], a number for those that differ in the names of their variables only.
    std::vector<std::size_t> orbits;
};

/// Rules that are no formula of the pool on the digits 0 to 9, each once: maximum, minimum, middle, distance and
/// comparisons, remainders by one more than the largest output, numbers written in a base, sums and products
/// with a constant, and for two letters conditionals. `outputs` are the different outputs, rising: they tell
/// remainders and constants.
RuleFamilies formula_families(std::span<const formula::Program> pool, std::size_t variables,
                              std::span<const double> outputs);

/// Letters of operands in rules that select, 0 to 9, and operators at most.
inline constexpr std::size_t selection_digits = 10, most_selected = 4;

/// Rules of three letters of which one selects what is made of the other two, digits: a letter of its own for
/// each operator, from 10 on. With other letters than these in these places they have no output, which is the
/// number `no_selection` or more.
RuleFamilies selection_families();
inline constexpr double no_selection = 1e15;

/// Folds for rows whose outputs are these. Where all rows have the same number of places, sums with weights
/// too: numbers written in a base, added or one less the other.
std::vector<Fold> fold_families(std::span<const OutputCount> outputs);

/// What is tried, for people: "sums, products, ...".
std::string formula_family_names(std::size_t variables);
std::string fold_family_names();

} // namespace ropewalk::rules
