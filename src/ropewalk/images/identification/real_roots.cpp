#include "ropewalk/images/identification/real_roots.hpp"

#include <algorithm>
#include <cmath>

namespace ropewalk::identification {

namespace {

double value(const std::vector<double>& coefficients, double x) {
    double sum = 0;
    for (auto each = coefficients.rbegin(); each != coefficients.rend(); ++each) sum = sum * x + *each;
    return sum;
}

/// What rounding may leave of a zero.
double rounding(const std::vector<double>& coefficients, double x) {
    double sum = 0;
    for (auto each = coefficients.rbegin(); each != coefficients.rend(); ++each)
        sum = sum * std::abs(x) + std::abs(*each);
    return 1e-13 * sum;
}

void drop_leading_zeros(std::vector<double>& coefficients) {
    double largest = 0;
    for (const double each : coefficients) largest = std::max(largest, std::abs(each));
    while (!coefficients.empty() && std::abs(coefficients.back()) <= 1e-13 * largest) coefficients.pop_back();
}

/// The root between two places where the signs differ.
double bisect(const std::vector<double>& coefficients, double low, double high) {
    const bool rising = value(coefficients, low) < 0;
    while (true) {
        const double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high) return middle;
        (value(coefficients, middle) < 0) == rising ? low = middle : high = middle;
    }
}

} // namespace

std::vector<double> real_roots(std::vector<double> coefficients) {
    drop_leading_zeros(coefficients);
    if (coefficients.size() < 2) return {};
    if (coefficients.size() == 2) return {-coefficients[0] / coefficients[1]};
    std::vector<double> derivative;
    for (std::size_t k = 1; k < coefficients.size(); ++k)
        derivative.push_back(static_cast<double>(k) * coefficients[k]);
    // Cauchy's bound; between turning points the polynomial has one root at most.
    double bound = 0;
    for (const double each : coefficients) bound = std::max(bound, std::abs(each / coefficients.back()));
    std::vector<double> places = real_roots(derivative), roots;
    places.insert(places.begin(), -1 - bound);
    places.push_back(1 + bound);
    const auto touches = [&](double x) {
        return std::abs(value(coefficients, x)) <= rounding(coefficients, x);
    };
    for (std::size_t i = 0; i + 1 < places.size(); ++i) {
        if (touches(places[i])) {
            roots.push_back(places[i]);
            continue;
        }
        if (touches(places[i + 1])) continue;
        if ((value(coefficients, places[i]) < 0) != (value(coefficients, places[i + 1]) < 0))
            roots.push_back(bisect(coefficients, places[i], places[i + 1]));
    }
    return roots;
}

} // namespace ropewalk::identification
