// The posterior of perception/posterior.hpp by matrix products that never form a formula's values.
#pragma once

#include <torch/torch.h>

#include "ropewalk/perception/engine.hpp"
#include "ropewalk/perception/torch/network.hpp"

namespace ropewalk::perception {

/// The pool and the tasks' scales on a device, in float or double precision.
struct PosteriorTables {
    torch::Tensor coefficients;           ///< [formulas, monomials]
    std::vector<torch::Tensor> selectors; ///< one per variable, [monomials, degree + 1], which power it takes
    torch::Tensor scale;                  ///< [tasks, 1], 1 / sigma
    int degree = 0;
};
PosteriorTables posterior_tables(const EngineOptions& options, torch::Dtype type, torch::Device device);

/// Expectation of every monomial on every row, [monomials, rows]; differentiable in the symbols.
/// `rows_of_images` is [rows, variables].
torch::Tensor expected_monomials(const PosteriorTables& tables, const Symbols& symbols,
                                 const torch::Tensor& rows_of_images);

/// A loss, with what to differentiate for its gradient: `surrogate` has the loss's gradient on the monomials.
struct PosteriorLoss {
    double loss = 0;
    torch::Tensor surrogate;
    torch::Tensor errors; ///< [tasks, formulas]
};

/// The posterior's loss for outputs y [tasks, rows].
PosteriorLoss posterior_loss(const PosteriorTables& tables, const torch::Tensor& monomials,
                             const torch::Tensor& y, double temperature);

/// Mean of (y - E[f(s)])^2 / sigma^2 with one formula per task; `formulas` is [tasks]. Differentiable.
torch::Tensor chosen_loss(const PosteriorTables& tables, const torch::Tensor& monomials,
                          const torch::Tensor& y, const torch::Tensor& formulas);

} // namespace ropewalk::perception
