// Outputs of a task by their values: which there are, and how often each occurs.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace ropewalk::identification {

constexpr std::uint32_t no_output = ~std::uint32_t{0};

/// The outputs of one task.
struct Outputs {
    std::vector<double> values; ///< distinct, rising
    std::vector<double> counts;
    std::vector<std::uint32_t> of_rows; ///< index into the values
    double tolerance = 0;

    /// Index of the value within the tolerance.
    std::uint32_t find(double value) const {
        const auto at = std::lower_bound(values.begin(), values.end(), value - tolerance);
        return at != values.end() && *at <= value + tolerance
                   ? static_cast<std::uint32_t>(at - values.begin())
                   : no_output;
    }
};

/// Outputs within a hundred-thousandth of their range of each other are one.
Outputs outputs_of(std::span<const double> y);

/// The largest number of which all values, rising, are multiples, about; 0 where there is none to speak of.
double spacing(const std::vector<double>& values);

/// Whether two alphabets are the same to rounding.
bool same_letters(const std::vector<double>& a, const std::vector<double>& b);

} // namespace ropewalk::identification
