// The matrix products of every set of kernels against sums in double precision.
#include <cmath>

#include <gtest/gtest.h>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/random.hpp"
#include "ropewalk/images/networks/kernels/matrix_products.hpp"

namespace ropewalk::perception {
namespace {

struct Products {
    std::string name;
    MatrixProducts products;
    double error; ///< of a sum, relative to the root of the sum of its products' squares
};

std::vector<Products> all_products() {
    std::vector<Products> all;
    for (const MatrixProducts& each : lane_products())
        all.push_back({"lanes, set " + std::to_string(all.size()), each, 4e-6});
    if (tile_products() != nullptr) all.push_back({"tiles", *tile_products(), 3e-5});
    return all;
}

std::vector<float> random_numbers(std::size_t count, std::uint64_t index) {
    base::RandomStream random(3, base::Purpose::test, index);
    std::vector<float> numbers(count);
    for (float& number : numbers) number = static_cast<float>(random.normal());
    return numbers;
}

/// A sum and the size of its error's unit.
struct Sum {
    double value = 0, squares = 0;
    void add(double left, double right) {
        value += left * right;
        squares += left * left * right * right;
    }
};

constexpr float untouched = 123;

struct Shape {
    std::size_t rows, features, width;
};

class MatrixProductsOfShape : public testing::TestWithParam<Shape> {};

TEST_P(MatrixProductsOfShape, RowsTimesAPackedMatrixAreSumsOfProducts) {
    const auto [rows, features, width] = GetParam();
    const std::vector<float> a = random_numbers(rows * width, 0), bias = random_numbers(features, 1),
                             matrix = random_numbers(features * features, 2);
    for (const Products& each : all_products())
        for (const bool is_transposed : {false, true})
            for (const bool has_bias : {false, true}) {
                SCOPED_TRACE(each.name);
                const std::size_t row = is_transposed ? 1 : features, column = is_transposed ? features : 1;
                const PackedMatrix packed = each.products.pack(matrix.data(), features, row, column);
                std::vector<float> c(rows * width, untouched);
                each.products.multiply(rows, features, a.data(), width, packed,
                                       has_bias ? bias.data() : nullptr, c.data());
                for (std::size_t r = 0; r < rows; ++r) {
                    for (std::size_t f = 0; f < features; ++f) {
                        Sum sum;
                        if (has_bias) sum.add(bias[f], 1);
                        for (std::size_t k = 0; k < features; ++k)
                            sum.add(a[r * width + k], matrix[k * row + f * column]);
                        ASSERT_NEAR(c[r * width + f], sum.value, each.error * std::sqrt(sum.squares))
                            << "row " << r << ", feature " << f;
                    }
                    for (std::size_t f = features; f < width; ++f) ASSERT_EQ(c[r * width + f], untouched);
                }
            }
}

TEST_P(MatrixProductsOfShape, OuterProductsAreAddedToWhatIsThere) {
    const auto [rows, features, width] = GetParam();
    const std::vector<float> left = random_numbers(rows * width, 4), right = random_numbers(rows * width, 5),
                             before = random_numbers(features * features, 6);
    for (const Products& each : all_products()) {
        SCOPED_TRACE(each.name);
        std::vector<float> c = before;
        each.products.add_outer(rows, features, left.data(), right.data(), width, c.data());
        for (std::size_t i = 0; i < features; ++i)
            for (std::size_t j = 0; j < features; ++j) {
                Sum sum;
                sum.add(before[i * features + j], 1);
                for (std::size_t r = 0; r < rows; ++r) sum.add(left[r * width + i], right[r * width + j]);
                ASSERT_NEAR(c[i * features + j], sum.value, each.error * std::sqrt(sum.squares))
                    << "row " << i << ", column " << j;
            }
    }
}

std::string name_of(const testing::TestParamInfo<Shape>& shape) {
    return std::to_string(shape.param.rows) + "Rows" + std::to_string(shape.param.features) + "Features" +
           std::to_string(shape.param.width) + "Apart";
}

INSTANTIATE_TEST_SUITE_P(Sizes, MatrixProductsOfShape,
                         testing::Values(Shape{1, 64, 64}, Shape{15, 64, 80}, Shape{16, 64, 64},
                                         Shape{17, 128, 144}, Shape{31, 192, 192}, Shape{32, 64, 80},
                                         Shape{33, 64, 65}, Shape{87, 256, 272}),
                         name_of);

} // namespace
} // namespace ropewalk::perception
