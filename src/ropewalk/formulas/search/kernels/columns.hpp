// Fast arithmetic on columns of numbers: the inner loops of the exact search.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ropewalk/formulas/expression/expression.hpp"

namespace ropewalk::formula {

/// out[n] = operator on left[n] and right[n]; unary operators ignore `right`. The fast version of `apply`:
/// equal to it for +, -, *, /, min, max, square, sqrt and reciprocal, within 4 units in the last place for
/// exp and log and within 1e-13 plus 4 units in the last place for sin and cos, infinities, subnormals and
/// NaN included.
void apply_column(Operator operation, const double* left, const double* right, double* out, std::size_t rows);

namespace plain {
void apply_column(Operator operation, const double* left, const double* right, double* out, std::size_t rows);
}

/// Candidates stored side by side in one block, rows below each other: block[row * block_width + candidate].
inline constexpr std::uint32_t block_width = 8;

/// Left operands that one call of `score_block` combines with a block.
inline constexpr std::uint32_t left_group = 4;

/// A target and what the fit may do to a candidate p: nothing (error sum (p - y)^2), or the best a * p + c
/// (error after least squares).
struct ScreeningTarget {
    std::vector<double> y;
    bool affine = false;
};

/// Squared errors of `left_group` operands combined with all candidates of a block:
/// errors[g * block_width + j] = error of (lefts[g][n] operator block[n][j]) against the target. `reversed`
/// puts the block's candidate on the left. Rows are taken in pieces; once every candidate of the block is
/// above bounds[g] the rest is skipped, and errors hold what was summed so far, which is a lower bound. NaN
/// for candidates without a value. Returns whether any error is at or below its bound.
bool score_block(const ScreeningTarget& target, Operator operation, bool reversed, const double* const* lefts,
                 const double* block, const double* bounds, double* errors);

namespace plain {
bool score_block(const ScreeningTarget& target, Operator operation, bool reversed, const double* const* lefts,
                 const double* block, const double* bounds, double* errors);
}

/// Mean squared errors of every formula against every target:
/// errors[t * formulas + f] = mean over n of (values[n * stride + f] - targets[t * rows + n])^2, where
/// `stride` is `formulas` rounded up to a multiple of 16 and the padding is readable. Differences are summed,
/// not |y|^2 - 2 y.p + |p|^2, so that the error of a formula that fits is not lost to rounding.
void score_targets(const float* values, std::size_t formulas, const float* targets, std::size_t target_count,
                   std::size_t rows, float* errors);

namespace plain {
void score_targets(const float* values, std::size_t formulas, const float* targets, std::size_t target_count,
                   std::size_t rows, float* errors);
}

/// The kernels of one target.
struct ColumnKernels {
    std::string name;
    decltype(&plain::apply_column) apply_column = nullptr;
    decltype(&plain::score_block) score_block = nullptr;
    decltype(&plain::score_targets) score_targets = nullptr;
};

/// Names of the kernels this machine can run, best first, then reference (the plain ones). The active one is
/// what ROPEWALK_TARGET asks for where that can be had, else the best one.
const std::vector<std::string>& column_targets();

/// Makes the functions above run the named kernels from now on, in all threads, and returns the name; `auto`
/// is the best one. An unknown name changes nothing and is an error that lists what there is.
base::Result<std::string> force_column_target(std::string_view name);

} // namespace ropewalk::formula
