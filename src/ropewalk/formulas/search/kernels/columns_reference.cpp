// The plain versions of the column kernels.
#include <cmath>

#include "ropewalk/formulas/search/kernels/columns.hpp"

namespace ropewalk::formula::plain {

void apply_column(Operator operation, const double* left, const double* right, double* out,
                  std::size_t rows) {
    const bool reads_right = info(operation).arity >= 2;
    for (std::size_t n = 0; n < rows; ++n) out[n] = apply(operation, left[n], reads_right ? right[n] : 0);
}

bool score_block(const ScreeningTarget& target, Operator operation, bool reversed, const double* const* lefts,
                 const double* block, const double* bounds, double* errors) {
    const std::vector<double>& y = target.y;
    const auto rows = static_cast<double>(y.size());
    bool any = false;
    for (std::size_t g = 0; g < left_group; ++g)
        for (std::size_t j = 0; j < block_width; ++j) {
            double p = 0, pp = 0, py = 0, sum = 0, yy = 0, direct = 0;
            for (std::size_t n = 0; n < y.size(); ++n) {
                const double other = block[n * block_width + j];
                const double value =
                    reversed ? apply(operation, other, lefts[g][n]) : apply(operation, lefts[g][n], other);
                direct += (value - y[n]) * (value - y[n]);
                p += value, pp += value * value, py += value * y[n], sum += y[n], yy += y[n] * y[n];
            }
            double error = direct;
            if (target.affine) {
                const double variance = pp - p * p / rows, covariance = py - p * sum / rows;
                error = yy - sum * sum / rows - covariance * covariance / variance;
            }
            errors[g * block_width + j] = error;
            any = any || error <= bounds[g];
        }
    return any;
}

void score_targets(const float* values, std::size_t formulas, const float* targets, std::size_t target_count,
                   std::size_t rows, float* errors) {
    const std::size_t stride = (formulas + 15) / 16 * 16;
    for (std::size_t t = 0; t < target_count; ++t)
        for (std::size_t f = 0; f < formulas; ++f) {
            double sum = 0;
            for (std::size_t n = 0; n < rows; ++n) {
                const double difference = values[n * stride + f] - targets[t * rows + n];
                sum += difference * difference;
            }
            errors[t * formulas + f] = static_cast<float>(sum / static_cast<double>(rows));
        }
}

} // namespace ropewalk::formula::plain
