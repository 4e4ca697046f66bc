// The kernel of descent: one step of Adam with a clipped gradient (Kingma & Ba 2014).
#pragma once

#include <cstddef>
#include <cstdint>

namespace ropewalk::formula {

/// What a step needs beside its arrays.
struct AdamStep {
    float rate = 0;    ///< learning rate, corrected for the moments' start at zero
    float scale = 1;   ///< what the gradient is multiplied by first
    float largest = 1; ///< norm that the scaled gradient is clipped to
    float keep_first = 0.9f, keep_second = 0.99f;
    float epsilon = 1e-5f;
};

/// One step on `count` parameters; does nothing when the gradient's norm is not finite.
using AdamKernel = void (*)(const AdamStep& step, const float* gradient, std::size_t count, float* parameters,
                            float* first, float* second);

namespace plain {
void adam(const AdamStep& step, const float* gradient, std::size_t count, float* parameters, float* first,
          float* second);
}

/// The fast kernel for a Highway target that this machine can run.
AdamKernel adam_lanes(std::int64_t target);

} // namespace ropewalk::formula
