#include "ropewalk/images/identification/output_values.hpp"

#include <cmath>

namespace ropewalk::identification {

Outputs outputs_of(std::span<const double> y) {
    Outputs outputs;
    std::vector<double> sorted(y.begin(), y.end());
    std::sort(sorted.begin(), sorted.end());
    outputs.tolerance = 1e-5 * (sorted.back() - sorted.front());
    for (const double value : sorted) {
        if (outputs.values.empty() || value > outputs.values.back() + outputs.tolerance) {
            outputs.values.push_back(value);
            outputs.counts.push_back(0);
        }
        ++outputs.counts.back();
    }
    for (const double value : y) outputs.of_rows.push_back(outputs.find(value));
    return outputs;
}

double spacing(const std::vector<double>& values) {
    double least = values.back() - values.front();
    for (std::size_t i = 1; i < values.size(); ++i) least = std::min(least, values[i] - values[i - 1]);
    for (int parts = 1; parts <= 10; ++parts) {
        const double step = least / parts;
        if (std::all_of(values.begin(), values.end(), [&](double value) {
                const double multiple = value / step;
                return std::abs(multiple - std::round(multiple)) < 1e-4 && std::abs(multiple) < 1e6;
            }))
            return step;
    }
    return 0;
}

bool same_letter(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(1.0, std::abs(a)); }

bool same_letters(const std::vector<double>& a, const std::vector<double>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_letter);
}

bool has_letter(const std::vector<double>& alphabet, double letter) {
    return std::any_of(alphabet.begin(), alphabet.end(),
                       [&](double other) { return same_letter(letter, other); });
}

} // namespace ropewalk::identification
