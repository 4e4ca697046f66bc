#include "ropewalk/images/judging/row_outputs.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace ropewalk::perception {

namespace {

/// A letter that an image may show.
struct Possible {
    double letter, probability;
};

/// A combination of letters that a row may show, and how probable it is.
struct Combination {
    std::vector<double> letters;
    double probability = 1;
};

/// Those of an image with at least a ten-thousandth, and the likeliest in any case; the likeliest first.
std::vector<Possible> possible_letters(std::span<const double> letters,
                                       std::span<const double> probabilities) {
    constexpr double least = 1e-4;
    std::vector<Possible> possible;
    const double most = *std::max_element(probabilities.begin(), probabilities.end());
    for (std::size_t k = 0; k < letters.size(); ++k)
        if (probabilities[k] >= std::min(least, most)) possible.push_back({letters[k], probabilities[k]});
    std::stable_sort(possible.begin(), possible.end(),
                     [](const Possible& a, const Possible& b) { return a.probability > b.probability; });
    return possible;
}

/// Leaves out letters that are hardly possible until there are not too many combinations of them.
void limit_combinations(std::vector<std::vector<Possible>>& of_row) {
    constexpr double most = 1 << 14;
    const auto count = [&] {
        double product = 1;
        for (const auto& letters : of_row) product *= static_cast<double>(letters.size());
        return product;
    };
    while (count() > most) {
        auto least = of_row.begin();
        for (auto each = of_row.begin(); each != of_row.end(); ++each)
            if (least->size() == 1 ||
                (each->size() > 1 && each->back().probability < least->back().probability))
                least = each;
        least->pop_back();
    }
}

/// The letters of a row of images in all combinations.
std::vector<Combination> combinations(std::span<const std::uint32_t> row,
                                      const std::vector<std::vector<Possible>>& of_images) {
    std::vector<std::vector<Possible>> of_row;
    for (const std::uint32_t image : row) of_row.push_back(of_images[image]);
    limit_combinations(of_row);
    std::vector<Combination> all{{}};
    for (std::size_t v = 0; v < row.size(); ++v) {
        const auto before = std::find(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(v), row[v]);
        const auto same = static_cast<std::size_t>(before - row.begin());
        std::vector<Combination> longer;
        for (const Combination& each : all) {
            if (same < v) {
                longer.push_back(each);
                longer.back().letters.push_back(each.letters[same]);
                continue;
            }
            for (const Possible& letter : of_row[v]) {
                longer.push_back(each);
                longer.back().letters.push_back(letter.letter);
                longer.back().probability *= letter.probability;
            }
        }
        all = std::move(longer);
    }
    return all;
}

/// An output and its probability.
using Output = std::pair<double, double>;

Output likeliest(const formula::Program& formula, const std::vector<Combination>& all) {
    constexpr double same = 1e-9; // outputs that rounding alone tells apart are one
    std::vector<Output> outputs;
    for (const Combination& each : all)
        outputs.emplace_back(formula::evaluate(formula, each.letters), each.probability);
    std::stable_sort(outputs.begin(), outputs.end(),
                     [](const Output& a, const Output& b) { return a.first < b.first; });
    Output best{outputs.front().first, 0}, sum = best;
    for (const auto& [value, probability] : outputs) {
        if (std::abs(value - sum.first) > same * std::max(1.0, std::abs(value))) sum = {value, 0};
        sum.second += probability;
        if (sum.second > best.second) best = sum;
    }
    return best;
}

} // namespace

std::vector<double> letters_of(const Engine& engine, double scale) {
    std::vector<double> letters;
    for (const double letter : engine.alphabet())
        letters.push_back(std::strtod(fmt::format("{:.7g}", letter * scale).c_str(), nullptr));
    return letters;
}

std::vector<LikeliestLetter> likeliest_letters(std::span<const double> probabilities, std::size_t letters) {
    std::vector<LikeliestLetter> likeliest;
    for (std::size_t at = 0; at < probabilities.size(); at += letters) {
        const auto of_image = probabilities.subspan(at, letters);
        const auto best = std::max_element(of_image.begin(), of_image.end());
        likeliest.push_back({static_cast<std::size_t>(best - of_image.begin()), *best});
    }
    return likeliest;
}

RowOutputs likeliest_outputs(std::span<const formula::Program> formulas, std::span<const double> letters,
                             std::span<const double> probabilities,
                             std::span<const std::uint32_t> rows_of_images, int threads) {
    const auto variables = static_cast<std::size_t>(formulas.front().variables);
    const std::size_t rows = rows_of_images.size() / variables;
    std::vector<std::vector<Possible>> of_images(probabilities.size() / letters.size());
    for (std::size_t i = 0; i < of_images.size(); ++i)
        of_images[i] =
            possible_letters(letters, probabilities.subspan(i * letters.size(), letters.size()));
    RowOutputs outputs{std::vector<double>(formulas.size() * rows),
                       std::vector<double>(formulas.size() * rows)};
    base::parallel_for(rows, threads, [&](std::size_t n) {
        const std::vector<Combination> all =
            combinations(rows_of_images.subspan(n * variables, variables), of_images);
        for (std::size_t t = 0; t < formulas.size(); ++t)
            std::tie(outputs.values[t * rows + n], outputs.probabilities[t * rows + n]) =
                likeliest(formulas[t], all);
    });
    return outputs;
}

} // namespace ropewalk::perception
