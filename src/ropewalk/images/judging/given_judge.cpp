#include "ropewalk/images/judging/given_judge.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ropewalk/formulas/table/table.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/judging/row_outputs.hpp"

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

std::vector<double> exact_shares(const Problem& problem, const GivenRows& rows, const RowOutputs& outputs) {
    std::vector<double> shares;
    for (std::size_t t = 0; t < problem.task_count(); ++t) {
        const std::span<const double> given = std::span(rows.y).subspan(t * rows.rows, rows.rows);
        const double tolerance = tolerance_of(given, problem.sigma[t]);
        double exact = 0;
        for (std::size_t n = 0; n < rows.rows; ++n)
            exact += std::abs(outputs.values[t * rows.rows + n] - given[n]) <= tolerance;
        shares.push_back(exact / static_cast<double>(rows.rows));
    }
    return shares;
}

/// Per task, the mean of squares of what is left over their variance.
std::vector<double> errors_of(const Problem& problem, const GivenRows& rows, const std::vector<double>& values) {
    std::vector<double> errors;
    for (std::size_t t = 0; t < problem.task_count(); ++t) {
        double sum = 0;
        for (std::size_t n = 0; n < rows.rows; ++n) {
            const double rest = values[t * rows.rows + n] - rows.y[t * rows.rows + n];
            sum += rest * rest;
        }
        errors.push_back(sum / (static_cast<double>(rows.rows) * problem.sigma[t] * problem.sigma[t]));
    }
    return errors;
}

/// Reads all images, as if each were alone.
base::Status read_all(const datasets::Images& images, Engine& engine, const base::Stop& stop,
                      GivenJudgement& judgement) {
    std::vector<std::uint32_t> all(images.count());
    std::iota(all.begin(), all.end(), 0u);
    // A part at a time: pixels as floats take four times the memory.
    constexpr std::size_t part = 500;
    for (std::size_t first = 0; first < all.size() && !judgement.stopped; first += part) {
        const auto some = std::span(all).subspan(first, std::min(part, all.size() - first));
        auto read = engine.read_alone(datasets::pixels_of(images, some));
        if (!read) return base::failure(read.error());
        const auto append = [](std::vector<double>& to, const std::vector<double>& from) {
            to.insert(to.end(), from.begin(), from.end());
        };
        append(judgement.symbols.mean, read->symbols.mean);
        append(judgement.symbols.variance, read->symbols.variance);
        append(judgement.probabilities, read->probabilities);
        judgement.stopped = stop.requested();
    }
    return {};
}

} // namespace

base::Result<GivenJudgement> judge_given(const Problem& problem, Engine& engine,
                                         std::span<const std::size_t> formulas,
                                         const GivenJudgeOptions& options) {
    GivenJudgement judgement;
    judgement.letters = letters_of(engine, problem.given()->scale);
    if (auto read = read_all(problem.dataset.train, engine, options.stop, judgement); !read)
        return base::failure(read.error());
    if (judgement.stopped) return judgement;
    std::vector<rules::Rule> rules = options.rules;
    if (rules.empty())
        for (const std::size_t formula : formulas) rules.push_back(rules::rule_of(problem.pool.formulas[formula]));
    const auto outputs_on = [&](const GivenRows& rows) {
        return likeliest_outputs(rules, judgement.letters, judgement.probabilities,
                                 {rows.rows, rows.images, rows.starts}, options.threads);
    };
    const GivenRows& kept = problem.given()->validation;
    if (!judgement.letters.empty()) {
        RowOutputs outputs = outputs_on(kept);
        judgement.exact = exact_shares(problem, kept, outputs);
        if (!options.rules.empty()) judgement.validation = errors_of(problem, kept, outputs.means);
    }
    if (!options.rules.empty()) {
        const GivenRows& training = problem.given()->training;
        judgement.training = errors_of(problem, training, outputs_on(training).means);
    } else {
        const identification::MonomialTable found = part_of(problem.table, formulas);
        for (const auto& [examples, errors] : {std::pair{&problem.given()->training, &judgement.training},
                                               std::pair{&kept, &judgement.validation}})
            *errors = errors_of(problem, *examples,
                                identification::expected_values(found, judgement.symbols, examples->images));
    }
    const double scale = problem.given()->scale;
    for (double& mean : judgement.symbols.mean) mean *= scale;
    for (double& variance : judgement.symbols.variance) variance *= scale * scale;
    return judgement;
}

bool explains(double error) { return error < 0.5; }

std::vector<std::string> unexplained_outputs(const Problem& problem, const GivenJudgement& judgement) {
    std::vector<std::string> names;
    for (std::size_t t = 0; t < judgement.validation.size(); ++t)
        if (!explains(judgement.validation[t])) names.push_back(problem.given()->outputs[t]);
    return names;
}

std::string symbols_text(const Problem& problem, const GivenJudgement& judgement) {
    const std::vector<double>& letters = judgement.letters;
    const std::vector<LikeliestLetter> read = letters.empty()
                                                  ? std::vector<LikeliestLetter>()
                                                  : likeliest_letters(judgement.probabilities, letters.size());
    std::string text =
        letters.empty() ? "image,symbol,deviation\n" : "image,symbol,deviation,letter,probability\n";
    for (std::size_t i = 0; i < judgement.symbols.mean.size(); ++i) {
        text += fmt::format("{},{:.6g},{:.3g}", formula::csv_field(problem.given()->files[i]),
                            judgement.symbols.mean[i], std::sqrt(judgement.symbols.variance[i]));
        if (!read.empty())
            text += fmt::format(",{:.7g},{:.6g}", letters[read[i].letter], read[i].probability);
        text += '\n';
    }
    return text;
}

} // namespace ropewalk::perception
