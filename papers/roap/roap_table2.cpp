#include "papers/roap/roap_table2.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "papers/roap/roap_table2_state.hpp"
#include "papers/shared/shared.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/formulas/text/text.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/judging/judging.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::papers {

namespace {

void take_determined(RoapTable2Run& run, const learning::Learned& learned) {
    using identification::Determined;
    run.table = learned.table.has_value();
    if (!run.table) return;
    run.by_data = tasks_determined(*learned.table, Determined::by_data);
    run.by_prior = tasks_determined(*learned.table, Determined::by_prior);
    run.undetermined = tasks_determined(*learned.table, Determined::no);
    run.symbols = text_of(learned.table->of_symbols());
}

base::Result<RoapTable2Run> measure(const RoapTable2Options& options, std::size_t tasks, std::uint64_t seed,
                                    const base::ProgressSink& progress) {
    RoapTable2Run run;
    run.tasks = tasks;
    run.seed = seed;
    learning::Settings settings = options.settings;
    settings.tasks = tasks;
    settings.seed = seed;
    settings.refine_steps = options.steps;
    const auto problem = learning::problem_of(settings, options.run.threads);
    if (!problem) return base::failure(problem.error());
    learning::LearnOptions learn = learning::learn_options_of(settings);
    learn.run.seconds = 0;
    learn.run.threads = options.run.threads;
    learn.run.stop = options.run.stop;
    learn.run.progress = progress;
    const base::Stopwatch watch;
    const auto learned = learning::learn(*problem, learn);
    if (!learned) return base::failure(learned.error());
    run.seconds = learned->seconds;
    run.processor_seconds = watch.processor_seconds();
    take_determined(run, *learned);
    const std::vector<std::size_t> formulas = identification::formulas_of(learned->decisions);
    const auto judgement = perception::judge(*problem, *learned->engine, formulas);
    if (!judgement) return base::failure(judgement.error());
    run.programs_right = judgement->programs_right;
    run.symbolic_loss = judgement->test.symbols.loss;
    run.modulo_gauge = judgement->test.symbols.loss_modulo_gauge;
    return run;
}

/// Images that stand for their labels: a table looks at outputs only.
datasets::Images labelled_images() {
    constexpr int count = 400, labels = 10;
    datasets::Images images;
    for (int i = 0; i < count; ++i) images.labels.push_back(static_cast<std::uint8_t>(i % labels + 1));
    return images;
}

double deviation(std::span<const double> values) {
    double mean = 0, squares = 0;
    for (const double value : values) mean += value / static_cast<double>(values.size());
    for (const double value : values) squares += (value - mean) * (value - mean);
    return std::sqrt(squares / static_cast<double>(values.size()));
}

/// Whether each image has the symbol that its class is given.
bool symbols_right(const identification::SymbolTable& table, const datasets::Images& images) {
    for (std::size_t c = 0; c < table.letters.size(); ++c)
        for (const std::uint32_t image : table.classes.members[c])
            if (table.letters[c] < 0 || std::abs(table.alphabet[static_cast<std::size_t>(table.letters[c])] -
                                                 images.symbol(image)) > 1e-6)
                return false;
    return true;
}

void count(RoapAlone& alone, const identification::SymbolTable& table, bool right, bool symbols) {
    using identification::Determined;
    const Determined determined = table.of_tasks.front();
    RoapAlone::Count& into = determined == Determined::by_data    ? alone.by_data
                             : determined == Determined::by_prior ? alone.by_prior
                                                                  : alone.undetermined;
    ++into.formulas;
    into.right += right;
    into.symbols_claimed += table.of_symbols() != Determined::no;
    into.symbols_right += symbols;
}

} // namespace

base::Result<RoapAlone> roap_alone(identification::AlphabetPrior prior, const RoapTable2Options& options,
                                   const base::ProgressSink& progress) {
    const base::Stopwatch watch;
    const auto pool = formula::formula_pool({.variables = 3, .operators = 3, .with_zero = false});
    if (!pool) return base::failure(pool.error());
    const auto table = identification::monomial_table(pool->formulas);
    if (!table) return base::failure(table.error());
    const datasets::Images images = labelled_images();
    RoapAlone alone;
    for (std::size_t f = 0; f < pool->formulas.size() && !options.run.stop(); ++f) {
        const auto source = perception::example_source(images, std::span(pool->formulas).subspan(f, 1), 0);
        if (!source) return base::failure(source.error());
        const std::vector<double> sigma{deviation(source->outputs)};
        identification::TableQuestion question;
        question.pool = &*pool;
        question.table = &*table;
        question.ask = [&](std::span<const std::uint32_t> rows) {
            return perception::outputs_of_rows(*source, rows);
        };
        question.images = images.count();
        question.sigma = sigma;
        question.seed = options.settings.seed;
        question.prior = prior;
        const auto found = identification::find_symbol_table(question);
        if (!found) return base::failure(found.error());
        count(alone, *found, found->readings.front().formulas.front() == f, symbols_right(*found, images));
        if (progress)
            progress(static_cast<long>(f), static_cast<long>(pool->formulas.size()),
                     formula::written_text(pool->formulas[f]));
    }
    alone.seconds = watch.seconds();
    return alone;
}

base::Result<RoapTable2> roap_table2(const RoapTable2Options& options) {
    if (options.seeds < 1) return base::failure("--seeds", "0", "at least 1");
    auto finished = load_runs(options);
    if (!finished) return base::failure(finished.error());
    RoapTable2 table{learning::to_json(options.settings), options.steps, {}, std::nullopt, true};
    const std::size_t parts = options.tasks.size() * options.seeds + options.alone;
    std::size_t unit = 0;
    for (const std::size_t tasks : options.tasks)
        for (std::uint64_t seed = options.settings.seed; seed < options.settings.seed + options.seeds;
             ++seed) {
            if (!options.run.part.holds(unit++)) continue;
            const auto taken = take_run(
                table.runs, *finished, options.run.stop,
                [&](const RoapTable2Run& run) { return run.tasks == tasks && run.seed == seed; },
                [&] {
                    return measure(options, tasks, seed,
                                   progress_of_part(options.run.progress, table.runs.size(), parts,
                                                    fmt::format("{} tasks, seed {}", tasks, seed)));
                },
                [&](const std::vector<RoapTable2Run>& runs) { return save_runs(runs, options); });
            if (!taken) return base::failure(taken.error());
            table.complete = *taken;
            if (!table.complete) return table;
        }
    // What is no run is left to the one who has them all.
    if (!options.alone || options.run.part.count > 1) return table;
    auto alone = roap_alone(learning::learn_options_of(options.settings).alphabet, options,
                            progress_of_part(options.run.progress, parts - 1, parts, "formulas alone"));
    if (!alone) return base::failure(alone.error());
    table.complete = !options.run.stop();
    if (table.complete) table.alone = *alone;
    return table;
}

} // namespace ropewalk::papers
