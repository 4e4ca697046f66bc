// The field of integers modulo the Mersenne prime 2^61 - 1, in which formulas are fingerprinted.
#pragma once

#include <cstdint>

#include "ropewalk/base/base.hpp"

namespace ropewalk::formula::field {

inline constexpr std::uint64_t prime = (std::uint64_t{1} << 61) - 1;

/// Elements are numbers 0..prime-1; every function expects and returns such numbers.
inline std::uint64_t add(std::uint64_t a, std::uint64_t b) {
    base::expects(a < prime && b < prime);
    const std::uint64_t sum = a + b;
    return sum >= prime ? sum - prime : sum;
}

inline std::uint64_t subtract(std::uint64_t a, std::uint64_t b) {
    base::expects(a < prime && b < prime);
    return a >= b ? a - b : a + prime - b;
}

inline std::uint64_t multiply(std::uint64_t a, std::uint64_t b) {
    base::expects(a < prime && b < prime);
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    const std::uint64_t sum =
        (static_cast<std::uint64_t>(product) & prime) + static_cast<std::uint64_t>(product >> 61);
    return sum >= prime ? sum - prime : sum;
}

inline std::uint64_t power(std::uint64_t number, std::uint64_t exponent) {
    std::uint64_t result = 1;
    for (; exponent != 0; exponent >>= 1, number = multiply(number, number))
        if (exponent & 1) result = multiply(result, number);
    return result;
}

/// The inverse by Fermat's little theorem; 0 for 0.
inline std::uint64_t inverse(std::uint64_t a) { return power(a, prime - 2); }

} // namespace ropewalk::formula::field
