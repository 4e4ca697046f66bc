// Where an engine runs.
#pragma once

#include "ropewalk/images/networks/torch/libtorch.hpp"

#include "ropewalk/images/networks/torch/guarded.hpp"

namespace ropewalk::perception {

/// Fails where libtorch cannot put a tensor on the device of that name, "cpu" or "cuda" or any other that it
/// knows: it was built without that kind of device, or there is no such device or no driver.
inline base::Status check_device(const std::string& name) {
    const auto refused = [&](const std::string& why) {
        return base::failure("setting `device`", "'" + name + "', and libtorch " TORCH_VERSION " " + why,
                             "a device that it can use, such as cpu");
    };
    try {
        torch::empty({1}, torch::Device(name));
        return {};
    } catch (const c10::NotImplementedError&) {
        return refused("is built without it");
    } catch (const c10::Error& error) {
        const std::string text = reason(error);
        return refused("says: " + text.substr(0, text.find(". ")));
    }
}

/// What comes before every engine: its device is there, and libtorch has its threads (0: all) and its seed.
inline base::Status set_up(const std::string& device, int threads, std::uint64_t seed) {
    return check_device(device).map([&] {
        at::set_num_threads(threads > 0 ? threads : base::available_threads());
        torch::manual_seed(seed);
    });
}

} // namespace ropewalk::perception
