// What formulas make of every row of letters.
#pragma once

#include <span>
#include <vector>

#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/images/identification/monomials.hpp"
#include "ropewalk/images/rules/rules.hpp"

namespace ropewalk::identification {

/// Every row of symbols of an alphabet as columns: [variables] of [letters ^ variables]. Rows count up, the
/// last variable first.
std::vector<std::vector<double>> all_rows(std::span<const double> alphabet, std::size_t variables);

/// Values of programs on columns of symbols: [programs, rows].
std::vector<double> values_of(std::span<const formula::Program> programs,
                              const std::vector<std::vector<double>>& columns);

/// What may be behind outputs: the formulas of a pool, and rules beside them, whose numbers go on from theirs.
/// Both must outlive it.
struct Hypotheses {
    Hypotheses(const MonomialTable& its_pool, std::span<const rules::Rule> its_rules = {}, double its_scale = 1)
        : pool(&its_pool), rules(its_rules), scale(its_scale) {}

    const MonomialTable* pool;
    std::span<const rules::Rule> rules;
    double scale; ///< a rule's letter is this times the pool's, as in Given

    std::size_t variables() const { return static_cast<std::size_t>(pool->variables); }
    bool is_rule(std::size_t number) const { return number >= pool->formulas; }
    const rules::Rule& rule(std::size_t number) const { return rules[number - pool->formulas]; }
};

/// Letters in the units of rules; those that are whole but for rounding are whole.
std::vector<double> letters_of_rules(std::span<const double> alphabet, double scale);

/// Values of formulas and rules on all rows of an alphabet, in the order of all_rows: the letter of the first
/// variable is the leading digit of a row's number.
class LetterValues {
public:
    LetterValues(const Hypotheses& hypotheses, std::span<const double> alphabet);

    std::size_t rows() const { return rows_; }

    /// The values of a formula or rule: [rows].
    std::vector<double> of(std::size_t number) const;

private:
    Hypotheses hypotheses_;
    std::size_t rows_;
    std::vector<double> monomials_;            ///< [monomials, rows]
    std::vector<std::vector<double>> letters_; ///< of the rules' rows, [variables] of [rows]
};

} // namespace ropewalk::identification
