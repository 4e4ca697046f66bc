#include "ropewalk/images/identification/alphabet.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace ropewalk::identification {

base::Result<std::vector<double>> discover_alphabet(std::span<const double> symbols,
                                                    const AlphabetOptions& options) {
    std::vector<double> sorted(symbols.begin(), symbols.end()), alphabet;
    std::sort(sorted.begin(), sorted.end());
    std::size_t covered = 0;
    for (auto begin = sorted.begin(); begin != sorted.end();) {
        auto end = begin + 1;
        while (end != sorted.end() && *end - *(end - 1) <= options.tolerance) ++end;
        if (*(end - 1) - *begin > 4 * options.tolerance)
            return base::failure("symbols",
                                 fmt::format("a range without gaps from {} to {}", *begin, *(end - 1)),
                                 "distinct values");
        const auto count = end - begin;
        if (static_cast<std::size_t>(count) >= options.least_seen) {
            alphabet.push_back(std::accumulate(begin, end, 0.0) / static_cast<double>(count));
            covered += static_cast<std::size_t>(count);
        }
        begin = end;
    }
    if (alphabet.size() < 2 || alphabet.size() > options.most)
        return base::failure("symbols", fmt::format("{} distinct values", alphabet.size()),
                             fmt::format("2 to {}", options.most));
    const double share = static_cast<double>(covered) / static_cast<double>(symbols.size());
    if (share < options.least_covered)
        return base::failure(
            "symbols",
            fmt::format("{:.0f}% of them with a value seen {} times", 100 * share, options.least_seen),
            fmt::format("at least {:.0f}%: a few values for all", 100 * options.least_covered));
    return alphabet;
}

std::optional<std::size_t> letter_of(std::span<const double> alphabet, double symbol, double tolerance) {
    const auto above = std::lower_bound(alphabet.begin(), alphabet.end(), symbol - tolerance);
    if (above == alphabet.end() || std::abs(*above - symbol) > tolerance) return std::nullopt;
    return static_cast<std::size_t>(above - alphabet.begin());
}

bool same_alphabet(std::span<const double> a, std::span<const double> b, double tolerance) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](double x, double y) { return std::abs(x - y) <= tolerance; });
}

base::Status checked_letters(std::span<const double> letters, const AlphabetOptions& options) {
    constexpr double largest = 1000;
    if (letters.empty()) return {};
    const auto wrong = [](const std::string& found, const std::string& expected) {
        return base::failure("setting `letters`", found, expected);
    };
    if (letters.size() < 2 || letters.size() > options.most)
        return wrong(fmt::format("{} of them", letters.size()), fmt::format("2 to {} numbers", options.most));
    for (const double letter : letters)
        if (!(std::abs(letter) <= largest))
            return wrong(fmt::format("{} times setting `scale`", letter),
                         fmt::format("at most {} times setting `scale`", largest));
    std::vector<double> sorted(letters.begin(), letters.end());
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t i = 1; i < sorted.size(); ++i)
        if (sorted[i] - sorted[i - 1] < options.tolerance)
            return wrong(fmt::format("{} and {} times setting `scale`", sorted[i - 1], sorted[i]),
                         fmt::format("numbers at least {} times setting `scale` apart", options.tolerance));
    return {};
}

} // namespace ropewalk::identification
