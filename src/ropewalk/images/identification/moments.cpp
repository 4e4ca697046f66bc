#include "ropewalk/images/identification/moments.hpp"

namespace ropewalk::identification {

std::vector<double> normal_moments(double mean, double variance, int degree) {
    std::vector<double> moments{1.0};
    for (int k = 1; k <= degree; ++k) {
        const auto last = moments.size() - 1;
        moments.push_back(mean * moments[last] + (k > 1 ? (k - 1) * variance * moments[last - 1] : 0.0));
    }
    return moments;
}

namespace {

bool differ_within_rows(std::span<const std::uint32_t> images, std::size_t variables) {
    for (std::size_t n = 0; n < images.size(); ++n)
        for (std::size_t v = n / variables * variables; v < n; ++v)
            if (images[v] == images[n]) return false;
    return true;
}

} // namespace

std::vector<double> expected_values(const MonomialTable& table, const Grounding& grounding,
                                    std::span<const std::uint32_t> rows_of_images) {
    const auto variables = static_cast<std::size_t>(table.variables);
    base::expects([&] { return differ_within_rows(rows_of_images, variables); });
    const std::size_t rows = rows_of_images.size() / variables;
    std::vector<std::vector<double>> moments;
    for (std::size_t i = 0; i < grounding.mean.size(); ++i)
        moments.push_back(normal_moments(grounding.mean[i], grounding.variance[i], table.degree));
    std::vector<double> monomials(table.monomials), values(table.formulas * rows);
    for (std::size_t n = 0; n < rows; ++n) {
        for (std::size_t m = 0; m < table.monomials; ++m) {
            monomials[m] = 1;
            for (std::size_t v = 0; v < variables; ++v)
                monomials[m] *= moments[rows_of_images[n * variables + v]]
                                       [static_cast<std::size_t>(table.exponents[m * variables + v])];
        }
        for (std::size_t f = 0; f < table.formulas; ++f) {
            double sum = 0;
            for (std::size_t m = 0; m < table.monomials; ++m)
                sum += table.coefficients[f * table.monomials + m] * monomials[m];
            values[f * rows + n] = sum;
        }
    }
    return values;
}

} // namespace ropewalk::identification
