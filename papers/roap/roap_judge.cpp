#include "papers/roap/roap_judge.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/judging/judging.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::papers {

namespace {

namespace field = formula::field;

/// The value for whole numbers, modulo 2^61 - 1.
std::uint64_t field_value(const formula::Program& program, std::span<const int> labels) {
    std::vector<std::uint64_t> slots(labels.begin(), labels.end());
    for (const formula::Line& line : program.lines) {
        const std::uint64_t left = slots[static_cast<std::size_t>(line.left)],
                            right = slots[static_cast<std::size_t>(line.right)];
        switch (line.operation) {
        case formula::Operator::add: slots.push_back(field::add(left, right)); break;
        case formula::Operator::subtract: slots.push_back(field::subtract(left, right)); break;
        case formula::Operator::multiply: slots.push_back(field::multiply(left, right)); break;
        default: slots.push_back(left);
        }
    }
    return slots[static_cast<std::size_t>(program.result())];
}

perception::OutputLoss output_loss(std::span<const double> found, std::span<const double> y,
                                   std::span<const double> sigma) {
    perception::OutputLoss loss;
    const std::size_t rows = y.size() / sigma.size();
    for (std::size_t i = 0; i < y.size(); ++i) {
        const double error = (found[i] - y[i]) * (found[i] - y[i]);
        loss.raw += error / static_cast<double>(y.size());
        loss.normalised += error / (sigma[i / rows] * sigma[i / rows]) / static_cast<double>(y.size());
    }
    return loss;
}

} // namespace

std::vector<bool> right_programs(const perception::Problem& problem,
                                 std::span<const formula::Program> programs, std::size_t rows) {
    const auto variables = static_cast<std::size_t>(problem.pool.variables);
    const std::vector<int> labels =
        formula::draw_labels(rows, problem.pool.variables, problem.seed, perception::test_stream);
    std::vector<bool> right;
    for (std::size_t t = 0; t < programs.size(); ++t) {
        const formula::Program& gold = problem.pool.formulas[problem.tasks[t]];
        bool same = true;
        for (std::size_t n = 0; n < rows && same; ++n) {
            const std::span<const int> row = std::span(labels).subspan(n * variables, variables);
            same = field_value(programs[t], row) == field_value(gold, row);
        }
        right.push_back(same);
    }
    return right;
}

MeanSize mean_size(std::span<const formula::Program> programs, const std::vector<bool>& chosen) {
    constexpr std::int64_t most = 1'000'000;
    MeanSize mean;
    double count = 0;
    for (std::size_t t = 0; t < programs.size(); ++t) {
        if (!chosen[t]) continue;
        const formula::Size size = formula::size(programs[t]);
        mean.nodes += static_cast<double>(std::min(most, size.nodes));
        mean.operators += static_cast<double>(std::min(most, size.operators));
        mean.live_lines += size.live_lines;
        ++count;
    }
    if (count > 0)
        for (double* each : {&mean.nodes, &mean.operators, &mean.live_lines}) *each /= count;
    return mean;
}

std::size_t count_right(const perception::Problem& problem, std::span<const formula::Program> programs) {
    const std::vector<bool> right = right_programs(problem, programs);
    return static_cast<std::size_t>(std::count(right.begin(), right.end(), true));
}

base::Result<RoapJudgement> judge(const perception::Problem& problem, const RoapOptions& options,
                                  RoapLearned& learned, std::size_t rows) {
    const auto variables = static_cast<std::size_t>(problem.pool.variables);
    RoapJudgement judgement;
    judgement.right = right_programs(problem, learned.programs, rows);
    judgement.programs_right =
        static_cast<std::size_t>(std::count(judgement.right.begin(), judgement.right.end(), true));
    judgement.size = mean_size(learned.programs, std::vector<bool>(learned.programs.size(), true));
    judgement.right_size = mean_size(learned.programs, judgement.right);
    for (const auto& [part, images, stream] :
         {std::tuple{&judgement.test, &problem.dataset.test, perception::test_stream},
          std::tuple{&judgement.train, &problem.dataset.train, perception::train_stream}}) {
        const perception::JudgedRows drawn =
            perception::judged_rows(*images, rows, problem.pool.variables, problem.seed, stream);
        std::vector<double> symbols;
        for (const int label : drawn.labels) symbols.push_back(label / 10.0);
        const std::vector<double> y = identification::values_of(
            problem.programs(), perception::label_columns(drawn.labels, variables, 10));
        if (!options.symbols_given) {
            const auto grounding = learned.engine->ground(datasets::pixels_of(*images, drawn.images));
            if (!grounding) return base::failure(grounding.error());
            part->symbols = perception::fit_gauge(grounding->mean, symbols);
            symbols = grounding->mean;
        }
        if (!options.model.has_programs()) {
            const auto outputs = learned.engine->predict(symbols);
            if (!outputs) return base::failure(outputs.error());
            part->outputs = output_loss(*outputs, y, problem.sigma);
            continue;
        }
        std::vector<std::vector<double>> columns(variables);
        for (std::size_t i = 0; i < symbols.size(); ++i) columns[i % variables].push_back(symbols[i]);
        part->outputs = output_loss(identification::values_of(learned.programs, columns), y, problem.sigma);
    }
    return judgement;
}

} // namespace ropewalk::papers
