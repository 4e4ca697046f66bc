#include <algorithm>
#include <cmath>
#include <map>

#include "ropewalk/images/rules/families.hpp"

namespace ropewalk::rules {

namespace {

/// Least output of rows of each length.
std::map<std::size_t, double> least_outputs(std::span<const OutputCount> outputs) {
    std::map<std::size_t, double> least;
    for (const OutputCount& each : outputs) {
        const auto [at, fresh] = least.try_emplace(each.places, each.output);
        if (!fresh) at->second = std::min(at->second, each.output);
    }
    return least;
}

/// What is added to a sum, as far as the least outputs of the shortest two lengths tell: they are the length
/// times the least letter and this.
double constant_of(const std::map<std::size_t, double>& least) {
    if (least.size() < 2) return least.begin()->second;
    const auto first = least.begin(), second = std::next(first);
    const double letter = (second->second - first->second) / static_cast<double>(second->first - first->first);
    return first->second - std::round(letter) * static_cast<double>(first->first);
}

/// Weights of `numbers` numbers, each written with so many digits in a base.
std::vector<double> positional(std::size_t numbers, std::size_t digits, double base, bool highest_first,
                               double of_others) {
    std::vector<double> weights;
    for (std::size_t n = 0; n < numbers; ++n)
        for (std::size_t d = 0; d < digits; ++d)
            weights.push_back((n == 0 ? 1 : of_others) *
                              std::pow(base, static_cast<double>(highest_first ? digits - 1 - d : d)));
    return weights;
}

void add_positional(std::vector<Fold>& folds, std::size_t places) {
    constexpr double most_weight = 1e14; // sums stay whole numbers in 53 bits
    constexpr std::size_t most_numbers = 4;
    for (std::size_t numbers = 1; numbers <= std::min(places / 2, most_numbers); ++numbers) {
        if (places % numbers != 0) continue;
        for (const double base : {10.0, 2.0, 8.0, 16.0, 100.0})
            for (const bool highest_first : {true, false})
                for (const double of_others : {1.0, -1.0}) {
                    const std::size_t digits = places / numbers;
                    if (std::pow(base, static_cast<double>(digits - 1)) > most_weight ||
                        (numbers == 1 && of_others < 0))
                        continue;
                    folds.push_back({.kind = FoldKind::sum,
                                     .weights = positional(numbers, digits, base, highest_first, of_others)});
                }
    }
}

} // namespace

std::vector<Fold> fold_families(std::span<const OutputCount> outputs) {
    std::vector<Fold> folds{{.kind = FoldKind::sum}, {.kind = FoldKind::product}, {.kind = FoldKind::maximum},
                            {.kind = FoldKind::minimum}, {.kind = FoldKind::first}, {.kind = FoldKind::last}};
    const std::map<std::size_t, double> least = least_outputs(outputs);
    double most = outputs.front().output;
    for (const OutputCount& each : outputs) most = std::max(most, each.output);
    constexpr double most_modulus = 20;
    if (most >= 1 && most < most_modulus)
        folds.push_back({.kind = FoldKind::remainder, .modulus = std::round(most) + 1});
    if (least.rbegin()->first > 1) folds.push_back({.kind = FoldKind::alternating});
    if (const double constant = constant_of(least); constant != 0)
        folds.push_back({.kind = FoldKind::sum, .constant = constant});
    if (least.size() == 1) add_positional(folds, least.begin()->first);
    return folds;
}

std::string fold_family_names() {
    return "sums (with a constant, with signs that alternate, of numbers written in a base), products, maximum, "
           "minimum, remainders of sums (parity), counts of a letter, the first and the last letter";
}

} // namespace ropewalk::rules
