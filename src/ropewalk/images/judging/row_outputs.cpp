#include "ropewalk/images/judging/row_outputs.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
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

/// The likeliest output, its probability, and the mean of all.
struct OutputOfRow {
    double value = 0, probability = 0, mean = 0;
};

bool is_exact(double value) { return value == std::floor(value) && std::abs(value) < rules::most_exact; }

/// Whether rounding alone tells two outputs apart.
bool are_one(double a, double b) {
    constexpr double rounding = 1e-12;
    if (is_exact(a) && is_exact(b)) return a == b;
    return std::abs(a - b) <= rounding * std::max(1.0, std::abs(a));
}

/// `outputs` in rising order; those that rounding alone tells apart are one. Those of `none` or more are left out.
OutputOfRow likeliest(const std::vector<rules::Output>& outputs, double none) {
    OutputOfRow best;
    rules::Output sum;
    double all = 0;
    for (const auto& [value, probability] : outputs) {
        if (value >= none) continue;
        if (all == 0 || !are_one(value, sum.value)) sum = {value, 0};
        sum.probability += probability;
        all += probability;
        best.mean += probability * value;
        if (sum.probability > best.probability) best.value = sum.value, best.probability = sum.probability;
    }
    if (all > 0) best.mean /= all;
    return best;
}

OutputOfRow likeliest(const formula::Program& formula, const std::vector<Combination>& all) {
    std::vector<rules::Output> outputs;
    for (const Combination& each : all)
        outputs.push_back({formula::evaluate(formula, each.letters), each.probability});
    std::stable_sort(outputs.begin(), outputs.end(),
                     [](const rules::Output& a, const rules::Output& b) { return a.value < b.value; });
    return likeliest(outputs, rules::no_selection / 2);
}

} // namespace

double tolerance_of(std::span<const double> given, double deviation) {
    constexpr double of_deviation = 1e-4, rounding = 1e-9, of_whole = 0.4;
    const bool all_whole = std::ranges::all_of(
        given, [](double value) { return std::isnan(value) || value == std::floor(value); });
    const double tolerance = std::max(rounding, of_deviation * deviation);
    return all_whole ? std::min(tolerance, of_whole) : tolerance;
}

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

RowOutputs likeliest_outputs(std::span<const rules::Rule> rules, std::span<const double> letters,
                             std::span<const double> probabilities, const ImagesOfRows& given, int threads) {
    const std::size_t rows = given.rows;
    std::vector<std::vector<Possible>> of_images(probabilities.size() / letters.size());
    for (std::size_t i = 0; i < of_images.size(); ++i)
        of_images[i] =
            possible_letters(letters, probabilities.subspan(i * letters.size(), letters.size()));
    const bool has_formulas = std::any_of(rules.begin(), rules.end(), [](const rules::Rule& rule) {
        return std::holds_alternative<formula::Program>(rule.program);
    });
    const std::vector<double> none(rules.size() * rows);
    RowOutputs outputs{none, none, none};
    base::parallel_for(rows, threads, [&](std::size_t n) {
        const auto row = row_of(given.images, given.starts, rows, n);
        const std::vector<Combination> all = has_formulas ? combinations(row, of_images) : std::vector<Combination>();
        std::vector<const double*> of_row;
        for (const std::uint32_t image : row) of_row.push_back(probabilities.data() + image * letters.size());
        for (std::size_t t = 0; t < rules.size(); ++t) {
            const auto* formula = std::get_if<formula::Program>(&rules[t].program);
            const OutputOfRow found =
                formula != nullptr
                    ? likeliest(*formula, all)
                    : likeliest(rules::outputs_of(std::get<rules::Fold>(rules[t].program), letters, of_row),
                                std::numeric_limits<double>::infinity());
            const std::size_t at = t * rows + n;
            outputs.values[at] = found.value;
            outputs.probabilities[at] = found.probability;
            outputs.means[at] = found.mean;
        }
    });
    return outputs;
}

} // namespace ropewalk::perception
