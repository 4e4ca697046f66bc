// ropewalk perceive: learn to read images, and find the formulas that explain numbers about them.
#include <array>
#include <filesystem>
#include <functional>

#include <fmt/format.h>

#include "app/commands/amortise.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/learning_report.hpp"
#include "app/commands/perceive_report.hpp"
#include "ropewalk/formulas/text/text.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/judging/judging.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::cli {

namespace {

struct PerceiveOptions {
    CommonOptions common;
    learning::Settings settings;
    AmortiseChoice amortise;
    std::string method = "hybrid";
    std::string device = "cpu";
    std::string output;
    double seconds = 60;
    base::Stopwatch since; ///< the command began
    base::Stop stop;
    double checkpoint_seconds = 60;
    bool resume = false;
    bool skip_generalisation = false;
};

constexpr std::array output_names{learning::run_name,          learning::programs_name,
                                  learning::weights_name,      learning::checkpoint_name,
                                  learning::symbols_name,      learning::settings_name,
                                  proposing::synthesizer_name, proposing::synthesizer_checkpoint_name};

/// The run's folder, made if it is not there; an earlier run in it is only replaced, or gone on with, when
/// asked.
base::Result<std::string> prepare_folder(const PerceiveOptions& options) {
    if (options.output.empty()) {
        if (options.resume) return base::failure("--resume", "no folder", "-o with the folder of the run");
        return options.output;
    }
    std::error_code error;
    if (options.resume && !std::filesystem::is_directory(options.output, error))
        return base::failure("--resume", "no folder " + base::quoted(options.output),
                             "the folder of a run that was started");
    const auto is_there = [&](const char* name) {
        return std::filesystem::exists(std::filesystem::path(options.output) / name, error);
    };
    if (options.resume && std::none_of(output_names.begin(), output_names.end(), is_there))
        return base::failure("--resume", "no run in " + base::quoted(options.output),
                             "the folder of a run that was started");
    return base::make_free_folder(options.output, output_names, {true, options.resume, options.common.force});
}

/// A run that is gone on with has the settings it began with, but for those that the command line gives. Once
/// there is a checkpoint, these must be the same, too.
base::Status take_settings_of_run(PerceiveOptions& options, CLI::App& command) {
    if (options.output.empty()) return {};
    const auto stored = learning::load_settings(options.output);
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

base::Status check_amortise(const PerceiveOptions& options) {
    const learning::Settings& settings = options.settings;
    if (!options.amortise.asked || (settings.images != "manifest" && !settings.private_images)) return {};
    return base::failure("--amortise", settings.private_images ? "--private-images" : "--manifest",
                         "images of which rows for all tasks can be formed");
}

/// Seconds that are left of those for everything, a moment at least; 0: without a limit.
double time_left(const PerceiveOptions& options) {
    constexpr double moment = 1e-9;
    return options.seconds > 0 ? std::max(moment, options.seconds - options.since.seconds()) : 0;
}

bool is_over(const PerceiveOptions& options) {
    return options.seconds > 0 && options.since.seconds() >= options.seconds;
}

/// The answer of a run as JSON and as what people read.
struct PerceiveAnswer {
    Json object;
    std::function<void()> show;
    std::string symbols;      ///< of a manifest's images, for a file
    bool is_explained = true; ///< whether formulas explain all outputs of a manifest
};

/// Who has asked learning to stop waits for no more than a moment; else judging stops when they ask then.
base::Stop stop_of_judging(const PerceiveOptions& options) {
    constexpr double moment = 1;
    return options.stop.requested() ? base::Stop().or_after(moment) : options.stop;
}

/// What is told of a run that was stopped before it was judged: the formulas alone.
PerceiveAnswer unjudged(const perception::Problem& problem, const learning::Learned& learned) {
    return {.object = {{"judged", false}},
            .show =
                [&problem, &learned] {
                    for (std::size_t t = 0; t < learned.decisions.size(); ++t)
                        fmt::print(
                            "{:<16}{}\n", task_name(problem, t),
                            formula::written_text(problem.pool.formulas[learned.decisions[t].formula]));
                    fmt::print("\nNot judged     there was no time to read all images\n");
                },
            .symbols = {},
            .is_explained = false};
}

base::Result<PerceiveAnswer> answer_of(const PerceiveOptions& options, const perception::Problem& problem,
                                       const learning::Learned& learned) {
    const std::vector<std::size_t> formulas = identification::formulas_of(learned.decisions);
    if (problem.given) {
        auto judgement =
            perception::judge_given(problem, *learned.engine, formulas,
                                    {.threads = options.common.threads, .stop = stop_of_judging(options)});
        if (!judgement) return base::failure(judgement.error());
        if (judgement->stopped) return unjudged(problem, learned);
        Json object = given_json(problem, *judgement, learned.decisions);
        std::string symbols = perception::symbols_text(problem, *judgement);
        const bool is_explained = unexplained_outputs(problem, *judgement).empty();
        return PerceiveAnswer{std::move(object),
                              [&problem, &learned, judgement = std::move(*judgement)] {
                                  show_given(problem, judgement, learned.decisions);
                              },
                              std::move(symbols), is_explained};
    }
    constexpr std::size_t few_rows = 100; // where time is over, or somebody waits
    const perception::JudgeOptions usual;
    const bool hurry = options.stop.requested() || is_over(options);
    auto judgement =
        perception::judge(problem, *learned.engine, formulas, {.rows = hurry ? few_rows : usual.rows});
    if (!judgement) return base::failure(judgement.error());
    Json object = judgement_json(problem, *judgement);
    std::optional<perception::Generalisation> generalisation;
    if (!options.skip_generalisation && problem.task_count() < problem.pool.formulas.size()) {
        auto measured = perception::generalise(
            problem, *learned.engine,
            {.threads = options.common.threads, .stop = options.stop.or_after(time_left(options))});
        if (!measured) return base::failure(measured.error());
        if (measured->stopped) {
            say("note: no generalisation: stopped or out of time\n");
        } else {
            generalisation = std::move(*measured);
            object["generalisation"] = generalisation_json(*generalisation);
        }
    }
    return PerceiveAnswer{std::move(object),
                          [&problem, &learned, judgement = std::move(*judgement), generalisation] {
                              show_judgement(problem, judgement, learned.decisions);
                              if (generalisation) show_generalisation(*generalisation);
                          },
                          {}};
}

base::Result<std::string> save(const PerceiveOptions& options, const perception::Problem& problem,
                               const learning::Learned& learned, const PerceiveAnswer& answer) {
    if (options.output.empty()) return options.output;
    if (problem.given && !answer.symbols.empty()) {
        const auto file = (std::filesystem::path(options.output) / learning::symbols_name).string();
        if (auto written = base::write_file(file, answer.symbols, base::Overwrite::allow); !written)
            return written;
    }
    return learning::save_run(options.output, options.settings, problem, learned,
                              answer.object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

/// How to learn, with the state in the output folder.
learning::LearnOptions learn_options_of(const PerceiveOptions& options) {
    learning::LearnOptions learn = learning::learn_options_of(options.settings);
    learn.run.seconds = time_left(options);
    learn.run.threads = options.common.threads;
    learn.device = options.device;
    learn.checkpoint_seconds = options.checkpoint_seconds;
    learn.run.stop = options.stop;
    learn.further = !options.amortise.asked;
    if (options.output.empty()) return learn;
    learn.checkpoint_file = (std::filesystem::path(options.output) / learning::checkpoint_name).string();
    // A run that was killed before its first checkpoint begins anew.
    std::error_code error;
    learn.resume = options.resume && std::filesystem::exists(learn.checkpoint_file, error);
    return learn;
}

/// What is said of every run.
void add_run(Json& object, const PerceiveOptions& options, const perception::Problem& problem,
             const learning::Learned& learned) {
    add_learned(object, problem, learned);
    object["method"] = options.method;
    object["settings"] = Json::parse(to_json(options.settings));
}

int report_nothing(const PerceiveOptions& options, const perception::Problem& problem,
                   const learning::Learned& learned) {
    if (options.common.json) {
        Json object = Json::object();
        add_run(object, options, problem, learned);
        print(object);
    }
    say("nothing learned: stopped or out of time before any formula was decided; more --seconds{}\n",
        options.output.empty() ? "" : ", or --resume");
    return exit_not_found;
}

/// The settings of an earlier run where there is one to go on with, and a folder for this one.
base::Status make_ready(PerceiveOptions& options, CLI::App& command) {
    if (options.resume)
        if (auto taken = take_settings_of_run(options, command); !taken) return taken;
    options.settings.seed = options.common.seed;
    if (auto fine = check_amortise(options); !fine) return fine;
    return prepare_folder(options).map([](const std::string&) {});
}

base::Result<perception::Problem> read_problem(PerceiveOptions& options) {
    auto problem = learning::problem_of(options.settings, options.common.threads);
    if (!problem) return problem;
    // How many tasks a manifest has is known once it is read.
    options.settings.tasks = problem->task_count();
    // A run may be gone on with, or judged, from another folder.
    std::error_code error;
    if (!options.settings.data.empty())
        options.settings.data = std::filesystem::absolute(options.settings.data, error).string();
    return problem;
}

base::Status keep_settings(const PerceiveOptions& options) {
    if (options.output.empty()) return {};
    return learning::save_settings(options.output, options.settings).map([](const std::string&) {});
}

base::Result<learning::Learned> learn(const PerceiveOptions& options, const perception::Problem& problem) {
    learning::LearnOptions learn = learn_options_of(options);
    learn.begin = [&]() -> base::Status {
        if (learn.resume) return {};
        // Files of a run that is replaced would pass for this one's.
        if (!options.resume && !options.output.empty()) base::remove_files(options.output, output_names);
        return keep_settings(options);
    };
    auto learned = [&] {
        base::ProgressReporter progress("perceiving " + options.settings.images,
                                        base::ProgressReporter::style_for(stderr, options.common.quiet));
        learn.run.progress = progress.sink();
        if (problem.given) learn.images_to_judge = problem.dataset.train.count();
        return learning::learn(problem, learn);
    }();
    // An earlier version may have begun the run, and now its checkpoint agrees.
    if (learned && learn.resume)
        if (const auto kept = keep_settings(options); !kept) return base::failure(kept.error());
    return learned;
}

/// Teaches a synthesizer what was learned; the exit status.
int add_synthesizer(const PerceiveOptions& options, const perception::Problem& problem,
                    const learning::Learned& learned, PerceiveAnswer& answer) {
    const auto synthesizer =
        amortised_report(options.amortise, options.common, options.output, options.device, options.resume,
                         options.settings, problem, learned);
    if (!synthesizer) {
        report(synthesizer.error());
        return exit_not_found;
    }
    answer.object["synthesizer"] = synthesizer->json;
    if (const auto saved = save(options, problem, learned, answer); !saved) return report(saved.error());
    if (!options.common.json) fmt::print("{}", synthesizer->text);
    return exit_done;
}

int run(PerceiveOptions& options, CLI::App& command) {
    options.since = {};
    options.stop = interruption();
    if (const auto ready = make_ready(options, command); !ready) return report(ready.error());
    const auto lock = base::FolderLock::take(options.output);
    if (!lock) return report(lock.error());
    const auto problem = read_problem(options);
    if (!problem) return report(problem.error());
    if (problem->given)
        for (const std::string& note : problem->given->notes) say("note: {}\n", with_option_names(note));
    const auto learned = learn(options, *problem);
    if (!learned) return report(learned.error());
    if (!learned->decided) return report_nothing(options, *problem, *learned);
    if (learned->nothing_left && !options.amortise.asked)
        say("note: nothing is left to learn: the run has made all {} of its --refine-steps; a larger number "
            "goes on\n",
            learned->refine_steps);
    auto answer = answer_of(options, *problem, *learned);
    if (!answer) return report(answer.error());
    add_run(answer->object, options, *problem, *learned);
    if (const auto saved = save(options, *problem, *learned, *answer); !saved) return report(saved.error());
    if (!options.common.json) {
        answer->show();
        show_learned(*problem, *learned, !options.output.empty());
    }
    const bool teaches = options.amortise.asked && learned->phase == learning::Phase::done;
    if (teaches)
        if (const int status = add_synthesizer(options, *problem, *learned, *answer); status != exit_done)
            return status;
    if (options.common.json) print(answer->object);
    if (options.amortise.asked && !teaches) {
        say("no synthesizer: learning was stopped or out of time; more --seconds, or --resume --amortise\n");
        return exit_not_found;
    }
    return learned->settled && answer->is_explained ? exit_done : exit_not_found;
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
    for (const char* name : {"network", "width", "stem", "precision", "letters"})
        add_setting(command, settings, name);
}

void add_search_options(CLI::App& command, learning::Settings& settings) {
    for (const char* name : {"start", "alphabet", "refine_steps", "consensus"})
        add_setting(command, settings, name);
}

void add_output_options(CLI::App& command, PerceiveOptions& options) {
    command.add_option(
        "-o,--output", options.output,
        "Folder for run.json, programs.json, weights.safetensors, settings.json and the checkpoint");
    command.add_flag(
        "--resume", options.resume,
        "Go on with the run in the folder, with the settings it began with; --amortise, --device and "
        "--seconds are given again");
    command
        .add_option("--checkpoint-seconds", options.checkpoint_seconds,
                    "Longest time between two checkpoints")
        ->capture_default_str()
        ->check(CLI::NonNegativeNumber);
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
    command->add_flag("--no-generalisation", options->skip_generalisation,
                      "Without new formulas, found on small symbols and tested on large ones");
    command->add_option("--method", options->method, "hybrid: exact posterior over formulas")
        ->capture_default_str()
        ->check(CLI::IsMember({"hybrid"}));
    add_network_options(*command, settings);
    add_search_options(*command, settings);
    command->add_option("--seconds", options->seconds, "Time for everything; 0: no limit")
        ->capture_default_str()
        ->check(CLI::NonNegativeNumber);
    add_amortise_options(*command, options->amortise);
    add_output_options(*command, *options);
    add_device_options(*command, options->device, options->common);
    command->footer(
        "Example: ropewalk perceive --images glyphs --tasks 100 -o runs/glyphs\n"
        "         ropewalk perceive --images mnist --data ~/mnist --tasks 500 -o runs/mnist\n"
        "         ropewalk perceive --images mnist --data ~/mnist --private-images --operators 4\n"
        "         ropewalk perceive --manifest data.csv --scale 10 -o runs/mine\n"
        "Exit status 1 when some formula had not settled in the time, or leaves half of the variance of a\n"
        "manifest's output or more.");
    command->callback([options, command, &exit_code] { exit_code = run(*options, *command); });
}

} // namespace ropewalk::cli
