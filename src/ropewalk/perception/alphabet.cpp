#include "ropewalk/perception/alphabet.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace ropewalk::perception {

base::Result<std::vector<double>> discover_alphabet(std::span<const double> symbols,
                                                    const AlphabetOptions& options) {
    std::vector<double> sorted(symbols.begin(), symbols.end()), alphabet;
    std::sort(sorted.begin(), sorted.end());
    for (auto begin = sorted.begin(); begin != sorted.end();) {
        auto end = begin + 1;
        while (end != sorted.end() && *end - *(end - 1) <= options.tolerance) ++end;
        if (*(end - 1) - *begin > 4 * options.tolerance)
            return base::failure("symbols",
                                 fmt::format("a range without gaps from {} to {}", *begin, *(end - 1)),
                                 "distinct values");
        const auto count = end - begin;
        if (static_cast<std::size_t>(count) >= options.least_seen)
            alphabet.push_back(std::accumulate(begin, end, 0.0) / static_cast<double>(count));
        begin = end;
    }
    if (alphabet.size() < 2 || alphabet.size() > options.most)
        return base::failure("symbols", fmt::format("{} distinct values", alphabet.size()),
                             fmt::format("2 to {}", options.most));
    return alphabet;
}

std::optional<std::size_t> letter_of(std::span<const double> alphabet, double symbol, double tolerance) {
    const auto above = std::lower_bound(alphabet.begin(), alphabet.end(), symbol - tolerance);
    if (above == alphabet.end() || std::abs(*above - symbol) > tolerance) return std::nullopt;
    return static_cast<std::size_t>(above - alphabet.begin());
}

} // namespace ropewalk::perception
