// How often letters occur, as far as a fold's outputs tell: rows of outputs are a mixture over rows of letters,
// which expectation maximisation takes apart (Dempster, Laird and Rubin 1977).
#pragma once

#include <span>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/images/rules/fold_likelihood.hpp"

namespace ropewalk::rules {

/// Rows of one length with one output.
struct OutputCount {
    std::size_t places = 0;
    double output = 0;
    double count = 0; ///< of rows
};

struct FoldFit {
    std::vector<double> frequencies; ///< of letters, in all places alike
    double log_likelihood = 0;       ///< of all rows
    double covered = 0;              ///< share of the rows whose output letters can give
};

struct FoldFitOptions {
    int steps = 30;
    double least_covered = 0.95; ///< with less, nothing is fitted
    double floor = 0;            ///< probability that any output has in any case
};

/// Fits the frequencies of letters that make outputs likeliest, from even ones on. A stop leaves what there is.
FoldFit fit_frequencies(const FoldLikelihood& likelihood, std::span<const OutputCount> outputs,
                        const FoldFitOptions& options, base::StopCheck& stop);

} // namespace ropewalk::rules
