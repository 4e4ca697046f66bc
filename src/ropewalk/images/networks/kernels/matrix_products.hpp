// The two matrix products of point features. Each set of kernels brings its own, with the form in which it
// wants a matrix that many tiles of points are multiplied by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ropewalk::perception {

/// A row of a matrix unit's tile: 16 pairs of bfloat16.
struct alignas(64) TileRow {
    std::uint32_t pairs[16];
};

/// A square matrix as one set of products reads it; the other member is empty.
struct PackedMatrix {
    std::vector<float> panels;
    std::vector<TileRow> tiles;
};

/// `features` is a multiple of `point_feature_step`. Rows of a, c, left and right lie `width` numbers apart;
/// c overlaps none of the others.
struct MatrixProducts {
    /// The matrix whose element (k, f) is matrix[k * row + f * column], k and f below `features`.
    PackedMatrix (*pack)(const float* matrix, std::size_t features, std::size_t row,
                         std::size_t column) = nullptr;
    /// c [rows, features] = bias + a [rows, features] times the matrix; `bias` may be null: zero.
    void (*multiply)(std::size_t rows, std::size_t features, const float* a, std::size_t width,
                     const PackedMatrix& matrix, const float* bias, float* c) = nullptr;
    /// c [features, features], without gaps, += left^T right, both [rows, features].
    void (*add_outer)(std::size_t rows, std::size_t features, const float* left, const float* right,
                      std::size_t width, float* c) = nullptr;
};

/// For every Highway target that this machine can run, best first: single precision in vectors.
std::vector<MatrixProducts> lane_products();

/// On the matrix unit of Intel processors (AMX), null where there is none or the system does not lend it.
/// A number is taken as the sum of two of bfloat16, and three of the four products of such pairs are added up
/// in single precision: the error of a product is at most 2^-15 of its size. Denormal numbers count as 0, and
/// infinite ones, or those above the largest bfloat16, give NaN.
const MatrixProducts* tile_products();

} // namespace ropewalk::perception
