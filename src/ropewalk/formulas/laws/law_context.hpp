// What every way to look for a law works on: the problem, its screening rows, and a part without a factor.
#pragma once

#include <utility>
#include <vector>

#include <Eigen/Core>

#include "ropewalk/formulas/laws/law_search.hpp"
#include "ropewalk/formulas/laws/term_library.hpp"

namespace ropewalk::formula {

/// One search: the problem, the rows that candidates are found on, and the clock. Keeps references to what it
/// is made of.
struct LawContext {
    LawContext(const Problem& of, const LawOptions& by);

    const Problem& problem;
    const LawOptions& options;
    base::Stopwatch watch;
    Problem screen; ///< at most 800 rows of the problem
    bool pure;      ///< the target is a pure number, or units play no part

    int variables() const { return static_cast<int>(problem.inputs.size()); }
    bool allowed(Operator operation) const;
    bool stopped() const { return options.run.is_over(watch); }
};

/// The target without a factor, and the variables that are left to explain it.
struct Part {
    std::vector<std::pair<int, double>> factor; ///< powers of variables
    std::vector<int> variables;
    Problem problem;        ///< screening rows; the target is divided by the factor
    Eigen::ArrayXd weights; ///< of its rows: what the factor makes of equal errors

    /// A program of the part's target as one of the problem's.
    Program whole(const Program& program) const;
};

/// The part that is left without a product of powers. Where its unit cannot be told it has no variables.
Part part_of(const LawContext& context, const std::vector<std::pair<int, double>>& factor);

/// Terms of the part: its variables and the functions that the search has.
TermOptions term_options(const LawContext& context, const Part& part);

/// Whether terms of the part must have its unit.
bool has_units(const LawContext& context, const Part& part);

/// Variables of the part that have a logarithm on every row but a few, and vary.
std::vector<int> logarithmic(const LawContext& context, const Part& part);

/// The weights, then the weighted logarithms of the magnitudes of some variables; rows on which one of them is 0 are 0.
Eigen::MatrixXd log_columns(const Part& part, const std::vector<int>& chosen, const Eigen::ArrayXd& weights);

/// 1 or -1: the sign of most of the target.
double sign_of(const Problem& problem);

/// A target whose logarithm is a sum: the target, or where it may be a logarithm already, its exponential.
struct LogTarget {
    Eigen::VectorXd values;
    Eigen::ArrayXd weights;
    bool is_logarithm = false;
};
std::vector<LogTarget> log_targets(const LawContext& context, const Part& part);

} // namespace ropewalk::formula
