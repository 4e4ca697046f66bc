// Features of sets of points: the part of the synthesizer where nearly all of its time goes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ropewalk/base/base.hpp"

namespace ropewalk::perception {

/// A perceptron with two hidden layers and layer normalisation before each ReLU, as libtorch stores it:
/// a1 = relu(norm1(W1 x + b1)), a2 = relu(norm2(W2 a1 + b2)), h = W3 a2 + b3. Layers 1 and 2 also have scale
/// and shift of their normalisation, whose epsilon is 1e-5.
template<class Pointer>
struct PointLayers {
    std::size_t inputs = 0;
    std::size_t features = 0;  ///< a multiple of 64
    Pointer weight1 = nullptr; ///< [features, inputs]
    Pointer bias1 = nullptr;   ///< [features], as all that have no shape here
    Pointer scale1 = nullptr;
    Pointer shift1 = nullptr;
    Pointer weight2 = nullptr; ///< [features, features]
    Pointer bias2 = nullptr;
    Pointer scale2 = nullptr;
    Pointer shift2 = nullptr;
    Pointer weight3 = nullptr; ///< [features, features]
    Pointer bias3 = nullptr;
};
using PointNetwork = PointLayers<const float*>;
using PointGradient = PointLayers<float*>;

/// Sets of equally many points.
struct PointSets {
    std::size_t sets = 0;
    std::size_t points = 0;        ///< of a set, at least 1
    const float* inputs = nullptr; ///< [sets, points, inputs]
};

inline constexpr std::size_t point_feature_step = 64;

/// largest[set, f] = max over the points of a set of h[f], which[set, f] = the first point that has it;
/// both [sets, features].
void point_features(const PointNetwork& network, const PointSets& sets, int threads, float* largest,
                    std::uint32_t* which);

/// Overwrites `to` with the gradient by the network, and `input_gradient`, [sets, points, inputs], with that
/// by the inputs where it is not null, from the gradient by `largest`. A point that has no feature's maximum
/// adds nothing and costs nothing. The same at any number of threads.
void point_features_adjoint(const PointNetwork& network, const PointSets& sets, const float* gradient,
                            const std::uint32_t* which, int threads, const PointGradient& to,
                            float* input_gradient);

namespace plain {

/// Point by point, every sum in the order of the equations and in double precision.
void point_features(const PointNetwork& network, const PointSets& sets, int threads, float* largest,
                    std::uint32_t* which);
void point_features_adjoint(const PointNetwork& network, const PointSets& sets, const float* gradient,
                            const std::uint32_t* which, int threads, const PointGradient& to,
                            float* input_gradient);

} // namespace plain

/// Names of the kernels this machine can run, best first, then reference (the plain one). The active one is
/// what ROPEWALK_TARGET asks for where that can be had, else the best one. The command takes only names that
/// the differentiable machine has, too: `amx` is chosen by itself.
const std::vector<std::string>& point_targets();

/// Makes the functions above run the named kernel from now on and returns the name; `auto` is the best one.
/// An unknown name changes nothing and is an error that lists what there is.
base::Result<std::string> force_point_target(std::string_view name);

} // namespace ropewalk::perception
