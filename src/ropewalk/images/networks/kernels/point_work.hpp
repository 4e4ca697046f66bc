// What the fast kernels of point features work on: packed weights, and a range of sets at a time.
#pragma once

#include "ropewalk/images/networks/kernels/matrix_products.hpp"
#include "ropewalk/images/networks/kernels/point_features.hpp"

namespace ropewalk::perception {

/// A network with its matrices as the products read them.
struct PackedPoints {
    PointNetwork network;
    const MatrixProducts* products = nullptr;
    std::vector<float> inputs;    ///< W1 transposed, [inputs, features]
    PackedMatrix second;          ///< W2 transposed
    PackedMatrix third;           ///< W3 transposed, forward only
    PackedMatrix second_backward; ///< W2, backward only
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
    const MatrixProducts* products = nullptr;
    void (*forward)(const PackedPoints&, const PointSets&, PointRange, float* largest,
                    std::uint32_t* which) = nullptr;
    void (*adjoint)(const PackedPoints&, const PointSets&, PointRange, const PointAdjoint&) = nullptr;
};

/// For every Highway target that this machine can run, best first; ahead of them `amx`, the first one with
/// products on the matrix unit, where there is one.
std::vector<PointKernels> point_kernels();

} // namespace ropewalk::perception
