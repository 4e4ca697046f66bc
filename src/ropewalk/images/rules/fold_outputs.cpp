#include "ropewalk/images/rules/fold_outputs.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <unordered_map>

namespace ropewalk::rules {

namespace {

/// The same for states that differ in the last bits only, as rounding makes them. Exact whole numbers are the same only
/// where they are equal.
std::uint64_t key_of(double state) {
    constexpr double rounding = 0x1p-40;
    const double whole = std::round(state);
    if (std::abs(whole) < most_exact && std::abs(state - whole) <= rounding * std::abs(whole))
        return std::bit_cast<std::uint64_t>(whole + 0.0);
    constexpr std::uint64_t dropped = 12, half = std::uint64_t{1} << (dropped - 1);
    return (std::bit_cast<std::uint64_t>(state + 0.0) + half) >> dropped;
}

/// Leaves the most probable ones.
void keep_likeliest(std::vector<Output>& states) {
    constexpr std::size_t most = 50'000;
    if (states.size() <= most) return;
    std::nth_element(states.begin(), states.begin() + most, states.end(),
                     [](const Output& a, const Output& b) { return a.probability > b.probability; });
    states.resize(most);
}

} // namespace

std::vector<Output> outputs_of(const Fold& fold, std::span<const double> letters,
                               std::span<const double* const> probabilities) {
    constexpr double least = 1e-4;
    std::vector<Output> states{{0, 1}};
    std::unordered_map<std::uint64_t, std::size_t> numbers;
    for (std::size_t place = 0; place < probabilities.size(); ++place) {
        const double* of_letters = probabilities[place];
        const double most = *std::max_element(of_letters, of_letters + letters.size());
        numbers.clear();
        std::vector<Output> next;
        for (const Output& state : states)
            for (std::size_t k = 0; k < letters.size(); ++k) {
                if (of_letters[k] < std::min(least, most)) continue;
                const double value = next_state(fold, state.value, letters[k], place);
                const auto [at, fresh] = numbers.try_emplace(key_of(value), next.size());
                if (fresh) next.push_back({value, 0});
                next[at->second].probability += state.probability * of_letters[k];
            }
        keep_likeliest(next);
        states = std::move(next);
    }
    for (Output& state : states) state.value += fold.constant;
    std::sort(states.begin(), states.end(), [](const Output& a, const Output& b) { return a.value < b.value; });
    return states;
}

} // namespace ropewalk::rules
