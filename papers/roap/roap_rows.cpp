// Rows of the experiments on amortised gradient search: trained, judged and kept one by one.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "papers/roap/roap_table1.hpp"
#include "papers/roap/roap_table1_state.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::papers {

namespace {

std::vector<RoapDifficulty> by_difficulty(const perception::Problem& problem,
                                          const std::vector<bool>& right) {
    std::map<std::int64_t, RoapDifficulty> counts;
    for (std::size_t t = 0; t < right.size(); ++t) {
        const std::int64_t operators = formula::size(problem.pool.formulas[problem.tasks[t]]).operators;
        RoapDifficulty& count = counts[operators];
        count.operators = operators;
        ++count.tasks;
        count.programs_right += right[t];
    }
    std::vector<RoapDifficulty> rising;
    for (const auto& [operators, count] : counts) rising.push_back(count);
    return rising;
}

base::Result<RoapRow> run_row(const RoapRowKind& kind, std::size_t run, const perception::Problem& problem,
                              const RoapTable1Options& options) {
    papers::RoapOptions training = options.training;
    kind.change(training);
    training.run = run;
    training.threads = options.run.threads;
    training.checkpoint = checkpoint_of(options, kind.name, run);
    training.stop = options.run.stop;
    training.progress = [&](long done, long total, const std::string& text) {
        if (!options.run.progress) return;
        const std::string name =
            options.runs == 1 ? kind.name : fmt::format("{}, run {} of {}", kind.name, run + 1, options.runs);
        options.run.progress(done, total, fmt::format("{}: {}", name, text));
    };
    auto learned = papers::learn_roap(problem, training);
    if (!learned) return base::failure(learned.error());
    const auto judgement = judge(problem, training, *learned);
    if (!judgement) return base::failure(judgement.error());
    RoapRow row{.name = kind.name,
                .run = run,
                .paper = kind.paper,
                .tasks = problem.tasks.size(),
                .programs_right = judgement->programs_right,
                .train_loss = judgement->train.outputs.raw,
                .test_loss = judgement->test.outputs.raw,
                .test_loss_normalised = judgement->test.outputs.normalised,
                .size = judgement->size,
                .right_size = judgement->right_size,
                .steps = learned->steps,
                .skipped = learned->skipped,
                .seconds = learned->seconds,
                .processor_seconds = learned->processor_seconds,
                .curve = learned->curve,
                .by_difficulty = by_difficulty(problem, judgement->right)};
    if (!training.symbols_given) {
        row.symbolic_loss = judgement->test.symbols.loss;
        row.modulo_gauge = judgement->test.symbols.loss_modulo_gauge;
    }
    return row;
}

/// Of a run that is finished.
void forget_training(const RoapRowKind& kind, std::size_t run, const RoapTable1Options& options) {
    std::error_code error;
    std::filesystem::remove(checkpoint_of(options, kind.name, run).file, error);
}

/// A run of a row: as it was kept, or made now and kept; none when it was stopped, as that is no measurement.
base::Result<std::optional<RoapRow>> finished_run(const RoapRowKind& kind, std::size_t run,
                                                  const perception::Problem& problem,
                                                  const RoapTable1Options& options,
                                                  std::vector<RoapRow>& finished) {
    const auto known = std::find_if(finished.begin(), finished.end(), [&](const RoapRow& row) {
        return row.name == kind.name && row.run == run;
    });
    if (known != finished.end()) {
        known->paper = kind.paper;
        forget_training(kind, run, options);
        return *known;
    }
    auto row = run_row(kind, run, problem, options);
    if (!row) return base::failure(row.error());
    if (options.run.stop()) return std::nullopt;
    finished.push_back(*row);
    if (const auto saved = save_rows(finished, options); !saved) return base::failure(saved.error());
    forget_training(kind, run, options);
    return std::move(*row);
}

/// The run with the least loss on training images; one whose loss is no number comes last.
RoapRow best_of(const std::vector<RoapRow>& runs) {
    const auto loss = [](const RoapRow& run) {
        return std::isfinite(run.train_loss) ? run.train_loss : std::numeric_limits<double>::infinity();
    };
    RoapRow best = *std::min_element(runs.begin(), runs.end(),
                                     [&](const RoapRow& a, const RoapRow& b) { return loss(a) < loss(b); });
    for (const RoapRow& run : runs) best.runs.push_back({run.train_loss, run.programs_right});
    return best;
}

} // namespace

base::Result<RoapRows> roap_rows(const std::vector<RoapRowKind>& kinds, const RoapTable1Options& options) {
    if (options.runs < 1) return base::failure("--runs", "0", "at least 1");
    auto finished = load_rows(options);
    if (!finished) return base::failure(finished.error());
    const auto problem = learning::problem_of(options.settings, options.run.threads);
    if (!problem) return base::failure(problem.error());
    RoapRows rows;
    std::size_t unit = 0;
    for (const RoapRowKind& kind : kinds) {
        std::vector<RoapRow> runs;
        for (std::size_t run = 0; run < options.runs; ++run) {
            if (!options.run.part.holds(unit++)) continue;
            auto row = finished_run(kind, run, *problem, options, *finished);
            if (!row) return base::failure(row.error());
            if (!*row) {
                rows.complete = false;
                return rows;
            }
            runs.push_back(std::move(**row));
        }
        if (runs.size() == options.runs) rows.rows.push_back(best_of(runs));
    }
    return rows;
}

} // namespace ropewalk::papers
