// Pooling with ReLU: which pixel wins, and where the gradient goes.
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/random.hpp"
#include "ropewalk/images/networks/kernels/pooling.hpp"

namespace ropewalk::perception {
namespace {

using testing::ElementsAre;

TEST(Pooling, TakesTheLargestOfFourWhereItIsPositive) {
    const std::vector<float> pixels{1, 2, -1, -2, 5, 5, //
                                    3, 0, -3, -4, 5, 1};
    std::vector<float> to(3);
    std::vector<std::uint8_t> from(3);
    pool_rows(pixels.data(), 1, 3, to.data(), from.data());
    EXPECT_THAT(to, ElementsAre(3, 0, 5));
    EXPECT_THAT(from, ElementsAre(2, 4, 0)); // the first of equals
}

TEST(Pooling, TheGradientGoesToThePixelThatWasTaken) {
    base::RandomStream random(1, base::Purpose::test);
    constexpr std::int64_t rows = 5, width = 7;
    std::vector<float> pixels(4 * rows * width), to(rows * width), gradient(rows * width);
    for (float& pixel : pixels) pixel = static_cast<float>(random.normal());
    for (float& value : gradient) value = static_cast<float>(random.normal());
    std::vector<std::uint8_t> from(rows * width);
    pool_rows(pixels.data(), rows, width, to.data(), from.data());
    std::vector<float> by_pixels(pixels.size(), 7);
    pool_rows_adjoint(gradient.data(), from.data(), rows, width, by_pixels.data());
    for (std::int64_t r = 0; r < 2 * rows; ++r)
        for (std::int64_t c = 0; c < 2 * width; ++c) {
            const auto pixel = static_cast<std::size_t>(r * 2 * width + c);
            const auto result = static_cast<std::size_t>(r / 2 * width + c / 2);
            const bool taken = pixels[pixel] > 0 && pixels[pixel] == to[result];
            EXPECT_EQ(by_pixels[pixel], taken ? gradient[result] : 0) << r << ", " << c;
        }
}

TEST(Pooling, WhatIsNotANumberStaysSo) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const std::vector<float> pixels(4, nan);
    float to = 0;
    std::uint8_t from = 0;
    pool_rows(pixels.data(), 1, 1, &to, &from);
    EXPECT_TRUE(std::isnan(to));
}

} // namespace
} // namespace ropewalk::perception
