#include "app/commands/amortise.hpp"

#include <filesystem>

#include <fmt/format.h>

namespace ropewalk::cli {

namespace {

Json own_json(const proposing::OwnPrograms& own) {
    return {{"formulas", own.formulas},
            {"right", own.right},
            {"right_by_one_group", own.right_by_one_group},
            {"right_by_renaming", own.right_by_renaming},
            {"right_by_checking", own.right_by_checking}};
}

Json synthesizer_json(const proposing::AmortiseJudgement& judgement) {
    return {{"own_programs_right", judgement.tasks.right},
            {"tasks", own_json(judgement.tasks)},
            {"dreamt", own_json(judgement.dreamt)},
            {"held_out", own_json(judgement.held_out)},
            {"pairs", judgement.pairs},
            {"group", judgement.group},
            {"candidates", judgement.candidates}};
}

std::string judgement_text(const proposing::AmortiseJudgement& judgement) {
    std::string text =
        fmt::format("\nSynthesizer's own programs right, from {} pairs of test images\n", judgement.pairs);
    text += fmt::format("{:<34}{:>10}{:>10}{:>12}{:>14}\n", "", "one pass",
                        "by " + std::to_string(judgement.group), "by renaming",
                        fmt::format("best of {}", judgement.candidates));
    const auto line = [&](const char* name, const proposing::OwnPrograms& own) {
        if (own.formulas == 0) return;
        text += fmt::format("{:<34}{:>10}{:>10}{:>12}{:>14}\n", fmt::format("{} {}", own.formulas, name),
                            own.right, own.right_by_one_group, own.right_by_renaming, own.right_by_checking);
    };
    line("tasks", judgement.tasks);
    line("formulas dreamt, of no task", judgement.dreamt);
    line("formulas held out, never taught", judgement.held_out);
    return text;
}

/// The judgement, or why there is none.
SynthesizerReport report_of(const base::Result<proposing::AmortiseJudgement>& judgement) {
    if (judgement) return {synthesizer_json(*judgement), judgement_text(*judgement)};
    const std::string reason = base::render(judgement.error());
    return {{{"not_judged", reason}}, "\nSynthesizer not judged: " + reason};
}

/// How the own programs grow; looks at the tasks only.
struct History {
    Json looks = Json::array();

    base::Status look(const perception::Problem& problem, const learning::Learned& learned,
                      const proposing::Curriculum& curriculum, std::size_t pairs,
                      perception::Proposer& proposer, std::size_t step, double seconds) {
        const auto judgement =
            proposing::judge(problem, *learned.engine, proposer, curriculum, pairs, {.tasks_only = true});
        // A grounder that is sure of too few rows to judge by is no reason to stop teaching.
        const Json right = judgement ? Json(judgement->tasks.right) : Json();
        looks.push_back({{"step", step}, {"seconds", seconds}, {"right", right}});
        return {};
    }
};

/// Everything that the synthesizer's weights depend on.
std::string settings_text(const AmortiseChoice& choice, const learning::Settings& settings) {
    return base::json_text(Json{{"run", base::parse_json<Json>(to_json(settings))},
                                {"steps", choice.steps},
                                {"operators", choice.operators}});
}

proposing::AmortiseOptions options_of(const AmortiseChoice& choice, const CommonOptions& common,
                                      const std::string& folder, const std::string& device, bool resume,
                                      const learning::Settings& settings) {
    proposing::AmortiseOptions options;
    options.steps = choice.steps;
    options.operators = choice.operators;
    options.threads = common.threads;
    options.device = device;
    options.resume = resume;
    options.group = choice.group;
    options.ranks = settings.ranks;
    options.settings = settings_text(choice, settings);
    if (!folder.empty())
        options.checkpoint_file =
            (std::filesystem::path(folder) / proposing::synthesizer_checkpoint_name).string();
    return options;
}

} // namespace

void add_amortise_options(CLI::App& command, AmortiseChoice& choice) {
    CLI::Option* asked = command.add_flag("--amortise", choice.asked,
                                          "Then teach a synthesizer the formulas found, in time of its own");
    command.add_option("--amortise-steps", choice.steps, "Gradient steps of the synthesizer")
        ->capture_default_str()
        ->check(CLI::Range(1, 100'000'000))
        ->needs(asked);
    command
        .add_option("--amortise-operators", choice.operators,
                    "Operators of the largest formulas that the synthesizer is taught")
        ->capture_default_str()
        ->check(CLI::Range(3, 5))
        ->needs(asked);
}

base::Result<SynthesizerReport> amortised_report(const AmortiseChoice& choice, const CommonOptions& common,
                                                 const std::string& folder, const std::string& device,
                                                 bool resume, const learning::Settings& settings,
                                                 const perception::Problem& problem,
                                                 const learning::Learned& learned) {
    auto options = options_of(choice, common, folder, device, resume, settings);
    const auto curriculum =
        proposing::curriculum_of(problem, learned.decisions, options.held_out, options.operators);
    if (!curriculum) return base::failure(curriculum.error());
    History history;
    if (choice.group->leads())
        options.look = [&](perception::Proposer& proposer, std::size_t step, double seconds) {
            return history.look(problem, learned, *curriculum, options.pairs, proposer, step, seconds);
        };
    options.stop = interruption(choice.group->size() > 1);
    const auto amortised = [&] {
        base::ProgressReporter progress("teaching", base::ProgressReporter::style_for(stderr, common.quiet));
        options.progress = progress.sink();
        return proposing::amortise(problem, learned.decisions, *learned.engine, options);
    }();
    if (!amortised) return base::failure(amortised.error());
    if (!choice.group->leads()) return SynthesizerReport{};
    if (!folder.empty())
        if (const auto saved = proposing::save_synthesizer(folder, problem, options, *amortised); !saved)
            return base::failure(saved.error());
    const auto judgement = proposing::judge(problem, *learned.engine, *amortised->proposer,
                                            amortised->curriculum, amortised->pairs);
    SynthesizerReport report = report_of(judgement);
    report.json["steps"] = amortised->steps;
    report.json["operators"] = amortised->curriculum.operators;
    report.json["finished"] = amortised->finished;
    report.json["loss"] = amortised->loss;
    report.json["seconds"] = amortised->seconds;
    report.json["processor_seconds"] = amortised->processor;
    report.json["looks"] = history.looks;
    report.text += fmt::format("Teaching       {} steps in {:.1f} s ({:.1f} s of processor){}\n",
                               amortised->steps, amortised->seconds, amortised->processor,
                               amortised->finished ? "" : "; stopped early, --resume goes on with it");
    return report;
}

base::Result<SynthesizerReport> stored_report(const std::string& folder, const CommonOptions& common,
                                              const std::string& device, std::size_t rows,
                                              const perception::Problem& problem,
                                              perception::Engine& engine) {
    const auto stored = proposing::load_synthesizer(folder);
    if (!stored) return base::failure(stored.error());
    const auto proposer = proposing::proposer_of(*stored, common.threads, device);
    if (!proposer) return base::failure(proposer.error());
    const auto judgement =
        proposing::judge(problem, engine, **proposer, stored->curriculum, stored->pairs, {.rows = rows});
    SynthesizerReport report = report_of(judgement);
    report.json["steps"] = stored->steps;
    return report;
}

} // namespace ropewalk::cli
