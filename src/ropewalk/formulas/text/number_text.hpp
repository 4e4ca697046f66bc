// How formulas write numbers.
#pragma once

#include <optional>
#include <string>

namespace ropewalk::formula {

/// A fraction in lowest terms with a small denominator.
struct Fraction {
    long numerator = 0, denominator = 1;
};

/// The fraction with a denominator of 3 to 100 that rounds to exactly this number, where the shortest decimal
/// number for it is long. Expects a number of at least 0.
std::optional<Fraction> fraction_of(double value);

/// The shortest decimal number that reads back as `value`, such as 2, 0.1 or 1e-5. Expects a finite number.
std::string shortest(double value);

} // namespace ropewalk::formula
