#include "ropewalk/images/networks/torch/virtual_ranks.hpp"

namespace ropewalk::perception {

namespace {

std::vector<torch::Tensor> statistics_of(torch::nn::Module& network) {
    std::vector<torch::Tensor> statistics;
    for (const torch::Tensor& buffer : network.buffers())
        if (buffer.is_floating_point()) statistics.push_back(buffer);
    return statistics;
}

std::int64_t numbers_of(const std::vector<torch::Tensor>& tensors) {
    std::int64_t count = 0;
    for (const torch::Tensor& each : tensors) count += each.numel();
    return count;
}

} // namespace

torch::Tensor sum_in_pairs(std::vector<torch::Tensor> tensors) {
    for (; tensors.size() > 1; tensors.resize(tensors.size() / 2))
        for (std::size_t i = 0; 2 * i < tensors.size(); ++i) tensors[i] = tensors[2 * i] + tensors[2 * i + 1];
    return tensors.front();
}

base::Result<torch::Tensor> VirtualRanks::sum(std::vector<torch::Tensor> of_parts) const {
    const torch::NoGradGuard no_gradient;
    for (torch::Tensor& each : of_parts) each = each.detach().to(torch::kCPU, torch::kFloat32).contiguous();
    torch::Tensor total = sum_in_pairs(std::move(of_parts));
    if (!group_ || group_->size() == 1) return total;
    total = total.clone();
    auto summed = group_->sum({total.data_ptr<float>(), static_cast<std::size_t>(total.numel())});
    if (!summed) return base::failure(std::move(summed.error()));
    return total;
}

base::Result<WholeLoss>
VirtualRanks::differentiate(const std::function<PartLoss(std::size_t)>& of_part,
                            const std::vector<std::shared_ptr<torch::nn::Module>>& networks,
                            std::size_t images) const {
    std::vector<torch::Tensor> of_parts(count());
    for (std::size_t k = 0; k < count(); ++k) {
        torch::nn::Module& network = *networks[k];
        std::vector<torch::Tensor> parameters = network.parameters();
        for (torch::Tensor& parameter : parameters) parameter.mutable_grad() = torch::Tensor();
        const PartLoss part = of_part(k);
        // A part without anything to learn from has no mean.
        if (part.weight > 0) (part.mean * part.weight).backward();
        std::vector<torch::Tensor> flat;
        for (const torch::Tensor& parameter : parameters)
            flat.push_back((part.weight > 0 ? parameter.grad() : torch::zeros_like(parameter)).reshape(-1));
        for (const torch::Tensor& each : statistics_of(network)) flat.push_back(each.reshape(-1));
        const double loss = part.weight > 0 ? part.loss * part.weight : 0;
        flat.push_back(torch::tensor({loss, part.weight, k == 0 ? static_cast<double>(images) : 0.0},
                                     parameters.front().options().requires_grad(false)));
        of_parts[k] = torch::cat(flat).detach().to(torch::kCPU);
    }
    const auto total = sum(std::move(of_parts));
    if (!total) return base::failure(total.error());
    const std::int64_t gradients = numbers_of(networks.front()->parameters()),
                       statistics = numbers_of(statistics_of(*networks.front()));
    const torch::Tensor numbers = total->slice(0, gradients + statistics).to(torch::kFloat64);
    const auto at = [&](std::int64_t i) { return numbers[i].item<double>(); };
    return WholeLoss{.loss = at(0) / at(1),
                     .images = at(2),
                     .gradients = total->slice(0, 0, gradients) / at(1),
                     .statistics =
                         total->slice(0, gradients, gradients + statistics) / static_cast<double>(all())};
}

void share_parameters(torch::nn::Module& network, torch::nn::Module& with) {
    std::vector<torch::Tensor> parameters = network.parameters();
    const std::vector<torch::Tensor> shared = with.parameters();
    for (std::size_t i = 0; i < shared.size(); ++i) parameters[i].set_data(shared[i].detach());
}

void copy_statistics(torch::nn::Module& network, torch::nn::Module& from) {
    const torch::NoGradGuard no_gradient;
    const std::vector<torch::Tensor> source = statistics_of(from);
    std::vector<torch::Tensor> target = statistics_of(network);
    for (std::size_t i = 0; i < source.size(); ++i) target[i].copy_(source[i]);
}

void take(torch::nn::Module& network, const WholeLoss& whole) {
    const torch::NoGradGuard no_gradient;
    std::int64_t begin = 0;
    for (torch::Tensor& parameter : network.parameters()) {
        const torch::Tensor part = whole.gradients.slice(0, begin, begin + parameter.numel());
        parameter.mutable_grad() = part.reshape(parameter.sizes()).to(parameter.device());
        begin += parameter.numel();
    }
    begin = 0;
    for (torch::Tensor& each : statistics_of(network)) {
        each.copy_(whole.statistics.slice(0, begin, begin + each.numel()).reshape(each.sizes()));
        begin += each.numel();
    }
}

} // namespace ropewalk::perception
