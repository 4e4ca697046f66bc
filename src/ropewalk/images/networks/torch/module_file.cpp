#include "ropewalk/images/networks/torch/module_file.hpp"

#include "ropewalk/images/networks/torch/guarded.hpp"

namespace ropewalk::perception {

TensorFile module_weights(const torch::nn::Module& module) {
    TensorFile file;
    for (const auto& each : module.named_parameters()) file.tensors[each.key()] = stored(each.value());
    for (const auto& each : module.named_buffers())
        if (each.value().is_floating_point()) file.tensors[each.key()] = stored(each.value());
    return file;
}

TensorFile module_state(const torch::nn::Module& module, const Adam& adam) {
    TensorFile file = module_weights(module);
    const auto parameters = module.named_parameters();
    for (std::size_t i = 0; i < adam.first.size(); ++i) {
        file.tensors["adam.first." + parameters[i].key()] = stored(adam.first[i]);
        file.tensors["adam.second." + parameters[i].key()] = stored(adam.second[i]);
    }
    file.metadata["adam.steps"] = std::to_string(adam.steps);
    return file;
}

base::Status restore_module(const TensorFile& file, torch::nn::Module& module, Adam& adam) {
    const torch::NoGradGuard no_gradient;
    base::Diagnostics errors;
    const auto fill = [&](const std::string& name, torch::Tensor target) {
        const auto found = file.tensors.find(name);
        if (found == file.tensors.end() || found->second.shape != target.sizes().vec()) {
            errors.push_back({.file = "weights",
                              .found = "no tensor '" + name + "' of the network's shape",
                              .expected = "weights of the same network"});
            return;
        }
        target.copy_(torch::from_blob(const_cast<float*>(found->second.values.data()), target.sizes(),
                                      torch::kFloat32));
    };
    const auto parameters = module.named_parameters();
    for (const auto& each : parameters) fill(each.key(), each.value());
    for (const auto& each : module.named_buffers())
        if (each.value().is_floating_point()) fill(each.key(), each.value());
    if (const auto steps = file.metadata.find("adam.steps"); steps != file.metadata.end()) {
        for (std::size_t i = 0; i < adam.first.size(); ++i) {
            fill("adam.first." + parameters[i].key(), adam.first[i]);
            fill("adam.second." + parameters[i].key(), adam.second[i]);
        }
        adam.steps = std::strtoll(steps->second.c_str(), nullptr, 10);
    }
    if (!errors.empty()) return base::failure(std::move(errors));
    return {};
}

} // namespace ropewalk::perception
