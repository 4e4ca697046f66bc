#include "ropewalk/images/judging/given_judge.hpp"

#include <algorithm>
#include <cmath>

#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/identification/identification.hpp"

#include <fmt/format.h>

namespace ropewalk::perception {

namespace {

/// The formulas found alone.
identification::MonomialTable part_of(const identification::MonomialTable& table,
                                      std::span<const std::size_t> formulas) {
    identification::MonomialTable part = table;
    part.formulas = formulas.size();
    part.coefficients.clear();
    for (const std::size_t formula : formulas) {
        const auto first =
            table.coefficients.begin() + static_cast<std::ptrdiff_t>(formula * table.monomials);
        part.coefficients.insert(part.coefficients.end(), first,
                                 first + static_cast<std::ptrdiff_t>(table.monomials));
    }
    return part;
}

/// Of every image.
std::vector<double> likeliest_letters(std::span<const double> probabilities,
                                      std::span<const double> alphabet) {
    std::vector<double> letters;
    for (std::size_t at = 0; at < probabilities.size(); at += alphabet.size()) {
        const auto first = probabilities.begin() + static_cast<std::ptrdiff_t>(at);
        const auto last = first + static_cast<std::ptrdiff_t>(alphabet.size());
        letters.push_back(alphabet[static_cast<std::size_t>(std::max_element(first, last) - first)]);
    }
    return letters;
}

std::vector<double> exact_shares(const Problem& problem, const identification::MonomialTable& found,
                                 const std::vector<double>& letters) {
    constexpr double of_deviation = 1e-4;
    const GivenRows& rows = problem.given->validation;
    const identification::Grounding certain{letters, std::vector<double>(letters.size())};
    const std::vector<double> values = identification::expected_values(found, certain, rows.images);
    std::vector<double> shares;
    for (std::size_t t = 0; t < found.formulas; ++t) {
        double exact = 0;
        for (std::size_t n = 0; n < rows.rows; ++n)
            exact += std::abs(values[t * rows.rows + n] - rows.y[t * rows.rows + n]) <=
                     of_deviation * problem.sigma[t];
        shares.push_back(exact / static_cast<double>(rows.rows));
    }
    return shares;
}

} // namespace

base::Result<GivenJudgement> judge_given(const Problem& problem, Engine& engine,
                                         std::span<const std::size_t> formulas) {
    const datasets::Images& images = problem.dataset.train;
    std::vector<std::uint32_t> all(images.count());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint32_t>(i);
    GivenJudgement judgement;
    // A part at a time: pixels as floats take four times the memory.
    constexpr std::size_t part = 1000;
    const std::vector<double> alphabet = engine.alphabet();
    std::vector<double> letters;
    for (std::size_t first = 0; first < all.size(); first += part) {
        const auto some = std::span(all).subspan(first, std::min(part, all.size() - first));
        const std::vector<float> pixels = datasets::pixels_of(images, some);
        const auto grounding = engine.ground(pixels);
        if (!grounding) return base::failure(grounding.error());
        if (!alphabet.empty()) {
            const auto probabilities = engine.read(pixels);
            if (!probabilities) return base::failure(probabilities.error());
            const std::vector<double> read = likeliest_letters(*probabilities, alphabet);
            letters.insert(letters.end(), read.begin(), read.end());
        }
        judgement.symbols.mean.insert(judgement.symbols.mean.end(), grounding->mean.begin(),
                                      grounding->mean.end());
        judgement.symbols.variance.insert(judgement.symbols.variance.end(), grounding->variance.begin(),
                                          grounding->variance.end());
    }
    const identification::MonomialTable found = part_of(problem.table, formulas);
    if (!letters.empty()) judgement.exact = exact_shares(problem, found, letters);
    for (const auto& [examples, errors] : {std::pair{&problem.given->training, &judgement.training},
                                           std::pair{&problem.given->validation, &judgement.validation}}) {
        const std::vector<double> values =
            identification::expected_values(found, judgement.symbols, examples->images);
        for (std::size_t t = 0; t < formulas.size(); ++t) {
            double sum = 0;
            for (std::size_t n = 0; n < examples->rows; ++n) {
                const double rest = values[t * examples->rows + n] - examples->y[t * examples->rows + n];
                sum += rest * rest;
            }
            errors->push_back(sum /
                              (static_cast<double>(examples->rows) * problem.sigma[t] * problem.sigma[t]));
        }
    }
    const double scale = problem.given->scale;
    for (double& mean : judgement.symbols.mean) mean *= scale;
    for (double& variance : judgement.symbols.variance) variance *= scale * scale;
    return judgement;
}

std::string symbols_text(const Problem& problem, const identification::Grounding& symbols) {
    std::string text = "image,symbol,deviation\n";
    for (std::size_t i = 0; i < symbols.mean.size(); ++i) {
        std::string name = problem.given->files[i];
        if (name.find_first_of(",\"\n\r") != std::string::npos) {
            std::string quoted = "\"";
            for (const char c : name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
            name = quoted + "\"";
        }
        text += fmt::format("{},{:.6g},{:.3g}\n", name, symbols.mean[i], std::sqrt(symbols.variance[i]));
    }
    return text;
}

} // namespace ropewalk::perception
