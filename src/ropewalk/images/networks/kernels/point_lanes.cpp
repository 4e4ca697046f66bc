// The fast kernels of point features. Tiles of points go through all layers while they are in the cache.
#include "ropewalk/base/vector_targets.hpp"
#include "ropewalk/images/networks/kernels/point_work.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ropewalk/images/networks/kernels/point_lanes.cpp"
#include <hwy/foreach_target.h>

#include <algorithm>
#include <cmath>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ropewalk::perception::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, 16>;
using V = hn::Vec<D>;

constexpr std::size_t lanes = hn::MaxLanes(D());

/// x + the weighted inputs of a point
HWY_INLINE void first_layer(const PackedPoints& packed, const float* x, float* z) {
    const D d;
    const std::size_t features = packed.network.features, inputs = packed.network.inputs;
    for (std::size_t f = 0; f < features; f += lanes) {
        V sum = hn::LoadU(d, packed.network.bias1 + f);
        for (std::size_t i = 0; i < inputs; ++i)
            sum = hn::MulAdd(hn::Set(d, x[i]), hn::LoadU(d, packed.inputs.data() + i * features + f), sum);
        hn::StoreU(sum, d, z + f);
    }
}

/// z becomes normalised in place, a = relu(scale z + shift); returns 1 / standard deviation.
HWY_INLINE float normalise(std::size_t features, const float* scale, const float* shift, float* z, float* a) {
    const D d;
    const float share = 1 / static_cast<float>(features);
    V sum = hn::Zero(d);
    for (std::size_t f = 0; f < features; f += lanes) sum = hn::Add(sum, hn::LoadU(d, z + f));
    const V mean = hn::Set(d, hn::GetLane(hn::SumOfLanes(d, sum)) * share);
    V squares = hn::Zero(d);
    for (std::size_t f = 0; f < features; f += lanes) {
        const V apart = hn::Sub(hn::LoadU(d, z + f), mean);
        squares = hn::MulAdd(apart, apart, squares);
    }
    const float inverse = 1 / std::sqrt(hn::GetLane(hn::SumOfLanes(d, squares)) * share + 1e-5f);
    const V by = hn::Set(d, inverse), zero = hn::Zero(d);
    for (std::size_t f = 0; f < features; f += lanes) {
        const V x = hn::Mul(hn::Sub(hn::LoadU(d, z + f), mean), by);
        hn::StoreU(x, d, z + f);
        hn::StoreU(hn::Max(zero, hn::MulAdd(x, hn::LoadU(d, scale + f), hn::LoadU(d, shift + f))), d, a + f);
    }
    return inverse;
}

/// From the gradient by a = relu(scale x + shift) to that by what x was normalised from, in place; adds to
/// those by scale, shift and bias.
HWY_INLINE void normalise_adjoint(std::size_t features, const float* scale, const float* x, const float* a,
                                  float inverse, float* gradient, float* to_scale, float* to_shift,
                                  float* to_bias) {
    const D d;
    const V zero = hn::Zero(d);
    V sum = zero, product = zero;
    for (std::size_t f = 0; f < features; f += lanes) {
        const V g = hn::IfThenElseZero(hn::Gt(hn::LoadU(d, a + f), zero), hn::LoadU(d, gradient + f));
        const V value = hn::LoadU(d, x + f), scaled = hn::Mul(g, hn::LoadU(d, scale + f));
        hn::StoreU(hn::MulAdd(g, value, hn::LoadU(d, to_scale + f)), d, to_scale + f);
        hn::StoreU(hn::Add(g, hn::LoadU(d, to_shift + f)), d, to_shift + f);
        hn::StoreU(scaled, d, gradient + f);
        sum = hn::Add(sum, scaled);
        product = hn::MulAdd(scaled, value, product);
    }
    const V share = hn::Set(d, 1 / static_cast<float>(features)), by = hn::Set(d, inverse);
    const V mean = hn::Mul(hn::SumOfLanes(d, sum), share);
    const V along = hn::Mul(hn::SumOfLanes(d, product), share);
    for (std::size_t f = 0; f < features; f += lanes) {
        const V rest = hn::Sub(hn::LoadU(d, gradient + f), mean);
        const V result = hn::Mul(by, hn::NegMulAdd(along, hn::LoadU(d, x + f), rest));
        hn::StoreU(result, d, gradient + f);
        hn::StoreU(hn::Add(result, hn::LoadU(d, to_bias + f)), d, to_bias + f);
    }
}

/// Takes a point's features into the largest of its set.
HWY_INLINE void keep_largest(std::size_t features, const float* h, std::size_t point, float* largest,
                             std::uint32_t* which) {
    const D d;
    const hn::RebindToUnsigned<D> du;
    if (point == 0) {
        std::copy_n(h, features, largest);
        std::fill_n(which, features, 0u);
        return;
    }
    const auto number = hn::Set(du, static_cast<std::uint32_t>(point));
    for (std::size_t f = 0; f < features; f += lanes) {
        const V value = hn::LoadU(d, h + f), before = hn::LoadU(d, largest + f);
        const auto larger = hn::Gt(value, before);
        hn::StoreU(hn::IfThenElse(larger, value, before), d, largest + f);
        hn::StoreU(hn::IfThenElse(hn::RebindMask(du, larger), number, hn::LoadU(du, which + f)), du,
                   which + f);
    }
}

/// Rows of a tile lie a little more than a power of two apart, so that they do not share cache sets.
inline std::size_t row_width(std::size_t features) { return features + 16; }

inline constexpr std::size_t forward_rows = 96, adjoint_rows = 72;

void forward(const PackedPoints& packed, const PointSets& sets, PointRange range, float* largest,
             std::uint32_t* which) {
    const PointNetwork& network = packed.network;
    const std::size_t features = network.features, width = row_width(features);
    thread_local std::vector<float> a, z;
    a.resize(forward_rows * width);
    z.resize(forward_rows * width);
    for (std::size_t begin = range.begin * sets.points; begin < range.end * sets.points;
         begin += forward_rows) {
        const std::size_t rows = std::min(forward_rows, range.end * sets.points - begin);
        for (std::size_t r = 0; r < rows; ++r) {
            first_layer(packed, sets.inputs + (begin + r) * network.inputs, &z[r * width]);
            normalise(features, network.scale1, network.shift1, &z[r * width], &a[r * width]);
        }
        packed.products->multiply(rows, features, a.data(), width, packed.second, network.bias2, z.data());
        for (std::size_t r = 0; r < rows; ++r)
            normalise(features, network.scale2, network.shift2, &z[r * width], &a[r * width]);
        packed.products->multiply(rows, features, a.data(), width, packed.third, network.bias3, z.data());
        for (std::size_t r = 0; r < rows; ++r) {
            const std::size_t set = (begin + r) / sets.points;
            keep_largest(features, &z[r * width], (begin + r) % sets.points, largest + set * features,
                         which + set * features);
        }
    }
}

/// Points that have a maximum, gathered until they fill a tile and sent backwards together.
class AdjointTile {
public:
    void run(const PackedPoints& packed, const PointSets& sets, PointRange range,
             const PointAdjoint& adjoint) {
        features_ = packed.network.features;
        width_ = row_width(features_);
        row_of_point_.assign(sets.points, none);
        clear();
        for (std::size_t set = range.begin; set < range.end; ++set) {
            gather(sets, set, adjoint.which + set * features_);
            if (points_.size() < adjoint_rows && set + 1 < range.end) continue;
            process(packed, sets, adjoint);
            clear();
        }
    }

private:
    static constexpr std::uint32_t none = 0xffffffff;

    void clear() {
        points_.clear();
        sets_.clear();
        rows_of_features_.clear();
    }

    void gather(const PointSets& sets, std::size_t set, const std::uint32_t* which) {
        const std::size_t first = points_.size();
        for (std::size_t f = 0; f < features_; ++f) {
            std::uint32_t& row = row_of_point_[which[f]];
            if (row == none) {
                row = static_cast<std::uint32_t>(points_.size());
                points_.push_back(set * sets.points + which[f]);
            }
            rows_of_features_.push_back(row);
        }
        for (std::size_t r = first; r < points_.size(); ++r)
            row_of_point_[points_[r] - set * sets.points] = none;
        sets_.push_back(set);
    }

    void process(const PackedPoints& packed, const PointSets& sets, const PointAdjoint& adjoint) {
        const PointNetwork& network = packed.network;
        const std::size_t rows = points_.size();
        for (auto* each : {&x1_, &a1_, &x2_, &a2_, &gradient_, &next_})
            if (each->size() < rows * width_) each->resize(rows * width_);
        inverse1_.resize(rows), inverse2_.resize(rows);
        for (std::size_t r = 0; r < rows; ++r) {
            first_layer(packed, sets.inputs + points_[r] * network.inputs, row(x1_, r));
            inverse1_[r] = normalise(features_, network.scale1, network.shift1, row(x1_, r), row(a1_, r));
        }
        packed.products->multiply(rows, features_, a1_.data(), width_, packed.second, network.bias2,
                                  x2_.data());
        for (std::size_t r = 0; r < rows; ++r)
            inverse2_[r] = normalise(features_, network.scale2, network.shift2, row(x2_, r), row(a2_, r));

        third_layer(network, adjoint);
        const PointGradient& to = adjoint.to;
        for (std::size_t r = 0; r < rows; ++r)
            normalise_adjoint(features_, network.scale2, row(x2_, r), row(a2_, r), inverse2_[r],
                              row(gradient_, r), to.scale2, to.shift2, to.bias2);
        packed.products->add_outer(rows, features_, gradient_.data(), a1_.data(), width_, to.weight2);
        packed.products->multiply(rows, features_, gradient_.data(), width_, packed.second_backward, nullptr,
                                  next_.data());
        for (std::size_t r = 0; r < rows; ++r) {
            normalise_adjoint(features_, network.scale1, row(x1_, r), row(a1_, r), inverse1_[r],
                              row(next_, r), to.scale1, to.shift1, to.bias1);
            inputs(packed, sets, adjoint, r);
        }
    }

    /// A feature's gradient goes to one point only. A piece of its weights stays in registers for all sets.
    void third_layer(const PointNetwork& network, const PointAdjoint& adjoint) {
        std::fill_n(gradient_.data(), points_.size() * width_, 0.0f);
        for (std::size_t f = 0; f < features_; ++f) {
            for (std::size_t s = 0; s < sets_.size(); ++s)
                adjoint.to.bias3[f] += adjoint.gradient[sets_[s] * features_ + f];
            for (std::size_t k = 0; k < features_; k += 4 * lanes)
                third_layer_piece(adjoint, f, k, network.weight3 + f * features_ + k,
                                  adjoint.to.weight3 + f * features_ + k);
        }
    }

    HWY_INLINE void third_layer_piece(const PointAdjoint& adjoint, std::size_t f, std::size_t k,
                                      const float* weight, float* to_weight) {
        const D d;
        const V w0 = hn::LoadU(d, weight), w1 = hn::LoadU(d, weight + lanes),
                w2 = hn::LoadU(d, weight + 2 * lanes), w3 = hn::LoadU(d, weight + 3 * lanes);
        V t0 = hn::LoadU(d, to_weight), t1 = hn::LoadU(d, to_weight + lanes),
          t2 = hn::LoadU(d, to_weight + 2 * lanes), t3 = hn::LoadU(d, to_weight + 3 * lanes);
        for (std::size_t s = 0; s < sets_.size(); ++s) {
            const V g = hn::Set(d, adjoint.gradient[sets_[s] * features_ + f]);
            const std::size_t r = rows_of_features_[s * features_ + f];
            float* const to = row(gradient_, r) + k;
            const float* const a = row(a2_, r) + k;
            t0 = hn::MulAdd(g, hn::LoadU(d, a), t0);
            t1 = hn::MulAdd(g, hn::LoadU(d, a + lanes), t1);
            t2 = hn::MulAdd(g, hn::LoadU(d, a + 2 * lanes), t2);
            t3 = hn::MulAdd(g, hn::LoadU(d, a + 3 * lanes), t3);
            hn::StoreU(hn::MulAdd(g, w0, hn::LoadU(d, to)), d, to);
            hn::StoreU(hn::MulAdd(g, w1, hn::LoadU(d, to + lanes)), d, to + lanes);
            hn::StoreU(hn::MulAdd(g, w2, hn::LoadU(d, to + 2 * lanes)), d, to + 2 * lanes);
            hn::StoreU(hn::MulAdd(g, w3, hn::LoadU(d, to + 3 * lanes)), d, to + 3 * lanes);
        }
        hn::StoreU(t0, d, to_weight), hn::StoreU(t1, d, to_weight + lanes);
        hn::StoreU(t2, d, to_weight + 2 * lanes), hn::StoreU(t3, d, to_weight + 3 * lanes);
    }

    void inputs(const PackedPoints& packed, const PointSets& sets, const PointAdjoint& adjoint,
                std::size_t r) {
        const D d;
        const std::size_t count = packed.network.inputs;
        const float *const x = sets.inputs + points_[r] * count, *const g = row(next_, r);
        for (std::size_t i = 0; i < count; ++i) {
            const V by = hn::Set(d, x[i]);
            const float* const weight = packed.inputs.data() + i * features_;
            float* const to = adjoint.to.weight1 + i * features_;
            V sum = hn::Zero(d);
            for (std::size_t f = 0; f < features_; f += lanes) {
                const V value = hn::LoadU(d, g + f);
                hn::StoreU(hn::MulAdd(by, value, hn::LoadU(d, to + f)), d, to + f);
                sum = hn::MulAdd(value, hn::LoadU(d, weight + f), sum);
            }
            if (adjoint.input_gradient != nullptr)
                adjoint.input_gradient[points_[r] * count + i] = hn::GetLane(hn::SumOfLanes(d, sum));
        }
    }

    float* row(std::vector<float>& tile, std::size_t r) const { return tile.data() + r * width_; }

    std::size_t features_ = 0, width_ = 0;
    std::vector<std::size_t> points_;                        ///< of all sets, by row of the tile
    std::vector<std::size_t> sets_;                          ///< of the tile
    std::vector<std::uint32_t> rows_of_features_;            ///< [sets of the tile, features]
    std::vector<std::uint32_t> row_of_point_;                ///< of the set that is gathered
    std::vector<float> x1_, a1_, x2_, a2_, gradient_, next_; ///< [rows, width]
    std::vector<float> inverse1_, inverse2_;
};

void adjoint(const PackedPoints& packed, const PointSets& sets, PointRange range,
             const PointAdjoint& adjoint) {
    thread_local AdjointTile tile; // keeps its memory between calls
    tile.run(packed, sets, range, adjoint);
}

PointKernels describe_points() { return {"", nullptr, &forward, &adjoint}; }

} // namespace ropewalk::perception::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ropewalk::perception {

HWY_EXPORT(describe_points);

std::vector<PointKernels> point_kernels() {
    static const std::vector<MatrixProducts> products = lane_products();
    std::vector<PointKernels> found;
    for (const std::int64_t target : base::usable_targets()) {
        found.push_back(HWY_DISPATCH_TABLE(describe_points)[base::table_index(target)]());
        found.back().name = base::target_name(target);
        found.back().products = &products[found.size() - 1];
    }
    if (tile_products() != nullptr) {
        found.insert(found.begin(), found.front());
        found.front().name = "amx";
        found.front().products = tile_products();
    }
    return found;
}

} // namespace ropewalk::perception
#endif
