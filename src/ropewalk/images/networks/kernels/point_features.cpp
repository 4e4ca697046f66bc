#include "ropewalk/images/networks/kernels/point_features.hpp"

#include <algorithm>
#include <array>
#include <atomic>

#include "ropewalk/images/networks/kernels/point_work.hpp"

namespace ropewalk::perception {

namespace {

/// The plain kernels are the entry without functions.
const std::vector<PointKernels>& choices() {
    static const std::vector<PointKernels> all = [] {
        std::vector<PointKernels> list = point_kernels();
        list.push_back({"reference", nullptr, nullptr, nullptr});
        return list;
    }();
    return all;
}

std::atomic<const PointKernels*>& active_choice() {
    static std::atomic<const PointKernels*> active =
        &choices()[base::target_from_environment(point_targets()).value_or(std::size_t{0})];
    return active;
}

std::vector<float> transposed(const float* matrix, std::size_t rows, std::size_t columns) {
    std::vector<float> result(rows * columns);
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < columns; ++j) result[j * rows + i] = matrix[i * columns + j];
    return result;
}

/// What both directions need.
PackedPoints packed_points(const PointNetwork& network, const MatrixProducts& products) {
    return {.network = network,
            .products = &products,
            .inputs = transposed(network.weight1, network.features, network.inputs),
            .second = products.pack(network.weight2, network.features, 1, network.features),
            .third = {},
            .second_backward = {}};
}

/// Blocks of sets; how many there are depends on the work alone, and so do all sums.
std::vector<PointRange> blocks_of(const PointSets& sets) {
    constexpr std::size_t points_per_block = 2048, most_blocks = 64;
    const std::size_t count = std::clamp(sets.sets * sets.points / points_per_block, std::size_t{1},
                                         std::min(most_blocks, sets.sets));
    std::vector<PointRange> blocks;
    for (std::size_t i = 0; i < count; ++i)
        blocks.push_back({sets.sets * i / count, sets.sets * (i + 1) / count});
    return blocks;
}

/// The parts of a gradient with their sizes, in the order of the struct.
std::array<std::pair<float*, std::size_t>, 10> parts(const PointGradient& gradient) {
    const std::size_t f = gradient.features;
    return {{{gradient.weight1, f * gradient.inputs},
             {gradient.bias1, f},
             {gradient.scale1, f},
             {gradient.shift1, f},
             {gradient.weight2, f * f},
             {gradient.bias2, f},
             {gradient.scale2, f},
             {gradient.shift2, f},
             {gradient.weight3, f * f},
             {gradient.bias3, f}}};
}

std::size_t gradient_size(std::size_t inputs, std::size_t features) {
    return features * (inputs + 2 * features + 7);
}

/// A gradient whose parts lie behind one another.
PointGradient gradient_in(float* memory, std::size_t inputs, std::size_t features) {
    PointGradient gradient;
    gradient.inputs = inputs;
    gradient.features = features;
    for (float** part :
         {&gradient.weight1, &gradient.bias1, &gradient.scale1, &gradient.shift1, &gradient.weight2,
          &gradient.bias2, &gradient.scale2, &gradient.shift2, &gradient.weight3, &gradient.bias3}) {
        *part = memory;
        const bool is_matrix = part == &gradient.weight2 || part == &gradient.weight3;
        memory += features * (part == &gradient.weight1 ? inputs : is_matrix ? features : 1);
    }
    return gradient;
}

/// The first of several gradients in `memory` becomes their sum and goes to `to`, its first weight
/// transposed back.
void sum_up(std::vector<float>& memory, std::size_t count, const PointGradient& to) {
    const std::size_t size = gradient_size(to.inputs, to.features);
    for (std::size_t block = 1; block < count; ++block)
        for (std::size_t i = 0; i < size; ++i) memory[i] += memory[block * size + i];
    const PointGradient sum = gradient_in(memory.data(), to.inputs, to.features);
    const auto from = parts(sum), target = parts(to);
    for (std::size_t part = 0; part < from.size(); ++part)
        std::copy_n(from[part].first, from[part].second, target[part].first);
    const std::vector<float> weight1 = transposed(sum.weight1, to.inputs, to.features);
    std::copy(weight1.begin(), weight1.end(), to.weight1);
}

bool fits(const PointNetwork& network, const PointSets& sets) {
    return sets.points >= 1 && network.features % point_feature_step == 0;
}

} // namespace

const std::vector<std::string>& point_targets() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> list;
        for (const PointKernels& choice : choices()) list.push_back(choice.name);
        return list;
    }();
    return names;
}

base::Result<std::string> force_point_target(std::string_view name) {
    const auto index = base::find_target("target", name, point_targets());
    if (!index) return tl::make_unexpected(index.error());
    active_choice().store(&choices()[*index]);
    return choices()[*index].name;
}

void point_features(const PointNetwork& network, const PointSets& sets, int threads, float* largest,
                    std::uint32_t* which) {
    base::expects(fits(network, sets));
    const PointKernels& kernels = *active_choice().load();
    if (kernels.forward == nullptr) return plain::point_features(network, sets, threads, largest, which);
    PackedPoints packed = packed_points(network, *kernels.products);
    packed.third = kernels.products->pack(network.weight3, network.features, 1, network.features);
    const std::vector<PointRange> blocks = blocks_of(sets);
    base::parallel_for(blocks.size(), threads,
                       [&](std::size_t i) { kernels.forward(packed, sets, blocks[i], largest, which); });
}

void point_features_adjoint(const PointNetwork& network, const PointSets& sets, const float* gradient,
                            const std::uint32_t* which, int threads, const PointGradient& to,
                            float* input_gradient) {
    base::expects(fits(network, sets));
    const PointKernels& kernels = *active_choice().load();
    if (kernels.adjoint == nullptr)
        return plain::point_features_adjoint(network, sets, gradient, which, threads, to, input_gradient);
    PackedPoints weights = packed_points(network, *kernels.products);
    weights.second_backward = kernels.products->pack(network.weight2, network.features, network.features, 1);
    const std::vector<PointRange> blocks = blocks_of(sets);
    const std::size_t size = gradient_size(network.inputs, network.features);
    thread_local std::vector<float> memory; // kept, since pages that are new to the process are slow
    memory.assign(blocks.size() * size, 0.0f);
    float* const start = memory.data();
    if (input_gradient != nullptr)
        std::fill_n(input_gradient, sets.sets * sets.points * network.inputs, 0.0f);
    base::parallel_for(blocks.size(), threads, [&](std::size_t i) {
        kernels.adjoint(weights, sets, blocks[i],
                        {gradient, which, gradient_in(start + i * size, network.inputs, network.features),
                         input_gradient});
    });
    sum_up(memory, blocks.size(), to);
}

} // namespace ropewalk::perception
