#include "papers/results/sequence_benchmark.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "papers/results/nearest_example.hpp"
#include "papers/results/sequence_tasks.hpp"
#include "papers/results/wanted.hpp"
#include "papers/shared/shared.hpp"
#include "ropewalk/base/json.hpp"

namespace ropewalk::papers {

namespace {

using Json = nlohmann::ordered_json;

struct Shares {
    double program = 0, control = 0;
};

/// Shares of fresh inputs of `shortest` to `shortest` + 49 symbols whose whole output is right.
Shares shares_right(const SequenceTask& task, const functional::Program* program, const synthesis::Examples& shown,
                    std::uint32_t shortest, int inputs, std::uint64_t seed) {
    constexpr std::uint32_t lengths = 50;
    constexpr std::uint64_t streams = 1000;
    int right = 0, control = 0;
    for (int i = 0; i < inputs; ++i) {
        base::RandomStream random(seed * streams + shortest, base::Purpose::held_out_examples, static_cast<std::uint64_t>(i));
        const auto x = task.input(shortest + random.below(lengths), random);
        const values::Value expected = task.output(x);
        control += nearest_output(shown, {values::list_of(x)}) == expected;
        if (!program) continue;
        const auto value = functional::run(*program, {values::list_of(x)});
        right += value && *value == expected;
    }
    return {static_cast<double>(right) / inputs, static_cast<double>(control) / inputs};
}

synthesis::Examples examples_of(const SequenceTask& task, int count, std::uint64_t seed) {
    constexpr std::uint32_t longest = 8;
    synthesis::Examples shown{{{"x", {values::Kind::integer, 1}}}, {}, {}};
    for (int i = 0; i < count; ++i) {
        base::RandomStream random(seed, base::Purpose::training_examples, static_cast<std::uint64_t>(i));
        const auto x = task.input(1 + random.below(longest), random);
        shown.rows.push_back({{values::list_of(x)}, task.output(x)});
    }
    shown.result = shown.rows[0].output.type;
    return shown;
}

SequenceRun run_of(const SequenceTask& task, int which, const SequenceBenchmarkOptions& options) {
    const std::uint64_t seed = options.seed + static_cast<std::uint64_t>(which);
    const synthesis::Examples shown = examples_of(task, options.examples, seed);
    const base::Stopwatch watch;
    // Of the processor, so that what else the machine does is not counted.
    const auto late = [&] { return watch.processor_seconds() > options.seconds || options.run.stop.requested(); };
    const auto found = synthesis::synthesise(shown, {.run = {.threads = 1, .stop = late}});
    SequenceRun run{.task = task.name, .seed = which, .seconds = watch.processor_seconds(), .program = {}};
    std::optional<synthesis::Choice> choice;
    if (!found.programs.empty()) choice = synthesis::choose(found, shown, seed);
    const functional::Program* const program = choice ? &choice->program : nullptr;
    const Shares middle = shares_right(task, program, shown, 51, options.inputs, seed);
    const Shares long_ones = shares_right(task, program, shown, 101, options.inputs, seed);
    run.right_100 = middle.program, run.right_150 = long_ones.program;
    run.control_100 = middle.control, run.control_150 = long_ones.control;
    if (!program) return run;
    run.program = functional::to_string(*program);
    run.lines = static_cast<int>(std::count(run.program.begin(), run.program.end(), '\n')) - 1;
    return run;
}

const RunFields sequence_fields{std::pair{"task", &SequenceRun::task},
                                std::pair{"seed", &SequenceRun::seed},
                                std::pair{"seconds", &SequenceRun::seconds},
                                std::pair{"right_100", &SequenceRun::right_100},
                                std::pair{"right_150", &SequenceRun::right_150},
                                std::pair{"control_100", &SequenceRun::control_100},
                                std::pair{"control_150", &SequenceRun::control_150},
                                std::pair{"lines", &SequenceRun::lines},
                                std::pair{"program", &SequenceRun::program}};

} // namespace

base::Result<SequenceBenchmark> sequence_benchmark(const SequenceBenchmarkOptions& options) {
    const FinishedRunsFile file{options.run.state_file, options.run.resume,
                                Json{{"benchmark", "sequences"}, {"seconds", options.seconds}, {"seed", options.seed},
                                     {"examples", options.examples}, {"inputs", options.inputs}},
                                "runs", "--tasks and --seeds"};
    auto finished = load_finished(file, sequence_fields);
    if (!finished) return base::failure(finished.error());
    SequenceBenchmark benchmark;
    std::vector<const SequenceTask*> tasks;
    std::vector<std::string> names;
    for (const SequenceTask& task : sequence_tasks()) {
        names.push_back(task.name);
        if (wanted(options.tasks, task.name)) tasks.push_back(&task);
    }
    if (const auto known = all_known(options.tasks, names); !known) return base::failure(known.error());
    std::size_t unit = 0;
    for (const SequenceTask* const task : tasks)
        for (int seed = 0; seed < options.seeds; ++seed) {
            if (!options.run.part.holds(unit++)) continue;
            const auto is_it = [&](const SequenceRun& run) { return run.task == task->name && run.seed == seed; };
            const auto taken = take_run(
                benchmark.runs, *finished, options.run.stop, is_it, [&]() -> base::Result<SequenceRun> { return run_of(*task, seed, options); },
                [&](const std::vector<SequenceRun>& runs) { return save_finished(runs, file, sequence_fields); });
            if (!taken) return base::failure(taken.error());
            if (!*taken) return benchmark;
            if (options.run.progress)
                options.run.progress(static_cast<long>(benchmark.runs.size()), static_cast<long>(tasks.size()) * options.seeds, task->name);
        }
    benchmark.complete = true;
    return benchmark;
}

std::string to_json(const SequenceBenchmark& benchmark) {
    return base::json_text(
               Json{{"runs", sequence_fields.to_json(benchmark.runs)}, {"complete", benchmark.complete}}, 2) +
           "\n";
}

std::string to_csv(const SequenceBenchmark& benchmark) {
    std::string text = "task,seed,seconds,right_100,right_150,control_100,control_150,lines,program\n";
    for (const SequenceRun& run : benchmark.runs)
        text += fmt::format("{},{},{:.2f},{:.4f},{:.4f},{:.4f},{:.4f},{},{}\n", run.task, run.seed,
                            run.seconds, run.right_100, run.right_150, run.control_100, run.control_150,
                            run.lines, base::json_text(Json(run.program)));
    return text;
}

std::string to_markdown(const SequenceBenchmark& benchmark) {
    std::string text = "| task | seeds | all right at 51-100 and 101-150 | right at 51-100, mean | at 101-150 | seconds, mean and most | lines, most | "
                       "control: nearest example | published (trained model) |\n|---|---|---|---|---|---|---|---|---|\n";
    std::string programs = "\nThe programs of the first seed:\n\n";
    for (const SequenceTask& task : sequence_tasks()) {
        SequenceRun sum;
        int runs = 0, whole = 0;
        double longest = 0;
        for (const SequenceRun& run : benchmark.runs) {
            if (run.task != task.name) continue;
            if (runs++ == 0) programs += fmt::format("{}\n```\n{}```\n", run.task, run.program.empty() ? "none\n" : run.program);
            whole += run.right_100 == 1 && run.right_150 == 1;
            sum.right_100 += run.right_100, sum.right_150 += run.right_150;
            sum.control_100 += run.control_100, sum.control_150 += run.control_150;
            sum.seconds += run.seconds;
            longest = std::max(longest, run.seconds);
            sum.lines = std::max(sum.lines, run.lines);
        }
        if (runs == 0) continue;
        text += fmt::format("| {} | {} | {} | {:.4f} | {:.4f} | {:.1f}, {:.1f} | {} | {:.3f}, {:.3f} | {} |\n", task.name, runs, whole,
                            sum.right_100 / runs, sum.right_150 / runs, sum.seconds / runs, longest, sum.lines, sum.control_100 / runs,
                            sum.control_150 / runs, task.published ? task.published : "");
    }
    return text + programs;
}

} // namespace ropewalk::papers
