// What a search for formulas is asked and what it answers: problems, fits and the Pareto front.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/formulas/expression/expression.hpp"

namespace ropewalk::formula {

/// A table of numbers and the column to explain. All columns have the same length, at least 1, and finite
/// values.
struct Problem {
    std::vector<std::vector<double>> inputs;
    std::vector<double> target;
    std::vector<Unit> units;         ///< one per input, or empty: units play no part
    std::optional<Unit> target_unit; ///< with `units`: the unit that the formula must have
    /// How far each target may be from what was printed: half a unit of its last decimal, 0 for a number that
    /// was printed in full. Empty: all in full.
    std::vector<double> resolution;
    std::vector<double> weights; ///< of the rows, at least 0; empty: all 1
};

/// How well a formula explains a target. `exact` means that every row agrees to within what rounding can
/// explain (precision.hpp).
struct Fit {
    double rmse = 0;
    double max_error = 0;
    double r2 = 0; ///< 1 - residual variance / variance; 1 or 0 for a constant target
    bool exact = false;
};

/// The fit of values to a target of as many, at least one; values that are not finite give an infinite rmse and
/// max_error. Where only the values are known, exact means within 64 units in the last place of a row or of a
/// thousandth of the target's spread.
Fit fit_of(const std::vector<double>& values, const std::vector<double>& target);

/// A formula with its fit on all rows.
struct Found {
    Program program;
    std::int64_t operators = 0; ///< as `size` counts them
    Fit fit;
    double bits = 0; ///< description length (description.hpp), where it was asked for
};

/// The best formula of every size that beats all smaller ones: operators strictly ascend and rmse strictly
/// descends. Among equals the first one offered stays.
class Front {
public:
    /// Takes the formula in if nothing of at most its size is as good; drops what it beats. Returns whether
    /// it was taken.
    bool offer(Found found);
    const std::vector<Found>& formulas() const { return formulas_; }
    /// Size of the smallest exact formula, if there is one.
    std::optional<std::int64_t> exact_operators() const;

private:
    std::vector<Found> formulas_;
};

using base::StopReason;
/// Why a search for formulas ended, as a sentence goes on.
std::string sentence_of(StopReason reason);

/// What a solver found, smallest formula first.
struct FormulaReport {
    std::vector<Found> front;
    std::uint64_t candidates = 0; ///< formulas evaluated, or gradient steps times restarts
    double seconds = 0;
    StopReason stop_reason = StopReason::exhausted;
    int completed_operators = -1; ///< every formula of up to that many operators was looked at
    /// Where numbers are fitted too: the front of the formulas without, which the fitted ones of their size may beat.
    std::vector<Found> without_fits;
};

} // namespace ropewalk::formula
