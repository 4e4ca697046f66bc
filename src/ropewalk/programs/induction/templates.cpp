#include "ropewalk/programs/induction/templates.hpp"

#include <algorithm>

#include "ropewalk/programs/induction/realise.hpp"

namespace ropewalk::induction {

namespace {

/// A template longer than this is tuned more slowly than it is worth.
constexpr int most_template_lines = 48;

/// Two edits of a long program are a large neighbourhood; the budget is better spent on more restarts.
constexpr long repair_candidates = 50'000;

} // namespace

double score_of(const assembly::Program& program, const std::vector<machine::Example>& examples) {
    machine::ExactMachine machine(program);
    long right = 0, scored = 0;
    for (const machine::Example& example : examples) {
        machine.load(example);
        machine.run(program.steps.value_or(0));
        const auto [r, s] = machine.score(example);
        right += r;
        scored += s;
    }
    return scored == 0 ? 0 : static_cast<double>(right) / static_cast<double>(scored);
}

std::vector<Template> templates_of(const std::vector<search::Candidate>& near_misses, const tasks::Task& task,
                                   const std::vector<machine::Example>& examples,
                                   const InduceOptions& options) {
    const int padding = options.padding;
    std::vector<Template> templates;
    for (const search::Candidate& miss : near_misses) {
        auto program = realised(miss.program, task, examples);
        if (!program || program->lines() + padding > most_template_lines) continue;
        assembly::Program padded =
            assembly::padded_with_nops(*program, program->lines() + padding, options.padding_placement);
        // No-ops take steps too: as many more as they can take in every round of the loop.
        padded.steps = *program->steps * padded.lines() / program->lines() + 1;
        if (score_of(padded, examples) < score_of(*program, examples)) padded = *program;
        if (auto fitted = tuning::fit_to_task(padded, task))
            templates.push_back({miss.sketch, std::move(*fitted), miss.score});
    }
    const auto loop = assembly::parse("loop: nop\nnop\nnop\nnop\njump 3 loop\n", "loop no-op",
                                      {.base = task.base, .cells = task.cells});
    if (loop) {
        assembly::Program padded = assembly::padded_with_nops(*loop, std::max(task.lines, loop->lines()));
        padded.steps = task.steps;
        if (auto fitted = tuning::fit_to_task(padded, task))
            templates.push_back({"loop no-op", std::move(*fitted), score_of(*fitted, examples)});
    }
    templates.push_back({.name = "random weights"});
    return templates;
}

base::Result<tuning::TuneResult> tune_template(const Template& start, const tasks::Task& task, int restarts,
                                               int iterations, const InduceOptions& options,
                                               std::uint64_t turn, base::Stop stop) {
    tuning::TuneOptions tune{.run = {.seed = options.run.seed + (turn << 32),
                                     .threads = options.run.threads,
                                     .stop = std::move(stop)},
                             .restarts = restarts,
                             .iterations = iterations,
                             .repair_candidates = repair_candidates};
    tune.run.progress = options.run.progress;
    if (start.program) tune.compile.instruction_set = compiler::instruction_set_for(*start.program);
    // Noise is per template: little where nearly everything is right already (Saldyt, Section 3).
    if (start.score > 0.8) tune.compile.gamma = 0.1;
    return tuning::tune(task, start.program, tune);
}

} // namespace ropewalk::induction
