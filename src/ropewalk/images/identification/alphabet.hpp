// The values that symbols take, found in the symbols themselves.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "ropewalk/base/base.hpp"

namespace ropewalk::identification {

struct AlphabetOptions {
    double tolerance = 1e-3;    ///< values no further apart than this are one
    std::size_t most = 64;      ///< values of an alphabet
    std::size_t least_seen = 3; ///< times that a value must occur: one seen once may be a mistake
    /// Share of the symbols that have such a value. Of symbols from a continuum a few coincide, too.
    double least_covered = 0.75;
};

/// The distinct values, in rising order, each the mean of what it stands for. Fails when there are fewer than
/// two or too many, when values form a chain longer than a few tolerances, as they are not distinct then, and
/// when most symbols have a value of their own.
base::Result<std::vector<double>> discover_alphabet(std::span<const double> symbols,
                                                    const AlphabetOptions& options = {});

/// Index of the alphabet's value within the tolerance of a symbol; none when it is near no value.
std::optional<std::size_t> letter_of(std::span<const double> alphabet, double symbol,
                                     double tolerance = AlphabetOptions().tolerance);

/// Whether both have the same values, one by one within the tolerance.
bool same_alphabet(std::span<const double> a, std::span<const double> b,
                   double tolerance = AlphabetOptions().tolerance);

/// Fails on letters from a user that are no alphabet: fewer than two or too many, not within 1,000 of 0, or
/// closer than the tolerance. None at all are fine.
base::Status checked_letters(std::span<const double> letters, const AlphabetOptions& options = {});

} // namespace ropewalk::identification
