// The posterior of identification/posterior.hpp by matrix products that never form a formula's values.
#pragma once

#include "ropewalk/images/networks/torch/libtorch.hpp"

#include "ropewalk/images/networks/engine.hpp"
#include "ropewalk/images/networks/torch/network.hpp"

namespace ropewalk::perception {

/// The pool and the tasks' scales on a device, in float or double precision.
struct PosteriorTables {
    torch::Tensor coefficients;           ///< [formulas, monomials]
    std::vector<torch::Tensor> selectors; ///< one per variable, [monomials, degree + 1], which power it takes
    torch::Tensor scale;                  ///< [tasks, 1], 1 / sigma
    int degree = 0;
    /// For tasks with rows of their own, whose squares differ: pairs of monomials that some formula has, as
    /// places in a [monomials, monomials] matrix, and what their product counts in each formula's square.
    torch::Tensor pairs;             ///< [pairs]
    torch::Tensor pair_coefficients; ///< [pairs, formulas]
};
PosteriorTables posterior_tables(const EngineOptions& options, torch::Dtype type, torch::Device device);

/// Expectation of every monomial on every row, [monomials, rows]; differentiable in the symbols.
/// `rows_of_images` is [rows, variables]. Where tasks have rows of their own it is [tasks, rows, variables],
/// and the result is [tasks, monomials, rows].
torch::Tensor expected_monomials(const PosteriorTables& tables, const Symbols& symbols,
                                 const torch::Tensor& rows_of_images);

/// What the rows of some tasks give.
struct TaskOutputs {
    torch::Tensor y;     ///< [tasks, rows]
    torch::Tensor scale; ///< [tasks, 1], 1 / sigma
};

/// What rows say, as means over them: all that the posterior depends on, and differentiable in the symbols.
struct PosteriorSums {
    torch::Tensor cross;    ///< of outputs over sigma times monomials, [tasks, monomials]
    torch::Tensor products; ///< of two monomials each, [monomials, monomials]; [tasks, pairs] where rows are the tasks' own
    torch::Tensor squares;  ///< of outputs over sigma, squared, [tasks, 1]
    bool own_rows = false;
};

/// `monomials` as expected_monomials gives them.
PosteriorSums posterior_sums(const PosteriorTables& tables, const torch::Tensor& monomials, const TaskOutputs& outputs);

/// A loss, with its gradient by the sums.
struct PosteriorLoss {
    double loss = 0;
    torch::Tensor by_cross, by_products;
    torch::Tensor errors; ///< [tasks, formulas]
};

/// The posterior's loss; `scale` [tasks, 1] is 1 / sigma. Nothing in it is differentiable.
PosteriorLoss posterior_loss(const PosteriorTables& tables, const PosteriorSums& sums, const torch::Tensor& scale,
                             double temperature);

/// What has the loss's gradient on the sums.
torch::Tensor surrogate(const PosteriorLoss& loss, const PosteriorSums& sums);

/// Mean of (y - E[f(s)])^2 / sigma^2 with one formula per task; `formulas` is [tasks]. Differentiable.
torch::Tensor chosen_loss(const PosteriorTables& tables, const torch::Tensor& monomials,
                          const TaskOutputs& outputs, const torch::Tensor& formulas);

} // namespace ropewalk::perception
