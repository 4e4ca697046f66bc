#include "ropewalk/images/networks/kernels/pooling.hpp"

namespace ropewalk::perception {

void pool_rows(const float* pixels, std::int64_t rows, std::int64_t width, float* to, std::uint8_t* from) {
    for (std::int64_t row = 0; row < rows; ++row, pixels += 4 * width, to += width, from += width) {
        const float *const upper = pixels, *const lower = pixels + 2 * width;
        // No branches, since which pixel is the largest cannot be foreseen.
        for (std::int64_t i = 0; i < width; ++i) {
            const float a = upper[2 * i], b = upper[2 * i + 1], c = lower[2 * i], d = lower[2 * i + 1];
            const bool second = b > a, fourth = d > c;
            const float top = second ? b : a, bottom = fourth ? d : c;
            const bool below = bottom > top;
            const float largest = below ? bottom : top;
            to[i] = largest < 0 ? 0 : largest;
            const int place = below ? 2 + fourth : static_cast<int>(second);
            from[i] = static_cast<std::uint8_t>(largest > 0 ? place : 4);
        }
    }
}

void pool_rows_adjoint(const float* gradient, const std::uint8_t* from, std::int64_t rows, std::int64_t width,
                       float* to) {
    for (std::int64_t row = 0; row < rows; ++row, gradient += width, from += width, to += 4 * width) {
        float *const upper = to, *const lower = to + 2 * width;
        for (std::int64_t i = 0; i < width; ++i) {
            const float value = gradient[i];
            const std::uint8_t place = from[i];
            upper[2 * i] = place == 0 ? value : 0;
            upper[2 * i + 1] = place == 1 ? value : 0;
            lower[2 * i] = place == 2 ? value : 0;
            lower[2 * i + 1] = place == 3 ? value : 0;
        }
    }
}

} // namespace ropewalk::perception
