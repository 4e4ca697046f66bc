#include "ropewalk/images/networks/torch/batch_tensors.hpp"

namespace ropewalk::perception {

namespace {

torch::Tensor whole_numbers(const std::vector<std::int64_t>& numbers, const PosteriorTables& tables) {
    return torch::tensor(numbers, torch::kInt64).to(tables.scale.device());
}

} // namespace

torch::Tensor rows_of(const PosteriorTables& tables, const Batch& batch) {
    const auto variables = static_cast<std::int64_t>(tables.selectors.size());
    const torch::Tensor flat =
        whole_numbers({batch.rows_of_images.begin(), batch.rows_of_images.end()}, tables);
    if (batch.tasks.empty()) return flat.reshape({-1, variables});
    return flat.reshape({static_cast<std::int64_t>(batch.tasks.size()), -1, variables});
}

torch::Tensor scale_of(const PosteriorTables& tables, const Batch& batch) {
    if (batch.tasks.empty()) return tables.scale;
    return tables.scale.index_select(0, whole_numbers({batch.tasks.begin(), batch.tasks.end()}, tables));
}

TaskOutputs outputs_of(const PosteriorTables& tables, const Batch& batch) {
    const torch::Tensor scale = scale_of(tables, batch);
    const torch::Tensor y = torch::from_blob(const_cast<double*>(batch.y.data()),
                                             {static_cast<std::int64_t>(batch.y.size())}, torch::kFloat64)
                                .to(scale.device(), torch::kFloat32)
                                .reshape({scale.size(0), -1});
    return {y, scale};
}

torch::Tensor chosen_of(const PosteriorTables& tables, const Batch& batch,
                        std::span<const std::size_t> formulas) {
    std::vector<std::int64_t> chosen(formulas.begin(), formulas.end());
    if (!batch.tasks.empty()) {
        chosen.clear();
        for (const std::uint32_t task : batch.tasks)
            chosen.push_back(static_cast<std::int64_t>(formulas[task]));
    }
    return whole_numbers(chosen, tables);
}

base::Result<PosteriorSums> mean_of(const VirtualRanks& ranks, const std::vector<PosteriorSums>& parts,
                                    torch::Device device) {
    if (ranks.is_whole()) return parts.front();
    std::vector<torch::Tensor> flat;
    for (const PosteriorSums& part : parts)
        flat.push_back(torch::cat({part.cross.flatten(), part.products.flatten(), part.squares.flatten()}));
    const auto sum = ranks.sum(std::move(flat));
    if (!sum) return base::failure(sum.error());
    const PosteriorSums& like = parts.front();
    const torch::Tensor mean = (*sum / static_cast<double>(ranks.all())).to(device);
    const auto pieces =
        mean.split_with_sizes({like.cross.numel(), like.products.numel(), like.squares.numel()});
    return PosteriorSums{pieces[0].reshape(like.cross.sizes()), pieces[1].reshape(like.products.sizes()),
                         pieces[2].reshape(like.squares.sizes()), like.own_rows};
}

} // namespace ropewalk::perception
