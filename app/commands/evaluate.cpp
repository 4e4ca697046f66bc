// ropewalk evaluate: judge the result of a run again.

#include <fmt/format.h>

#include "app/commands/amortise.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/perceive_report.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/judging/judging.hpp"

namespace ropewalk::cli {

namespace {

struct EvaluateOptions {
    CommonOptions common;
    std::string folder, data;
    std::string device = "cpu";
    std::size_t rows = 1000;
    bool skip_generalisation = false;
};

int run(const EvaluateOptions& options) {
    const base::Stopwatch watch;
    auto stored = learning::load_run(options.folder);
    if (!stored) return report(stored.error());
    if (!options.data.empty()) stored->settings.data = options.data;
    const auto problem = learning::problem_of(stored->settings, options.common.threads);
    if (!problem) return report(problem.error());
    const auto engine = learning::engine_of(*stored, *problem, options.common.threads, options.device);
    if (!engine) return report(engine.error());
    const std::vector<std::size_t> formulas = identification::formulas_of(stored->decisions);
    if (problem->given) {
        const auto judgement = perception::judge_given(*problem, **engine, formulas);
        if (!judgement) return report(judgement.error());
        if (options.common.json)
            print(given_json(*problem, *judgement, stored->decisions));
        else
            show_given(*problem, *judgement, stored->decisions);
        return exit_done;
    }
    const auto judgement = perception::judge(*problem, **engine, formulas, {.rows = options.rows});
    if (!judgement) return report(judgement.error());
    std::optional<perception::Generalisation> generalisation;
    if (!options.skip_generalisation && problem->task_count() < problem->pool.formulas.size()) {
        auto measured = perception::generalise(*problem, **engine,
                                               {.rows = options.rows, .threads = options.common.threads});
        if (!measured) return report(measured.error());
        generalisation = std::move(*measured);
    }
    std::optional<SynthesizerReport> synthesizer;
    if (proposing::has_synthesizer(options.folder)) {
        auto judged =
            stored_report(options.folder, options.common, options.device, options.rows, *problem, **engine);
        if (!judged) return report(judged.error());
        synthesizer = std::move(*judged);
    }
    if (options.common.json) {
        Json object = judgement_json(*problem, *judgement);
        if (generalisation) object["generalisation"] = generalisation_json(*generalisation);
        if (synthesizer) object["synthesizer"] = synthesizer->json;
        object["seconds"] = watch.seconds();
        print(object);
    } else {
        show_judgement(*problem, *judgement, stored->decisions);
        if (generalisation) show_generalisation(*generalisation);
        if (synthesizer) fmt::print("{}", synthesizer->text);
    }
    return exit_done;
}

} // namespace

void add_evaluate(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<EvaluateOptions>();
    CLI::App* command = app.add_subcommand("evaluate", "Judge what a run of perceive has learned");
    command->add_option("folder", options->folder, "Folder of the run")->required();
    command->add_option("--data", options->data, "Folder of the images; default: the run's");
    command->add_option("--rows", options->rows, "Rows of images to judge on")
        ->capture_default_str()
        ->check(CLI::Range(1, 100'000));
    command->add_flag("--no-generalisation", options->skip_generalisation,
                      "Without new formulas, found on small symbols and tested on large ones");
    add_device_options(*command, options->device, options->common);
    command->footer("Example: ropewalk evaluate runs/glyphs");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace ropewalk::cli
