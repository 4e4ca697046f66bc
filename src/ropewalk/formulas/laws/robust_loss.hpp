// Losses that rows far off count for less in, by weights that follow the residuals.
#pragma once

#include <functional>
#include <vector>

#include "ropewalk/base/settings.hpp"
#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

enum class Loss {
    squared,
    huber,   ///< squared up to 1.345 robust standard deviations of the residuals, linear beyond (Huber 1964)
    absolute ///< the sum of magnitudes: half of the rows may be far off
};

/// Losses as settings name them.
inline constexpr auto losses =
    base::named<Loss>({{"squared", Loss::squared}, {"huber", Loss::huber}, {"absolute", Loss::absolute}});

/// Weights whose squared errors have the slope of the loss at these residuals (iteratively reweighted least
/// squares, Holland & Welsch 1977), times the weights that rows have of their own, with the same sum.
std::vector<double> loss_weights(const std::vector<double>& residuals, const std::vector<double>& own,
                                 Loss loss);

/// Weights for a search, in which rows that are far off must not decide: (2.5 s/|r|)^4 where an error r is
/// beyond 2.5 robust standard deviations s. Before there is a formula the errors are the distances from the
/// median, and only what is three times as far counts less.
std::vector<double> search_weights(const std::vector<double>& residuals, const std::vector<double>& own);
std::vector<double> first_weights(const Problem& problem, Loss loss);

/// The weights of a program's residuals, and the mean loss of a row: of absolute errors for Loss::absolute,
/// of errors cut at 1.345 robust standard deviations for Loss::huber, the root of the squared ones otherwise.
std::vector<double> weights_of(const Program& program, const Problem& problem, Loss loss);
double loss_of(const Program& program, const Problem& problem, Loss loss);

/// What a program leaves of the target on every row.
std::vector<double> residuals_of(const Program& program, const Problem& problem);

/// The numbers of a program that make the loss smallest, from where they are; and the weights at the end.
struct Reweighted {
    Program program;
    std::vector<double> weights;
};
Reweighted fit_by_loss(const Program& program, const Problem& problem, Loss loss,
                       const std::vector<char>& frozen, const std::function<bool()>& stop);

} // namespace ropewalk::formula
