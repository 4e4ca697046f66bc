#include "ropewalk/images/identification/decode.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ropewalk::identification {

namespace {

/// Inverse of a small symmetric positive definite matrix; false when it is singular to working precision.
bool invert(std::vector<double> matrix, std::size_t size, std::vector<double>& inverse) {
    inverse.assign(size * size, 0);
    double largest = 0;
    for (std::size_t i = 0; i < size; ++i) {
        inverse[i * size + i] = 1;
        largest = std::max(largest, matrix[i * size + i]);
    }
    for (std::size_t i = 0; i < size; ++i) {
        const double pivot = matrix[i * size + i];
        if (!(pivot > 1e-14 * largest)) return false;
        for (std::size_t j = 0; j < size; ++j) matrix[i * size + j] /= pivot, inverse[i * size + j] /= pivot;
        for (std::size_t k = 0; k < size; ++k) {
            const double factor = matrix[k * size + i];
            if (k == i || factor == 0) continue;
            for (std::size_t j = 0; j < size; ++j) {
                matrix[k * size + j] -= factor * matrix[i * size + j];
                inverse[k * size + j] -= factor * inverse[i * size + j];
            }
        }
    }
    return true;
}

double power(double base, int exponent) {
    double product = 1;
    for (int i = 0; i < exponent; ++i) product *= base;
    return product;
}

/// J^T J and J^T r.
void normal_equations(std::span<const double> derivatives, std::span<const double> differences,
                      std::size_t size, std::vector<double>& matrix, std::vector<double>& right) {
    matrix.assign(size * size, 0);
    right.assign(size, 0);
    for (std::size_t t = 0; t < differences.size(); ++t) {
        const double* row = derivatives.data() + t * size;
        for (std::size_t i = 0; i < size; ++i) {
            right[i] += row[i] * differences[t];
            for (std::size_t j = 0; j < size; ++j) matrix[i * size + j] += row[i] * row[j];
        }
    }
}

} // namespace

Decoder::Decoder(const MonomialTable& pool, std::span<const std::size_t> formulas,
                 std::span<const double> sigma)
    : variables_(static_cast<std::size_t>(pool.variables)), first_term_{0} {
    for (std::size_t t = 0; t < formulas.size(); ++t) {
        for (std::size_t m = 0; m < pool.monomials; ++m) {
            const double coefficient = pool.coefficients[formulas[t] * pool.monomials + m];
            if (coefficient == 0) continue;
            coefficients_.push_back(coefficient / sigma[t]);
            const auto exponents = pool.exponents.begin() + static_cast<std::ptrdiff_t>(m * variables_);
            exponents_.insert(exponents_.end(), exponents,
                              exponents + static_cast<std::ptrdiff_t>(variables_));
        }
        first_term_.push_back(coefficients_.size());
        scale_.push_back(1 / sigma[t]);
    }
}

void Decoder::linearise(std::span<const double> y, std::span<const double> symbols,
                        Linearised& result) const {
    result.differences.assign(tasks(), 0);
    result.derivatives.assign(tasks() * variables_, 0);
    result.squares = 0;
    for (std::size_t t = 0; t < tasks(); ++t) {
        double value = 0;
        for (std::size_t term = first_term_[t]; term < first_term_[t + 1]; ++term) {
            const int* exponents = exponents_.data() + term * variables_;
            double product = coefficients_[term];
            for (std::size_t v = 0; v < variables_; ++v) product *= power(symbols[v], exponents[v]);
            value += product;
            // Not the product divided by the symbol: symbols may be zero.
            for (std::size_t v = 0; v < variables_; ++v) {
                if (exponents[v] == 0) continue;
                double slope = coefficients_[term] * exponents[v] * power(symbols[v], exponents[v] - 1);
                for (std::size_t w = 0; w < variables_; ++w)
                    if (w != v) slope *= power(symbols[w], exponents[w]);
                result.derivatives[t * variables_ + v] += slope;
            }
        }
        result.differences[t] = value - y[t] * scale_[t];
        result.squares += result.differences[t] * result.differences[t];
    }
}

Decoded Decoder::decode(std::span<const double> y, std::span<const double> start) const {
    constexpr int most_steps = 60;
    constexpr double least_change = 1e-12, most_damping = 1e12;
    Decoded decoded{{start.begin(), start.end()}, 0, 0};
    Linearised here, there;
    linearise(y, decoded.symbols, here);
    std::vector<double> matrix, right, damped, inverse, moved(variables_);
    double damping = 1e-3;
    for (int step = 0; step < most_steps && damping < most_damping; ++step) {
        normal_equations(here.derivatives, here.differences, variables_, matrix, right);
        damped = matrix;
        double trace = 0;
        for (std::size_t v = 0; v < variables_; ++v) trace += matrix[v * variables_ + v];
        // In part relative to the trace, so that a symbol without influence stays where it is.
        for (std::size_t v = 0; v < variables_; ++v)
            damped[v * variables_ + v] += damping * (matrix[v * variables_ + v] + 1e-6 * trace);
        if (!invert(damped, variables_, inverse)) {
            damping = std::max(damping * 10, 1e-6);
            continue;
        }
        double change = 0;
        for (std::size_t v = 0; v < variables_; ++v) {
            double move = 0;
            for (std::size_t w = 0; w < variables_; ++w) move += inverse[v * variables_ + w] * right[w];
            moved[v] = decoded.symbols[v] - move;
            change = std::max(change, std::abs(move));
        }
        linearise(y, moved, there);
        if (there.squares < here.squares) {
            decoded.symbols = moved;
            std::swap(here, there);
            damping *= 0.1;
        } else {
            damping *= 10;
        }
        if (change < least_change) break;
    }
    const auto count = static_cast<double>(tasks());
    decoded.residual = std::sqrt(here.squares / count);
    normal_equations(here.derivatives, here.differences, variables_, matrix, right);
    if (invert(matrix, variables_, inverse))
        for (std::size_t v = 0; v < variables_; ++v)
            decoded.uncertainty =
                std::max(decoded.uncertainty, std::sqrt(count * inverse[v * variables_ + v]));
    else
        decoded.uncertainty = std::numeric_limits<double>::infinity();
    return decoded;
}

Decoded Decoder::decode(std::span<const double> y, std::span<const std::vector<double>> starts,
                        double enough) const {
    Decoded best{.symbols = {}, .residual = std::numeric_limits<double>::infinity()};
    for (const std::vector<double>& start : starts) {
        Decoded decoded = decode(y, start);
        if (decoded.residual < best.residual) best = std::move(decoded);
        if (best.residual <= enough) break;
    }
    return best;
}

Decoder decoder_of(const MonomialTable& pool, std::span<const std::size_t> formulas,
                   std::span<const double> sigma, std::span<const std::size_t> tasks) {
    std::vector<std::size_t> chosen;
    std::vector<double> scales;
    for (const std::size_t task : tasks) {
        chosen.push_back(formulas[task]);
        scales.push_back(sigma[task]);
    }
    return {pool, chosen, scales};
}

} // namespace ropewalk::identification
