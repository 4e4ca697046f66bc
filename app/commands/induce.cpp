// ropewalk induce: search, tuning and repair together, from examples to a certified program.
#include <array>
#include <filesystem>

#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "app/commands/search_options.hpp"
#include "ropewalk/base/random.hpp"

namespace ropewalk::cli {

namespace {

struct InduceCommandOptions {
    CommonOptions common;
    TaskOptions task;
    SearchCommandOptions search;
    std::string output;
    std::vector<int> rebase;
    bool no_search = false, no_tune = false;
    int restarts = induction::InduceOptions{}.restarts;
    int iterations = induction::InduceOptions{}.iterations;
    int padding = induction::InduceOptions{}.padding;
    std::string padding_placement = "loop";
};

assembly::NopPlacement placement_of(const std::string& name) {
    using assembly::NopPlacement;
    if (name == "start") return NopPlacement::at_start;
    if (name == "end") return NopPlacement::at_end;
    return name == "spread" ? NopPlacement::spread : NopPlacement::in_loop;
}

constexpr std::array<const char*, 6> output_names{
    "run.json", "program.rope", "program.asm", "weights.safetensors", "certificate.json", "search.json"};

/// The program on a machine of another base, with as many cells, checked there.
struct Rebased {
    int base;
    assembly::Program program;
    tuning::Certificate certificate;
};

/// Inputs for a rebased certificate: long arrays take many steps.
constexpr std::uint64_t rebased_inputs = std::uint64_t{1} << 14;

base::Result<Rebased> rebased(const language::Program& source, const tasks::Task& task, int base,
                              const CommonOptions& common) {
    const tasks::Task larger = task.resized(base, base);
    base::RandomStream random(common.seed, base::Purpose::training_examples);
    const auto examples = draw_examples(larger, 16, random);
    return induction::realised(source, larger, examples)
        .and_then([&](const assembly::Program& program) { return tuning::fit_to_task(program, larger); })
        .map([&](assembly::Program program) {
            tuning::Certificate certificate = tuning::certify(
                program, larger,
                {.random_inputs = rebased_inputs, .seed = common.seed, .threads = common.threads});
            return Rebased{base, std::move(program), std::move(certificate)};
        });
}

Json record_of(const induction::Induced& result) {
    Json record = Json::array();
    for (const induction::Turn& turn : result.record)
        record.push_back({{"strategy", turn.strategy},
                          {"seconds", turn.seconds},
                          {"candidates", turn.candidates},
                          {"step_samples", turn.step_samples},
                          {"score", turn.score},
                          {"found", turn.found}});
    return record;
}

Json summary(const InduceCommandOptions& options, const tasks::Task& task, const induction::Induced& result,
             const std::vector<Rebased>& bases) {
    int restarts = 0;
    for (const induction::Turn& turn : result.record)
        restarts += turn.step_samples > 0 ? options.restarts : 0;
    // One run of the algorithm: recovered or not.
    const bool found = result.program.has_value();
    Json object{{"task", task.name},
                {"restarts", restarts},
                {"recovered",
                 {{"soft", to_json(base::wilson(found, 1))},
                  {"hard", to_json(base::wilson(found, 1))},
                  {"certified", to_json(base::wilson(found, 1))}}},
                {"program", found ? Json(to_string(*result.program)) : Json(nullptr)},
                {"source", result.source ? Json(language::to_string(*result.source)) : Json(nullptr)},
                {"found_by", found ? Json(result.found_by) : Json(nullptr)},
                {"candidates", result.candidates},
                {"stop_reason", to_string(result.stop_reason)},
                {"seed", options.common.seed},
                {"certificate", found ? certificate_json(*result.certificate) : Json(nullptr)},
                {"record", record_of(result)},
                {"open", to_json(result.choice, task)},
                {"near_misses", to_json(result.near_misses)},
                {"seconds", result.seconds}};
    if (!bases.empty()) {
        Json list = Json::array();
        for (const Rebased& each : bases)
            list.push_back({{"base", each.base},
                            {"program", to_string(each.program)},
                            {"certificate", certificate_json(each.certificate)}});
        object["rebased"] = list;
    }
    return object;
}

void show(const tasks::Task& task, const induction::Induced& result, const std::vector<Rebased>& bases) {
    if (result.program) {
        fmt::print("Program found for {}: {}\n\n", task.name, task.summary);
        if (result.source) fmt::print("{}\nAs assembly\n\n", language::to_string(*result.source));
        fmt::print("{}\nCertificate {}", to_string(*result.program), describe(*result.certificate));
        fmt::print("Found by {}\n", result.found_by);
        show_choice(result.choice, task);
    } else {
        fmt::print("No certified program found for {}: {}\n", task.name, task.summary);
        show_near_misses(result.near_misses);
    }
    for (const Rebased& each : bases)
        fmt::print("With base {} and {} cells it {}", each.base, each.base, describe(each.certificate));
    fmt::print("\nWhat each step did\n");
    for (const induction::Turn& turn : result.record)
        fmt::print("  {:<28} {:>7.2f} s  {:>12} programs  {:>12} step-samples  best {:.1f}%{}\n",
                   turn.strategy, turn.seconds, turn.candidates, turn.step_samples, 100 * turn.score,
                   turn.found ? "  found" : "");
    fmt::print("{:.1f} s, stopped: {}\n", result.seconds, to_string(result.stop_reason));
}

base::Result<std::string> write_folder(const InduceCommandOptions& options, const induction::Induced& result,
                                       const Json& run) {
    namespace fs = std::filesystem;
    const fs::path folder = options.output;
    const auto overwrite = options.common.force ? base::Overwrite::allow : base::Overwrite::refuse;
    if (auto made = make_folder(options.output); !made) return made;
    // A program of an earlier run must not pass for one of this run.
    if (options.common.force) remove_files(options.output, output_names);
    const auto write = [&](const char* name, const std::string& content) {
        return base::write_file((folder / name).string(), content, overwrite);
    };
    auto written = write("run.json", run.dump(2) + "\n").and_then([&](auto) {
        return write("search.json",
                     Json{{"record", run["record"]}, {"near_misses", run["near_misses"]}}.dump(2) + "\n");
    });
    if (written && result.source) written = write("program.rope", language::to_string(*result.source));
    if (written && result.program) written = write("program.asm", to_string(*result.program));
    if (written && result.certificate)
        written = write("certificate.json", tuning::to_json(*result.certificate));
    if (written && result.weights)
        written = write("weights.safetensors", compiler::to_safetensors(*result.weights));
    return written;
}

base::Result<std::string> check_rebase(const InduceCommandOptions& options, const tasks::Task& task) {
    if (options.rebase.empty() || task.resized) return std::string{};
    std::string known;
    for (const tasks::Task& each : tasks::catalogue())
        if (each.resized) known += (known.empty() ? "" : ", ") + each.name;
    return base::failure("--rebase", fmt::format("task {}, which has one size only", task.name),
                         "a task that exists in every size: " + known);
}

int run(const InduceCommandOptions& options) {
    if (const auto folder = free_folder(options.output, output_names, options.common.force); !folder)
        return report(folder.error());
    if (options.no_search && options.no_tune)
        return report(
            {{.file = "induce", .found = "--no-search and --no-tune", .expected = "at most one of them"}});
    const auto task = task_of(options.task);
    if (!task) return report(task.error());
    if (const auto possible = check_rebase(options, *task); !possible) return report(possible.error());
    if (contradictory(*task)) return exit_not_found;
    auto limits = search_options_of(options.search, options.common);
    if (!limits) return report(limits.error());
    const auto result = [&] {
        base::ProgressReporter progress("inducing " + task->name,
                                        base::ProgressReporter::style_for(stderr, options.common.quiet));
        return induction::induce(*task, {.seconds = options.search.seconds,
                                         .programs = options.search.programs,
                                         .examples = options.search.examples,
                                         .restarts = options.restarts,
                                         .iterations = options.iterations,
                                         .padding = options.padding,
                                         .padding_placement = placement_of(options.padding_placement),
                                         .search = !options.no_search,
                                         .tune = !options.no_tune,
                                         .search_options = std::move(*limits),
                                         .seed = options.common.seed,
                                         .threads = options.common.threads,
                                         .progress = progress.sink(),
                                         .stop = interruption()});
    }();
    if (!result) return report(result.error());
    std::vector<Rebased> bases;
    bool all_hold = true;
    if (result->source)
        for (const int base : options.rebase) {
            auto larger = rebased(*result->source, *task, base, options.common);
            if (!larger) return report(larger.error());
            all_hold = all_hold && larger->certificate.holds;
            bases.push_back(std::move(*larger));
        }
    else if (!options.rebase.empty() && result->program)
        fmt::print(stderr, "note: found as assembly only, which cannot be moved to another base\n");
    const Json object = summary(options, *task, *result, bases);
    if (options.common.json)
        print(object);
    else
        show(*task, *result, bases);
    if (!options.output.empty())
        if (const auto written = write_folder(options, *result, object); !written)
            return report(written.error());
    return result->program && all_hold ? exit_done : exit_not_found;
}

} // namespace

void add_induce(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<InduceCommandOptions>();
    CLI::App* command =
        app.add_subcommand("induce", "Find a certified program: search, tuning and repair together");
    add_task_options(*command, options->task);
    add_search_options(*command, options->search);
    command->add_option("--restarts", options->restarts, "Restarts of a template in tuning")
        ->capture_default_str()
        ->check(CLI::Range(1, 100'000));
    command->add_option("--iterations", options->iterations, "Gradient steps of a template's first turn")
        ->capture_default_str()
        ->check(CLI::Range(1, 1'000'000));
    command->add_option("--padding", options->padding, "No-ops added to a template before it is tuned")
        ->capture_default_str()
        ->check(CLI::Range(0, 64));
    command
        ->add_option("--padding-at", options->padding_placement, "Where they go: loop, start, end or spread")
        ->capture_default_str()
        ->check(CLI::IsMember({"loop", "start", "end", "spread"}));
    command->add_flag("--no-search", options->no_search, "Tuning only");
    command->add_flag("--no-tune", options->no_tune, "Search only");
    command
        ->add_option("--rebase", options->rebase,
                     "Check the program in other bases too, with as many cells, e.g. 16,64")
        ->delimiter(',')
        ->check(CLI::Range(2, assembly::largest_base));
    command->add_option(
        "-o,--output", options->output,
        "Folder for program.rope, program.asm, weights.safetensors, certificate.json, search.json "
        "and run.json");
    command->add_flag("--force", options->common.force, "Replace files in the output folder");
    add_common_options(*command, options->common);
    command->footer("Example: ropewalk induce --task sort --rebase 16,64 -o runs/sort\n"
                    "         ropewalk induce --examples mine.jsonl\n"
                    "Exit status 1 when no certified program was found.");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace ropewalk::cli
