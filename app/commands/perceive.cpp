// ropewalk perceive: learn to read images, and find the formulas that explain numbers about them.
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
};

/// A run that is gone on with has the settings it began with, but for those that the command line gives. Once
/// there is a checkpoint, these must be the same, too.
base::Status take_settings_of_run(PerceiveOptions& options, CLI::App& command) {
    if (options.run.folder.empty())
        return base::failure("--resume", "no folder", "-o with the folder of the run");
    const auto stored = perceiving::settings_of_run(options.run.folder);
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

base::Result<perceiving::Perceived> perceived(PerceiveOptions& options, LivePage& page) {
    base::ProgressReporter progress("perceiving " + options.settings.images,
                                    base::ProgressReporter::style_for(stderr, options.common.quiet));
    options.settings.seed = options.common.seed;
    options.run.run.threads = options.common.threads;
    options.run.run.stop = interruption();
    options.run.run.progress = page.watching(progress.sink());
    options.run.replace = options.common.force;
    options.run.further = !options.amortise.asked;
    options.run.opened = [&page](const perception::Problem& problem) {
        // Whether it can be written was asked before.
        (void)page.begin();
        if (!problem.given) return;
        for (const std::string& note : problem.given->notes) say("note: {}\n", with_option_names(note));
    };
    return perceiving::perceive(options.settings, options.run);
}

void show_formulas_alone(const perceiving::Perceived& run) {
    const std::vector<learning::Answer> answers = learning::answers_of(run.problem, run.learned);
    for (std::size_t t = 0; t < answers.size(); ++t)
        fmt::print("{:<16}{}\n", perception::task_name(run.problem, t), answers[t].text);
    fmt::print("\nNot judged     there was no time to read all images\n");
}

void show(const perceiving::Perceived& run, bool kept) {
    if (run.given)
        show_given(run.problem, *run.given, learning::answers_of(run.problem, run.learned));
    else if (run.judgement)
        show_judgement(run.problem, *run.judgement, run.learned.decisions);
    else
        show_formulas_alone(run);
    if (run.generalisation) show_generalisation(*run.generalisation);
    show_learned(run.problem, run.learned, kept);
}

int report_nothing(const PerceiveOptions& options, const perceiving::Perceived& run) {
    if (options.common.json) print(Json::parse(to_json(run)));
    if (run.problem.has_long_rows() && !run.learned.no_letters.empty())
        say("nothing learned: {}", run.learned.no_letters);
    else
        say("nothing learned: stopped or out of time before any formula was decided; more --seconds{}\n",
            options.run.folder.empty() ? "" : ", or --resume");
    return exit_not_found;
}

void say_notes(const perceiving::Perceived& run, const PerceiveOptions& options) {
    if (run.learned.nothing_left && !options.amortise.asked)
        say("note: nothing is left to learn: the run has made all {} of its --refine-steps; a larger number "
            "goes on\n",
            run.learned.refine_steps);
    if (run.generalisation_stopped) say("note: no generalisation: stopped or out of time\n");
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
        const std::string text = object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
        if (auto written = base::write_file(file, text, base::Overwrite::allow); !written)
            return report(written.error());
    }
    if (!options.common.json) fmt::print("{}", synthesizer->text);
    return exit_done;
}

int run(PerceiveOptions& options, CLI::App& command) {
    if (options.run.resume)
        if (const auto taken = take_settings_of_run(options, command); !taken) return report(taken.error());
    if (const auto fine = check_amortise(options); !fine) return report(fine.error());
    if (const auto free = check_page(options.common); !free) return report(free.error());
    LivePage page(options.common.page, "Perceiving " + options.settings.images, options.common);
    const auto run = perceived(options, page);
    if (!run) return report(run.error());
    if (!run->learned.decided) return report_nothing(options, *run);
    say_notes(*run, options);
    if (!options.common.json) show(*run, !options.run.folder.empty());
    Json object = Json::parse(to_json(*run));
    const bool teaches = options.amortise.asked && run->learned.phase == learning::Phase::done;
    if (teaches)
        if (const int status = add_synthesizer(options, *run, object); status != exit_done) return status;
    if (options.common.json) print(object);
    if (const auto shown = page.finish([&] { return report_page(object, options.run.folder); }); !shown)
        return report(shown.error());
    if (options.amortise.asked && !teaches) {
        say("no synthesizer: learning was stopped or out of time; more --seconds, or --resume --amortise\n");
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
    for (const char* name : {"network", "width", "stem", "precision", "letters"})
        add_setting(command, settings, name);
}

void add_search_options(CLI::App& command, learning::Settings& settings) {
    for (const char* name : {"start", "alphabet", "refine_steps", "consensus"})
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
    add_report_option(*command, options->common);
    add_device_options(*command, options->run.device, options->common);
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
