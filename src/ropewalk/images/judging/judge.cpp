#include "ropewalk/images/judging/judge.hpp"

#include <algorithm>
#include <tuple>

#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/judging/judged_rows.hpp"

namespace ropewalk::perception {

namespace {

/// Whole numbers in double precision are exact here: ten to the power of a formula's degree is far below
/// 2^53.
std::vector<bool> right_programs(std::span<const formula::Program> found,
                                 std::span<const formula::Program> gold, const std::vector<int>& labels) {
    const auto columns = label_columns(labels, static_cast<std::size_t>(gold.front().variables), 1);
    std::vector<bool> right;
    for (std::size_t t = 0; t < gold.size(); ++t)
        right.push_back(formula::evaluate(found[t], columns) == formula::evaluate(gold[t], columns));
    return right;
}

/// Table of only the formulas found, one per task.
base::Result<identification::MonomialTable> found_table(std::span<const formula::Program> found) {
    return identification::monomial_table({found.begin(), found.end()});
}

OutputLoss output_loss(std::span<const double> points, std::span<const double> expected,
                       std::span<const double> y, std::span<const double> sigma) {
    OutputLoss loss;
    const std::size_t rows = y.size() / sigma.size();
    for (std::size_t i = 0; i < y.size(); ++i) {
        const double scale = 1 / (sigma[i / rows] * sigma[i / rows]);
        const double point = (points[i] - y[i]) * (points[i] - y[i]);
        const double moment = (expected[i] - y[i]) * (expected[i] - y[i]);
        loss.raw += point;
        loss.normalised += point * scale;
        loss.raw_by_moments += moment;
        loss.normalised_by_moments += moment * scale;
    }
    for (double* each : {&loss.raw, &loss.normalised, &loss.raw_by_moments, &loss.normalised_by_moments})
        *each /= static_cast<double>(y.size());
    return loss;
}

} // namespace

GaugeFit fit_gauge(std::span<const double> grounded, std::span<const double> gold) {
    GaugeFit fit;
    const auto count = static_cast<double>(gold.size());
    double mean_x = 0, mean_y = 0, variance = 0, covariance = 0;
    for (std::size_t i = 0; i < gold.size(); ++i) {
        mean_x += grounded[i] / count;
        mean_y += gold[i] / count;
    }
    for (std::size_t i = 0; i < gold.size(); ++i) {
        variance += (grounded[i] - mean_x) * (grounded[i] - mean_x);
        covariance += (grounded[i] - mean_x) * (gold[i] - mean_y);
    }
    fit.scale = variance > 0 ? covariance / variance : 0;
    fit.offset = mean_y - fit.scale * mean_x;
    for (std::size_t i = 0; i < gold.size(); ++i) {
        const double raw = grounded[i] - gold[i], rest = fit.scale * grounded[i] + fit.offset - gold[i];
        fit.loss += raw * raw / count;
        fit.loss_modulo_gauge += rest * rest / count;
    }
    return fit;
}

base::Result<Judgement> judge(const Problem& problem, Engine& engine, std::span<const std::size_t> formulas,
                              const JudgeOptions& options) {
    const auto variables = static_cast<std::size_t>(problem.pool.variables);
    const auto found = problem.programs(formulas), gold = problem.programs();
    const auto table = found_table(found);
    if (!table) return base::failure(table.error());
    Judgement judgement;
    for (const auto& [part, images, stream] :
         {std::tuple{&judgement.test, &problem.dataset.test, test_stream},
          std::tuple{&judgement.train, &problem.dataset.train, train_stream}}) {
        const JudgedRows rows =
            judged_rows(*images, options.rows, problem.pool.variables, problem.seed, stream);
        const auto symbols = label_columns(rows.labels, variables, 10);
        const std::vector<double> y = identification::values_of(gold, symbols);
        const auto grounding = engine.ground(datasets::pixels_of(*images, rows.images));
        if (!grounding) return base::failure(grounding.error());
        std::vector<double> gold_symbols;
        for (const int label : rows.labels) gold_symbols.push_back(label / 10.0);
        part->symbols = fit_gauge(grounding->mean, gold_symbols);
        std::vector<std::vector<double>> means(variables);
        for (std::size_t i = 0; i < grounding->mean.size(); ++i)
            means[i % variables].push_back(grounding->mean[i]);
        const std::vector<double> expected =
            identification::expected_values(*table, *grounding, rows.positions);
        part->outputs = output_loss(identification::values_of(found, means), expected, y, problem.sigma);
        if (stream != test_stream) continue;
        judgement.right = right_programs(found, gold, rows.labels);
        for (std::size_t i = 0; i < std::min({options.shown, options.rows, gold.size()}); ++i) {
            const auto row = rows.labels.begin() + static_cast<std::ptrdiff_t>(i * variables);
            judgement.shown.push_back({i,
                                       {row, row + static_cast<std::ptrdiff_t>(variables)},
                                       expected[i * options.rows + i],
                                       y[i * options.rows + i]});
        }
    }
    judgement.programs_right =
        static_cast<std::size_t>(std::count(judgement.right.begin(), judgement.right.end(), true));
    return judgement;
}

} // namespace ropewalk::perception
