#include "ropewalk/perception/given_judge.hpp"

#include <cmath>

#include <fmt/format.h>

namespace ropewalk::perception {

base::Result<GivenJudgement> judge_given(const Problem& problem, Engine& engine,
                                         std::span<const std::size_t> formulas) {
    const Images& images = problem.dataset.train;
    std::vector<std::uint32_t> all(images.count());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint32_t>(i);
    GivenJudgement judgement;
    // A part at a time: pixels as floats take four times the memory.
    constexpr std::size_t part = 1000;
    for (std::size_t first = 0; first < all.size(); first += part) {
        const auto some = std::span(all).subspan(first, std::min(part, all.size() - first));
        const auto grounding = engine.ground(pixels_of(images, some));
        if (!grounding) return base::failure(grounding.error());
        judgement.symbols.mean.insert(judgement.symbols.mean.end(), grounding->mean.begin(),
                                      grounding->mean.end());
        judgement.symbols.variance.insert(judgement.symbols.variance.end(), grounding->variance.begin(),
                                          grounding->variance.end());
    }
    MonomialTable found = problem.table;
    found.formulas = formulas.size();
    found.coefficients.clear();
    for (const std::size_t formula : formulas) {
        const auto first =
            problem.table.coefficients.begin() + static_cast<std::ptrdiff_t>(formula * found.monomials);
        found.coefficients.insert(found.coefficients.end(), first,
                                  first + static_cast<std::ptrdiff_t>(found.monomials));
    }
    for (const auto& [examples, errors] : {std::pair{&problem.given->training, &judgement.training},
                                           std::pair{&problem.given->validation, &judgement.validation}}) {
        const std::vector<double> values = expected_values(found, judgement.symbols, examples->images);
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

std::string symbols_text(const Problem& problem, const Grounding& symbols) {
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
