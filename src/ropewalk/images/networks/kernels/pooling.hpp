// Pooling of 2 x 2 pixels and ReLU.
#pragma once

#include <cstdint>

namespace ropewalk::perception {

/// to[r, i] = relu of the largest of the pixels (2r, 2i), (2r, 2i + 1), (2r + 1, 2i) and (2r + 1, 2i + 1),
/// and from[r, i] which of the four it is, the first of equals, or 4 where none is positive. A first pixel
/// that is not a number stays so. `pixels` is [2 rows, 2 width], the others [rows, width].
void pool_rows(const float* pixels, std::int64_t rows, std::int64_t width, float* to, std::uint8_t* from);

/// The gradient by the pixels, [2 rows, 2 width], from that by the results.
void pool_rows_adjoint(const float* gradient, const std::uint8_t* from, std::int64_t rows, std::int64_t width,
                       float* to);

} // namespace ropewalk::perception
