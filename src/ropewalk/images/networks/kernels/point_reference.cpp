// The plain kernels of point features: what the fast ones are compared with.
#include <algorithm>
#include <cmath>

#include "ropewalk/images/networks/kernels/point_features.hpp"

namespace ropewalk::perception::plain {

namespace {

using Row = std::vector<double>;

/// weight [outputs, x.size()]
Row linear(const float* weight, const float* bias, std::size_t outputs, const Row& x) {
    Row result(outputs);
    for (std::size_t o = 0; o < outputs; ++o) {
        result[o] = bias[o];
        for (std::size_t i = 0; i < x.size(); ++i) result[o] += weight[o * x.size() + i] * x[i];
    }
    return result;
}

/// Adds to the gradients by weight and bias, and returns that by x.
Row linear_adjoint(const float* weight, const Row& x, const Row& gradient, Row& to_weight, Row& to_bias) {
    Row result(x.size());
    for (std::size_t o = 0; o < gradient.size(); ++o) {
        to_bias[o] += gradient[o];
        for (std::size_t i = 0; i < x.size(); ++i) {
            to_weight[o * x.size() + i] += gradient[o] * x[i];
            result[i] += gradient[o] * weight[o * x.size() + i];
        }
    }
    return result;
}

/// A hidden layer's values.
struct Hidden {
    Row normalised, active;
    double inverse = 0; ///< 1 / standard deviation
};

Hidden hidden(const float* scale, const float* shift, const Row& z) {
    double mean = 0, variance = 0;
    for (const double value : z) mean += value / static_cast<double>(z.size());
    for (const double value : z) variance += (value - mean) * (value - mean) / static_cast<double>(z.size());
    Hidden layer{z, Row(z.size()), 1 / std::sqrt(variance + 1e-5)};
    for (std::size_t f = 0; f < z.size(); ++f) {
        layer.normalised[f] = (z[f] - mean) * layer.inverse;
        layer.active[f] = std::max(0.0, scale[f] * layer.normalised[f] + shift[f]);
    }
    return layer;
}

/// The gradient by what was normalised.
Row hidden_adjoint(const float* scale, const Hidden& layer, Row gradient, Row& to_scale, Row& to_shift) {
    const auto count = static_cast<double>(gradient.size());
    double mean = 0, along = 0;
    for (std::size_t f = 0; f < gradient.size(); ++f) {
        if (!(layer.active[f] > 0)) gradient[f] = 0;
        to_scale[f] += gradient[f] * layer.normalised[f];
        to_shift[f] += gradient[f];
        gradient[f] *= scale[f];
        mean += gradient[f] / count;
        along += gradient[f] * layer.normalised[f] / count;
    }
    for (std::size_t f = 0; f < gradient.size(); ++f)
        gradient[f] = layer.inverse * (gradient[f] - mean - along * layer.normalised[f]);
    return gradient;
}

Row point(const PointNetwork& network, const PointSets& sets, std::size_t index) {
    const float* const x = sets.inputs + index * network.inputs;
    return Row(x, x + network.inputs);
}

struct Layers {
    Hidden first, second;
    Row output;
};

Layers layers(const PointNetwork& network, const Row& x) {
    Layers result;
    const std::size_t features = network.features;
    result.first =
        hidden(network.scale1, network.shift1, linear(network.weight1, network.bias1, features, x));
    result.second = hidden(network.scale2, network.shift2,
                           linear(network.weight2, network.bias2, features, result.first.active));
    result.output = linear(network.weight3, network.bias3, features, result.second.active);
    return result;
}

void store(const Row& row, float* to) {
    for (std::size_t i = 0; i < row.size(); ++i) to[i] = static_cast<float>(row[i]);
}

} // namespace

void point_features(const PointNetwork& network, const PointSets& sets, int, float* largest,
                    std::uint32_t* which) {
    const std::size_t features = network.features;
    for (std::size_t i = 0; i < sets.sets * sets.points; ++i) {
        const Row h = layers(network, point(network, sets, i)).output;
        const std::size_t at = i / sets.points * features;
        for (std::size_t f = 0; f < features; ++f) {
            const auto value = static_cast<float>(h[f]);
            if (i % sets.points != 0 && !(value > largest[at + f])) continue;
            largest[at + f] = value;
            which[at + f] = static_cast<std::uint32_t>(i % sets.points);
        }
    }
}

void point_features_adjoint(const PointNetwork& network, const PointSets& sets, const float* gradient,
                            const std::uint32_t* which, int, const PointGradient& to, float* input_gradient) {
    const std::size_t features = network.features;
    Row weight1(features * network.inputs), weight2(features * features), weight3 = weight2;
    Row bias1(features), scale1 = bias1, shift1 = bias1, bias2 = bias1, scale2 = bias1, shift2 = bias1,
                         bias3 = bias1;
    for (std::size_t i = 0; i < sets.sets * sets.points; ++i) {
        const Row x = point(network, sets, i);
        const Layers values = layers(network, x);
        Row g(features);
        const std::size_t at = i / sets.points * features;
        for (std::size_t f = 0; f < features; ++f)
            if (which[at + f] == i % sets.points) g[f] = gradient[at + f];
        g = linear_adjoint(network.weight3, values.second.active, g, weight3, bias3);
        g = hidden_adjoint(network.scale2, values.second, g, scale2, shift2);
        g = linear_adjoint(network.weight2, values.first.active, g, weight2, bias2);
        g = hidden_adjoint(network.scale1, values.first, g, scale1, shift1);
        g = linear_adjoint(network.weight1, x, g, weight1, bias1);
        if (input_gradient != nullptr) store(g, input_gradient + i * network.inputs);
    }
    store(weight1, to.weight1), store(bias1, to.bias1), store(scale1, to.scale1), store(shift1, to.shift1);
    store(weight2, to.weight2), store(bias2, to.bias2), store(scale2, to.scale2), store(shift2, to.shift2);
    store(weight3, to.weight3), store(bias3, to.bias3);
}

} // namespace ropewalk::perception::plain
