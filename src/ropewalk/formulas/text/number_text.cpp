#include "ropewalk/formulas/text/number_text.hpp"

#include <cmath>

#include <fmt/format.h>

#include "ropewalk/base/base.hpp"

namespace ropewalk::formula {

std::string shortest(double value) {
    base::expects(std::isfinite(value));
    std::string text = fmt::format("{}", value);
    const std::size_t exponent = text.find('e');
    if (exponent == std::string::npos) return text;
    // 1e-05 and 1e+22 lose what carries nothing.
    std::size_t at = exponent + 1;
    if (text[at] == '+')
        text.erase(at, 1);
    else if (text[at] == '-')
        ++at;
    while (at + 1 < text.size() && text[at] == '0') text.erase(at, 1);
    return text;
}

std::optional<Fraction> fraction_of(double value) {
    // Shorter decimals are what somebody wrote or measured.
    constexpr std::size_t long_decimal = 12;
    base::expects(value >= 0);
    if (value > 1e4 || value < 1e-4 || shortest(value).size() < long_decimal) return std::nullopt;
    for (long denominator = 3; denominator <= 100; ++denominator) {
        const long numerator = std::lround(value * static_cast<double>(denominator));
        if (static_cast<double>(numerator) / static_cast<double>(denominator) == value)
            return Fraction{numerator, denominator};
    }
    return std::nullopt;
}

} // namespace ropewalk::formula
