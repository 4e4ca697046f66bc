// ropewalk perceive: learn to read images, and find the formulas that explain numbers about them.
#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>

#include "app/commands/amortise.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/learning_report.hpp"
#include "app/commands/perceive_report.hpp"
#include "app/reports/reports.hpp"
#include "ropewalk/formulas/text/text.hpp"
#include "ropewalk/images/perceiving/perceiving.hpp"

namespace ropewalk::cli {

namespace {

struct PerceiveOptions {
    CommonOptions common;
    learning::Settings settings;
    perceiving::PerceiveOptions run;
    AmortiseChoice amortise;
    std::string method = "hybrid";
    std::uint64_t seeds = 0; ///< 0: one run, in the folder itself
    PartOptions part;
};

/// Those of the run in the folder, which the process that leads tells the others.
base::Result<std::optional<learning::Settings>> settings_of_run(const PerceiveOptions& options) {
    perception::ProcessGroup& group = *options.run.group;
    std::optional<learning::Settings> stored;
    if (group.leads()) {
        const auto loaded = perceiving::settings_of_run(options.run.folder);
        if (!loaded) return base::failure(loaded.error());
        stored = *loaded;
    }
    std::string text = stored ? learning::to_json(*stored) : std::string();
    if (auto sent = group.broadcast(text); !sent) return base::failure(std::move(sent.error()));
    if (group.leads() || text.empty()) return stored;
    const auto received = learning::settings_from_json(text, "process 0");
    if (!received) return base::failure(received.error());
    return *received;
}

/// A run that is gone on with has the settings it began with, but for those that the command line gives. Once
/// there is a checkpoint, these must be the same, too.
base::Status take_settings_of_run(PerceiveOptions& options, CLI::App& command) {
    if (options.run.folder.empty())
        return base::failure("--resume", "no folder", "-o with the folder of the run");
    const auto stored = settings_of_run(options);
    if (!stored) return base::failure(stored.error());
    if (!*stored) return {};
    options.settings = **stored;
    options.common.seed = options.settings.seed;
    for (CLI::Option* given : command.get_options([](CLI::Option* each) { return each->count() > 0; }))
        given->run_callback();
    const bool other_images = options.settings.images != (*stored)->images;
    if (other_images && options.settings.data == (*stored)->data) options.settings.data.clear();
    if (options.settings.images == "manifest" && options.settings.private_images)
        return base::failure("--resume", "--manifest with --private-images", "one of them");
    return {};
}

/// Finds the processes that `torchrun` has started, of which one writes and speaks.
base::Status join_processes(PerceiveOptions& options, CLI::App& command) {
    if (options.seeds > 0 && perception::has_other_processes())
        return base::failure("--seeds", "several processes", "--part, which deals seeds out to processes");
    auto group = perception::process_group_of_environment();
    if (!group) return base::failure(group.error());
    options.run.group = options.amortise.group = std::move(*group);
    if (options.run.resume)
        if (auto taken = take_settings_of_run(options, command); !taken) return taken;
    if (auto fine = perception::checked_ranks(*options.run.group, options.settings.ranks); !fine) return fine;
    if (options.run.group->leads()) return {};
    options.run.folder.clear();
    options.run.resume = false;
    options.common.page.clear();
    options.common.quiet = true;
    return {};
}

base::Status check_amortise(const PerceiveOptions& options) {
    const learning::Settings& settings = options.settings;
    if (!options.amortise.asked || (settings.images != "manifest" && !settings.private_images)) return {};
    return base::failure("--amortise", settings.private_images ? "--private-images" : "--manifest",
                         "images of which rows for all tasks can be formed");
}

base::Result<perceiving::Perceived> perceived(PerceiveOptions& options, LivePage& page) {
    base::ProgressReporter progress("perceiving " + options.settings.images,
                                    base::ProgressReporter::style_for(stderr, options.common.quiet));
    options.settings.seed = options.common.seed;
    options.run.run.threads = options.common.threads;
    options.run.run.stop = interruption(options.run.group->size() > 1);
    options.run.run.progress = page.watching(progress.sink());
    options.run.replace = options.common.force;
    options.run.further = !options.amortise.asked;
    options.run.opened = [&page, leads = options.run.group->leads()](const perception::Problem& problem) {
        if (!leads) return;
        // Whether it can be written was asked before.
        (void)page.begin();
        if (!problem.given()) return;
        for (const std::string& note : problem.given()->notes) say("note: {}\n", with_option_names(note));
    };
    return perceiving::perceive(options.settings, options.run);
}

void show_formulas_alone(const perceiving::Perceived& run) {
    const std::vector<learning::Answer> answers = learning::answers_of(run.problem, run.learned);
    for (std::size_t t = 0; t < answers.size(); ++t)
        fmt::print("{:<16}{}\n", perception::task_name(run.problem, t), answers[t].text);
    fmt::print("\nNot judged     there was no time to read all images\n");
}

void show(const perceiving::Perceived& run, bool kept, bool details) {
    if (run.given)
        show_given(run.problem, *run.given, learning::answers_of(run.problem, run.learned), details);
    else if (run.judgement)
        show_judgement(run.problem, *run.judgement, run.learned.decisions, details);
    else
        show_formulas_alone(run);
    if (run.generalisation) show_generalisation(*run.generalisation);
    show_learned(run.problem, run.learned, kept, details);
}

int report_nothing(const PerceiveOptions& options, const perceiving::Perceived& run) {
    if (options.common.json) print(base::parse_json<Json>(to_json(run)));
    if (run.problem.has_long_rows() && !run.learned.no_letters.empty())
        say("nothing learned: {}", run.learned.no_letters);
    else
        say("nothing learned: {} before any formula was decided; {}{}\n",
            run.learned.interrupted ? "stopped on request" : "out of time", run.learned.interrupted ? "" : "more --seconds",
            options.run.folder.empty() ? "" : run.learned.interrupted ? "--resume goes on" : ", or --resume");
    return exit_not_found;
}

void say_notes(const perceiving::Perceived& run, const PerceiveOptions& options) {
    if (run.learned.nothing_left && !options.amortise.asked)
        say("note: nothing is left to learn: the run has made all {} of its --refine-steps; a larger number "
            "goes on\n",
            run.learned.refine_steps);
    if (run.no_generalisation)
        say("note: no generalisation: {}\n",
            run.no_generalisation == base::StopReason::interrupted ? "stopped on request" : "out of time");
}

/// Teaches a synthesizer what was learned and adds what it is worth to the run's JSON; the exit status.
int add_synthesizer(const PerceiveOptions& options, const perceiving::Perceived& run, Json& object) {
    const std::string& folder = options.run.folder;
    const auto lock = base::FolderLock::take(folder);
    if (!lock) return report(lock.error());
    const auto synthesizer = amortised_report(options.amortise, options.common, folder, options.run.device,
                                              options.run.resume, run.settings, run.problem, run.learned);
    if (!synthesizer) {
        report(synthesizer.error());
        return exit_not_found;
    }
    object["synthesizer"] = synthesizer->json;
    if (!folder.empty()) {
        const auto file = (std::filesystem::path(folder) / learning::run_name).string();
        const std::string text = base::json_file_text(object);
        if (auto written = base::write_file(file, text, base::Overwrite::allow); !written)
            return report(written.error());
    }
    if (!options.common.json) fmt::print("{}", synthesizer->text);
    return exit_done;
}

bool teaches_synthesizer(const PerceiveOptions& options, const perceiving::Perceived& run) {
    return options.amortise.asked && run.learned.decided && run.learned.phase == learning::Phase::done;
}

/// What a process does that does not lead, once it has learned.
int follow(const PerceiveOptions& options, const perceiving::Perceived& run) {
    if (!teaches_synthesizer(options, run)) return exit_done;
    const auto taught = amortised_report(options.amortise, options.common, "", options.run.device, false, run.settings,
                                         run.problem, run.learned);
    return taught ? exit_done : report(taught.error());
}

/// Runs one of several seeds in a folder of its own, unless it is finished there.
base::Status run_seed(PerceiveOptions options, std::uint64_t seed) {
    options.common.seed = seed;
    options.run.folder = perceiving::folder_of_seed(options.run.folder, seed);
    std::error_code error;
    const std::filesystem::path folder(options.run.folder);
    if (options.run.resume && std::filesystem::exists(folder / learning::run_name, error)) return {};
    options.run.resume = options.run.resume && std::filesystem::exists(folder / learning::settings_name, error);
    LivePage no_page("", "", options.common);
    const auto run = perceived(options, no_page);
    if (!run) return base::failure(run.error());
    if (run->learned.phase == learning::Phase::done && run->learned.decided) return {};
    return base::failure(options.run.folder,
                         run->learned.interrupted ? "a run that was stopped on request" : "a run that was out of time",
                         "--resume, or more --seconds");
}

/// What the runs of all seeds come to, into their folder.
int finish_seeds(const PerceiveOptions& options) {
    std::vector<perceiving::SeedRun> runs;
    for (std::uint64_t i = 0; i < options.seeds; ++i) {
        const auto run = perceiving::seed_run(options.run.folder, options.common.seed + i);
        if (!run) return report(run.error());
        runs.push_back(*run);
    }
    const std::string json = to_json(runs);
    const std::array names{perceiving::seeds_json_name, perceiving::seeds_csv_name};
    const std::vector<std::pair<const char*, std::string>> files{{names[0], json}, {names[1], to_csv(runs)}};
    if (const auto saved = base::write_files(options.run.folder, files, names, base::Overwrite::allow); !saved)
        return report(saved.error());
    const perceiving::SeedRun& best = best_of(runs);
    if (options.common.json)
        fmt::print("{}", json);
    else
        fmt::print("{} of {} seeds explain their outputs; the best run is in {}\n",
                   std::count_if(runs.begin(), runs.end(), [](const auto& run) { return run.explained; }), runs.size(),
                   perceiving::folder_of_seed(options.run.folder, best.seed));
    return best.explained ? exit_done : exit_not_found;
}

base::Manifest seeds_manifest(const PerceiveOptions& options, const CLI::App& command) {
    std::map<std::string, std::string> inputs;
    if (options.settings.images == "manifest")
        if (const auto text = base::read_file(options.settings.data)) inputs["manifest"] = base::sha256(*text);
    return manifest_of(command, options.part, inputs);
}

int run_seeds(const PerceiveOptions& options, const CLI::App& command) {
    if (options.run.folder.empty() || options.amortise.asked)
        return report({{.file = "--seeds",
                        .found = options.amortise.asked ? "--amortise" : "no folder",
                        .expected = options.amortise.asked ? "runs without a synthesizer" : "-o with a folder for the runs"}});
    if (options.part.join) {
        const auto parts = parts_of(options.run.folder, seeds_manifest(options, command));
        return parts ? finish_seeds(options) : report(parts.error());
    }
    const base::Part part = options.part.part.value_or(base::Part());
    std::string part_folder;
    if (options.part.part) {
        const auto folder = begin_part(options.run.folder, part, {}, {true, options.run.resume, options.common.force});
        if (!folder) return report(folder.error());
        part_folder = *folder;
    }
    const auto lock = base::FolderLock::take(options.part.part ? part_folder : options.run.folder);
    if (!lock) return report(lock.error());
    std::uint64_t finished = 0;
    for (std::uint64_t i = 0; i < options.seeds; ++i) {
        if (!part.holds(i)) continue;
        if (const auto done = run_seed(options, options.common.seed + i); !done) return report(done.error());
        ++finished;
    }
    if (!options.part.part) return finish_seeds(options);
    if (const auto saved = base::save_manifest(part_folder, seeds_manifest(options, command)); !saved)
        return report(saved.error());
    return tell_part(options.run.folder, part, fmt::format("{} of {} seeds", finished, options.seeds), options.common.json);
}

int run(PerceiveOptions& options, CLI::App& command) {
    if (options.seeds > 0) return run_seeds(options, command);
    if (options.part.part || options.part.join)
        return report({{.file = "--part", .found = "a single run", .expected = "--seeds N: a seed is what is dealt out"}});
    if (const auto joined = join_processes(options, command); !joined) return report(joined.error());
    if (const auto fine = check_amortise(options); !fine) return report(fine.error());
    if (const auto free = check_page(options.common); !free) return report(free.error());
    LivePage page(options.common.page, "Perceiving " + options.settings.images, options.common);
    const auto run = perceived(options, page);
    if (!run) return report(run.error());
    if (!options.run.group->leads()) return follow(options, *run);
    if (!run->learned.decided) return report_nothing(options, *run);
    say_notes(*run, options);
    if (!options.common.json) show(*run, !options.run.folder.empty(), options.common.details);
    Json object = base::parse_json<Json>(to_json(*run));
    const bool teaches = teaches_synthesizer(options, *run);
    if (teaches)
        if (const int status = add_synthesizer(options, *run, object); status != exit_done) return status;
    if (options.common.json) print(object);
    if (const auto shown = page.finish([&] { return report_page(object, options.run.folder); }); !shown)
        return report(shown.error());
    if (options.amortise.asked && !teaches) {
        say("no synthesizer: learning was {}; more --seconds, or --resume --amortise\n",
            run->learned.interrupted ? "stopped on request" : "out of time");
        return exit_not_found;
    }
    return run->is_explained() ? exit_done : exit_not_found;
}

void add_manifest_options(CLI::App& command, learning::Settings& settings) {
    CLI::Option* file = command.add_option_function<std::string>(
        "--manifest",
        [&settings](const std::string& path) {
            settings.images = "manifest";
            settings.data = path;
        },
        "Your own data: a CSV file with columns of image files (PNG, JPEG) and columns of numbers");
    for (const char* other : {"--images", "--data", "--tasks", "--private-images"})
        file->excludes(command.get_option(other));
    for (const char* name :
         {"image_columns", "output_columns", "holdout", "scale", "size", "background", "skip_damaged"})
        add_setting(command, settings, name)->needs(file);
}

void add_image_options(CLI::App& command, learning::Settings& settings) {
    command.add_option("--images", settings.images, "glyphs (drawn here), mnist or cifar10")
        ->capture_default_str()
        ->check(CLI::IsMember({"glyphs", "mnist", "cifar10"}));
    command.add_option("--data", settings.data, "Folder with the files of MNIST (IDX) or CIFAR-10 (binary)");
    for (const char* name : {"tasks", "operators", "private_images"}) add_setting(command, settings, name);
}

void add_network_options(CLI::App& command, learning::Settings& settings) {
    for (const char* name : {"network", "augmentation", "width", "stem", "precision", "letters"})
        add_setting(command, settings, name);
}

void add_search_options(CLI::App& command, learning::Settings& settings) {
    for (const char* name : {"start", "alphabet", "refine_steps", "consensus", "ranks"})
        add_setting(command, settings, name);
}

void add_output_options(CLI::App& command, PerceiveOptions& options) {
    command.add_option(
        "-o,--output", options.run.folder,
        "Folder for run.json, programs.json, weights.safetensors, settings.json and the checkpoint");
    command.add_flag(
        "--resume", options.run.resume,
        "Go on with the run in the folder, with the settings it began with; --amortise, --device and "
        "--seconds are given again");
    add_setting(command, options.run, "checkpoint_seconds");
    command
        .add_option("--seeds", options.seeds,
                    "Learn so many times, with seeds from --seed on, each in a folder seed-S of its own; seeds.json says "
                    "which run to take")
        ->check(CLI::Range(1, 100'000));
    add_part_option(command, options.part);
    command.add_flag("--force", options.common.force, "Replace the run in the folder")
        ->excludes(command.get_option("--resume"));
}

} // namespace

void add_perceive(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<PerceiveOptions>();
    learning::Settings& settings = options->settings;
    CLI::App* command =
        app.add_subcommand("perceive", "Learn to read images and find formulas that explain numbers");
    add_image_options(*command, settings);
    add_manifest_options(*command, settings);
    add_setting(*command, options->run, "generalisation");
    command->add_option("--method", options->method, "hybrid: exact posterior over formulas")
        ->capture_default_str()
        ->check(CLI::IsMember({"hybrid"}));
    add_network_options(*command, settings);
    add_search_options(*command, settings);
    command->add_option("--seconds", options->run.run.seconds, "Time for everything; 0: no limit")
        ->capture_default_str()
        ->check(CLI::NonNegativeNumber);
    add_amortise_options(*command, options->amortise);
    add_output_options(*command, *options);
    add_details_option(*command, options->common);
    add_report_option(*command, options->common);
    add_device_options(*command, options->run.device, options->common);
    command->footer(
        "Example: ropewalk perceive --images glyphs --tasks 100 -o runs/glyphs\n"
        "         ropewalk perceive --images mnist --data ~/mnist --tasks 500 -o runs/mnist\n"
        "         ropewalk perceive --images mnist --data ~/mnist --private-images --operators 4\n"
        "         ropewalk perceive --manifest data.csv --scale 10 -o runs/mine\n"
        "         torchrun --no_python --nproc_per_node 4 ropewalk perceive --ranks 8 -o runs/glyphs\n"
        "Exit status 1 when some formula had not settled in the time, or leaves half of the variance of a\n"
        "manifest's output or more.");
    command->callback([options, command, &exit_code] { exit_code = run(*options, *command); });
}

} // namespace ropewalk::cli
