// Where tensors live.
#pragma once

#include <torch/torch.h>

#include "ropewalk/perception/torch/guarded.hpp"

namespace ropewalk::perception {

/// The device of that name, "cpu" or "cuda" or any other that libtorch knows. Fails where libtorch cannot put
/// a tensor there: it was built without that kind of device, or there is no such device or no driver.
inline base::Result<torch::Device> find_device(const std::string& name) {
    const auto refused = [&](const std::string& why) {
        return base::failure("--device", "'" + name + "', and libtorch " TORCH_VERSION " " + why,
                             "a device that it can use, such as cpu");
    };
    try {
        const torch::Device device(name);
        torch::empty({1}, device);
        return device;
    } catch (const c10::NotImplementedError&) {
        return refused("is built without it");
    } catch (const c10::Error& error) {
        const std::string text = reason(error);
        return refused("says: " + text.substr(0, text.find(". ")));
    }
}

} // namespace ropewalk::perception
