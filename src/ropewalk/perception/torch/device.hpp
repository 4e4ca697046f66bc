// Where tensors live.
#pragma once

#include <torch/torch.h>

#include "ropewalk/base/base.hpp"

namespace ropewalk::perception {

/// The device of that name, "cpu" or "cuda" or any other that libtorch knows. Fails where libtorch cannot put
/// a tensor there: it was built without that kind of device, or there is no such device or no driver.
inline base::Result<torch::Device> find_device(const std::string& name) {
    try {
        const torch::Device device(name);
        torch::empty({1}, device);
        return device;
    } catch (const std::exception&) {
        return base::failure("--device", "'" + name + "', a device that libtorch cannot use here", "cpu");
    }
}

} // namespace ropewalk::perception
