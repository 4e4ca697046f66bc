// What the fast kernels of point features work on: packed weights, and a range of sets at a time.
#pragma once

#include "ropewalk/perception/kernels/point_features.hpp"

namespace ropewalk::perception {

/// Weights as the matrix products read them: panels of `point_feature_step` columns, a panel's rows behind
/// one another.
struct PackedPoints {
    PointNetwork network;
    std::vector<float> inputs;          ///< W1 transposed, [inputs, features]
    std::vector<float> second, third;   ///< panels of W2 and W3 transposed
    std::vector<float> second_backward; ///< panels of W2
};

/// Sets begin .. end - 1.
struct PointRange {
    std::size_t begin = 0, end = 0;
};

/// The adjoint's inputs and outputs. Gradients by the network are added to `to`, whose weight1 is transposed.
struct PointAdjoint {
    const float* gradient = nullptr;
    const std::uint32_t* which = nullptr;
    PointGradient to;
    float* input_gradient = nullptr;
};

struct PointKernels {
    std::string name;
    void (*forward)(const PackedPoints&, const PointSets&, PointRange, float* largest,
                    std::uint32_t* which) = nullptr;
    void (*adjoint)(const PackedPoints&, const PointSets&, PointRange, const PointAdjoint&) = nullptr;
};

/// For every Highway target that this machine can run, best first.
std::vector<PointKernels> point_kernels();

} // namespace ropewalk::perception
