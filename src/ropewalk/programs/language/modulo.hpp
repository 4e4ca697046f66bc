#pragma once

namespace ropewalk::language {

/// The remainder in 0..divisor-1, for negative values too.
constexpr int modulo(long value, int divisor) {
    const long remainder = value % divisor;
    return static_cast<int>(remainder < 0 ? remainder + divisor : remainder);
}

} // namespace ropewalk::language
