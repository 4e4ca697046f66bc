// Matrix products in vectors: a block of results stays in registers.
#include "ropewalk/base/vector_targets.hpp"
#include "ropewalk/images/networks/kernels/matrix_products.hpp"
#include "ropewalk/images/networks/kernels/point_features.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ropewalk/images/networks/kernels/lane_products.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ropewalk::perception::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, 16>;
using V = hn::Vec<D>;

constexpr std::size_t lanes = hn::MaxLanes(D());
/// Results in registers: 6 rows of 4 vectors where there are 32 registers, else of 2.
inline constexpr std::size_t block_rows = 6, block_vectors = lanes == 16 ? 4 : 2;
inline constexpr std::size_t block_columns = block_vectors * lanes;
inline constexpr std::size_t panel = point_feature_step;
static_assert(panel % block_columns == 0);

/// a[i * row + k * column]
struct Left {
    const float* a;
    std::size_t row, column;
};

/// c = start + a b for `rows` rows and one block of columns.
template<std::size_t rows, class Start>
HWY_INLINE void product_block(std::size_t depth, Left left, const float* b, std::size_t b_row, float* c,
                              std::size_t c_row, const Start& start) {
    const D d;
    V sums[rows][block_vectors];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < rows; ++i)
#pragma GCC unroll 8
        for (std::size_t v = 0; v < block_vectors; ++v) sums[i][v] = start(c + i * c_row, v * lanes);
    const float* a = left.a;
    for (std::size_t k = 0; k < depth; ++k, a += left.column, b += b_row) {
        V columns[block_vectors];
#pragma GCC unroll 8
        for (std::size_t v = 0; v < block_vectors; ++v) columns[v] = hn::LoadU(d, b + v * lanes);
#pragma GCC unroll 8
        for (std::size_t i = 0; i < rows; ++i) {
            const V by = hn::Set(d, a[i * left.row]);
#pragma GCC unroll 8
            for (std::size_t v = 0; v < block_vectors; ++v)
                sums[i][v] = hn::MulAdd(by, columns[v], sums[i][v]);
        }
    }
#pragma GCC unroll 8
    for (std::size_t i = 0; i < rows; ++i)
#pragma GCC unroll 8
        for (std::size_t v = 0; v < block_vectors; ++v) hn::StoreU(sums[i][v], d, c + i * c_row + v * lanes);
}

/// The same for any number of rows.
template<class Start>
HWY_INLINE void product_rows(std::size_t rows, std::size_t depth, Left left, const float* b,
                             std::size_t b_row, float* c, std::size_t c_row, const Start& start) {
    std::size_t i = 0;
    const auto at = [&](std::size_t row) HWY_ATTR {
        return Left{left.a + row * left.row, left.row, left.column};
    };
    for (; i + block_rows <= rows; i += block_rows)
        product_block<block_rows>(depth, at(i), b, b_row, c + i * c_row, c_row, start);
    for (; i + 4 <= rows; i += 4) product_block<4>(depth, at(i), b, b_row, c + i * c_row, c_row, start);
    for (; i + 2 <= rows; i += 2) product_block<2>(depth, at(i), b, b_row, c + i * c_row, c_row, start);
    for (; i < rows; ++i) product_block<1>(depth, at(i), b, b_row, c + i * c_row, c_row, start);
}

/// Panels of `panel` columns, a panel's rows behind one another.
PackedMatrix pack(const float* matrix, std::size_t features, std::size_t row, std::size_t column) {
    PackedMatrix packed;
    packed.panels.resize(features * features);
    float* to = packed.panels.data();
    for (std::size_t begin = 0; begin < features; begin += panel)
        for (std::size_t k = 0; k < features; ++k)
            for (std::size_t f = begin; f < begin + panel; ++f) *to++ = matrix[k * row + f * column];
    return packed;
}

void multiply(std::size_t rows, std::size_t features, const float* a, std::size_t width,
              const PackedMatrix& matrix, const float* bias, float* c) {
    const D d;
    for (std::size_t f = 0; f < features; f += block_columns) {
        const float* const b = matrix.panels.data() + f / panel * panel * features + f % panel;
        if (bias != nullptr)
            product_rows(rows, features, {a, width, 1}, b, panel, c + f, width,
                         [&](const float*, std::size_t v) HWY_ATTR { return hn::LoadU(d, bias + f + v); });
        else
            product_rows(rows, features, {a, width, 1}, b, panel, c + f, width,
                         [&](const float*, std::size_t) HWY_ATTR { return hn::Zero(d); });
    }
}

void add_outer(std::size_t rows, std::size_t features, const float* left, const float* right,
               std::size_t width, float* c) {
    const D d;
    for (std::size_t f = 0; f < features; f += block_columns)
        product_rows(features, rows, {left, 1, width}, right + f, width, c + f, features,
                     [&](const float* to, std::size_t v) HWY_ATTR { return hn::LoadU(d, to + v); });
}

MatrixProducts describe_products() { return {&pack, &multiply, &add_outer}; }

} // namespace ropewalk::perception::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ropewalk::perception {

HWY_EXPORT(describe_products);

std::vector<MatrixProducts> lane_products() {
    std::vector<MatrixProducts> found;
    for (const std::int64_t target : base::usable_targets())
        found.push_back(HWY_DISPATCH_TABLE(describe_products)[base::table_index(target)]());
    return found;
}

} // namespace ropewalk::perception
#endif
