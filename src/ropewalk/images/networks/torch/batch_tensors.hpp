// Batches as tensors, where the tables of the posterior are.
#pragma once

#include "ropewalk/images/networks/torch/libtorch.hpp"

#include "ropewalk/images/networks/torch/posterior.hpp"
#include "ropewalk/images/networks/torch/virtual_ranks.hpp"

namespace ropewalk::perception {

/// Images of each row, as expected_monomials takes them.
torch::Tensor rows_of(const PosteriorTables& tables, const Batch& batch);

/// 1 / sigma of the batch's tasks, [tasks, 1].
torch::Tensor scale_of(const PosteriorTables& tables, const Batch& batch);

TaskOutputs outputs_of(const PosteriorTables& tables, const Batch& batch);

/// Formulas of the batch's tasks, [tasks]; `formulas` are those of all tasks.
torch::Tensor chosen_of(const PosteriorTables& tables, const Batch& batch,
                        std::span<const std::size_t> formulas);

/// The mean of the sums over all parts of a step, which is not differentiable where there are several.
base::Result<PosteriorSums> mean_of(const VirtualRanks& ranks, const std::vector<PosteriorSums>& parts,
                                    torch::Device device);

} // namespace ropewalk::perception
