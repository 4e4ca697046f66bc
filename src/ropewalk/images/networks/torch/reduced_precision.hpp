// Convolutions and matrix products in bfloat16.
#pragma once

#include <ATen/autocast_mode.h>
#include "ropewalk/images/networks/torch/libtorch.hpp"

#include "ropewalk/images/networks/engine.hpp"

namespace ropewalk::perception {

/// Makes libtorch do without oneDNN, for good, where that cannot compute in bfloat16. libtorch asks the processor
/// whether it can, but oneDNN may have been told to leave some of its instructions alone (DNNL_MAX_CPU_ISA).
inline void prepare_reduced_precision(Precision precision, torch::Device device) {
    if (precision != Precision::bfloat16 || !device.is_cpu()) return;
    const torch::NoGradGuard no_gradient;
    const auto ones = [](std::int64_t images, std::int64_t size) {
        return torch::ones({images, 8, size, size}, torch::kBFloat16);
    };
    try {
        torch::conv2d(ones(1, 4), ones(8, 3));
    } catch (const std::exception&) {
        at::globalContext().setUserEnabledMkldnn(false);
    }
}

/// While it lives, libtorch casts the arguments of convolutions and matrix products to bfloat16, if asked to.
class ReducedPrecision {
public:
    ReducedPrecision(Precision precision, torch::Device device)
        : active_(precision == Precision::bfloat16), device_(device.type()) {
        if (!active_) return;
        enable(true);
        at::autocast::increment_nesting();
    }

    ReducedPrecision(const ReducedPrecision&) = delete;
    ReducedPrecision& operator=(const ReducedPrecision&) = delete;

    ~ReducedPrecision() {
        if (!active_) return;
        // Weights that were cast are kept until then, and a step changes them.
        if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
        enable(false);
    }

private:
    void enable(bool enabled) const {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
        at::autocast::set_autocast_enabled(device_, enabled);
        at::autocast::set_autocast_dtype(device_, at::kBFloat16);
#else
        if (device_ == at::kCPU) {
            at::autocast::set_cpu_enabled(enabled);
            at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
        } else {
            at::autocast::set_enabled(enabled);
            at::autocast::set_autocast_gpu_dtype(at::kBFloat16);
        }
#endif
    }

    bool active_;
    at::DeviceType device_;
};

} // namespace ropewalk::perception
