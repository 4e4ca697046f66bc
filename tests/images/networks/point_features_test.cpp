// The fast kernels of point features against the plain ones, and those against finite differences.
#include <cmath>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/images/networks/kernels/point_features.hpp"

namespace ropewalk::perception {
namespace {

/// A network's numbers behind one another, or its gradient's.
struct Numbers {
    Numbers(std::size_t inputs, std::size_t features)
        : inputs(inputs), features(features), values(features * (inputs + 2 * features + 7)) {}

    template<class Pointer>
    PointLayers<Pointer> layers() {
        PointLayers<Pointer> layers;
        layers.inputs = inputs;
        layers.features = features;
        float* at = values.data();
        const auto take = [&](std::size_t count) {
            at += count;
            return at - count;
        };
        layers.weight1 = take(features * inputs), layers.bias1 = take(features);
        layers.scale1 = take(features), layers.shift1 = take(features);
        layers.weight2 = take(features * features), layers.bias2 = take(features);
        layers.scale2 = take(features), layers.shift2 = take(features);
        layers.weight3 = take(features * features), layers.bias3 = take(features);
        return layers;
    }

    std::size_t inputs, features;
    std::vector<float> values;
};

/// A random network on random sets, and what the features' gradient is.
struct Case {
    Case(std::size_t sets, std::size_t points, std::size_t inputs, std::size_t features)
        : sets(sets), points(points), network(inputs, features) {
        base::RandomStream random(1, base::Purpose::test);
        const auto fill = [&](std::vector<float>& values, double size) {
            for (float& value : values) value = static_cast<float>(size * random.normal());
        };
        fill(network.values, 1 / std::sqrt(static_cast<double>(features)));
        x.resize(sets * points * inputs);
        fill(x, 1);
        gradient.resize(sets * features);
        fill(gradient, 1);
        const PointGradient layers = network.layers<float*>();
        for (std::size_t f = 0; f < features; ++f) layers.scale1[f] += 1, layers.scale2[f] += 1;
    }

    PointSets point_sets() const { return {sets, points, x.data()}; }

    std::size_t sets, points;
    Numbers network;
    std::vector<float> x, gradient;
};

struct Result {
    std::vector<float> largest, by_network, by_inputs;
    std::vector<std::uint32_t> which;
};

/// `which`: the points that the adjoint takes for the largest; empty: those that were found.
Result result_of(Case& data, const std::string& target, int threads,
                 const std::vector<std::uint32_t>& which = {}) {
    EXPECT_TRUE(force_point_target(target));
    Result result;
    result.largest.resize(data.gradient.size());
    result.which.resize(data.gradient.size());
    result.by_inputs.assign(data.x.size(), 7);
    const PointNetwork network = data.network.layers<const float*>();
    Numbers by_network(network.inputs, network.features);
    point_features(network, data.point_sets(), threads, result.largest.data(), result.which.data());
    point_features_adjoint(network, data.point_sets(), data.gradient.data(),
                           which.empty() ? result.which.data() : which.data(), threads,
                           by_network.layers<float*>(), result.by_inputs.data());
    result.by_network = by_network.values;
    EXPECT_TRUE(force_point_target("auto"));
    return result;
}

double apart(const std::vector<float>& left, const std::vector<float>& right) {
    double largest = 0, size = 1;
    for (std::size_t i = 0; i < left.size(); ++i) {
        largest = std::max(largest, std::abs(static_cast<double>(left[i]) - right[i]));
        size = std::max(size, std::abs(static_cast<double>(right[i])));
    }
    return largest / size;
}

TEST(PointFeatures, EveryKernelGivesWhatThePlainOneGives) {
    for (const auto& [sets, points, inputs, features] :
         {std::array<std::size_t, 4>{7, 8, 4, 64}, {3, 50, 2, 128}, {1, 1, 1, 64}, {2, 200, 1, 64}}) {
        Case data(sets, points, inputs, features);
        const Result plain = result_of(data, "reference", 1);
        for (const std::string& target : point_targets()) {
            SCOPED_TRACE(target + ", points " + std::to_string(points));
            // The matrix unit multiplies pairs of bfloat16.
            const double error = target == "amx" ? 3e-5 : 1e-5;
            const Result found = result_of(data, target, 2, plain.which);
            // Points whose features are equal but for rounding may take each other's place.
            std::size_t others = 0;
            for (std::size_t i = 0; i < plain.which.size(); ++i) others += found.which[i] != plain.which[i];
            EXPECT_LE(others, plain.which.size() * (target == "amx" ? 5 : 1) / 100);
            EXPECT_LT(apart(found.largest, plain.largest), error);
            EXPECT_LT(apart(found.by_network, plain.by_network), error);
            EXPECT_LT(apart(found.by_inputs, plain.by_inputs), error);
        }
    }
}

TEST(PointFeatures, TheNumberOfThreadsChangesNothing) {
    Case data(90, 64, 2, 64);
    const Result one = result_of(data, "auto", 1), three = result_of(data, "auto", 3);
    EXPECT_EQ(one.largest, three.largest);
    EXPECT_EQ(one.by_network, three.by_network);
    EXPECT_EQ(one.by_inputs, three.by_inputs);
}

double weighted_sum(Case& data) {
    std::vector<float> largest(data.gradient.size());
    std::vector<std::uint32_t> which(data.gradient.size());
    plain::point_features(data.network.layers<const float*>(), data.point_sets(), 1, largest.data(),
                          which.data());
    double sum = 0;
    for (std::size_t i = 0; i < largest.size(); ++i)
        sum += static_cast<double>(largest[i]) * data.gradient[i];
    return sum;
}

TEST(PointFeatures, TheGradientIsThatOfTheFeatures) {
    Case data(2, 5, 3, 64);
    const Result plain = result_of(data, "reference", 1);
    base::RandomStream random(2, base::Purpose::test);
    std::size_t checked = 0, agreed = 0;
    const auto check = [&](std::vector<float>& values, const std::vector<float>& gradient, std::size_t i) {
        constexpr float step = 1e-3f;
        const float before = values[i];
        values[i] = before + step;
        const double above = weighted_sum(data);
        values[i] = before - step;
        const double below = weighted_sum(data);
        values[i] = before;
        const double slope = (above - below) / (2 * step);
        ++checked;
        agreed += std::abs(slope - gradient[i]) < 0.02 * (1 + std::abs(gradient[i]));
    };
    for (std::size_t i = 0; i < data.x.size(); ++i) check(data.x, plain.by_inputs, i);
    for (int i = 0; i < 100; ++i)
        check(data.network.values, plain.by_network, random.below64(data.network.values.size()));
    // The others have a corner of a ReLU or of a maximum within the step.
    EXPECT_GE(agreed, checked * 9 / 10);
}

} // namespace
} // namespace ropewalk::perception
