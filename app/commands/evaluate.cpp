// ropewalk evaluate: judge the result of a run again.
#include <filesystem>

#include <fmt/format.h>

#include "app/commands/amortise.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/perceive_report.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/judging/judging.hpp"
#include "ropewalk/images/perceiving/perceiving.hpp"
#include "ropewalk/images/prediction/prediction.hpp"

namespace ropewalk::cli {

namespace {

struct EvaluateOptions {
    CommonOptions common;
    std::string folder, data, output;
    std::vector<std::string> letter_columns;
    std::string device = "cpu";
    std::size_t rows = 1000;
    bool skip_generalisation = false;
};

Json to_json(const prediction::Reader& reader, const prediction::Evaluation& evaluation) {
    Json outputs = Json::array();
    for (const prediction::OutputScore& score : evaluation.scores)
        outputs.push_back({{"output", reader.run.outputs[score.output].name},
                           {"rows", score.rows},
                           {"right", score.rights},
                           {"mean_error", score.mean_error},
                           {"squared_error", score.squared_error},
                           {"share_of_variance", score.share_of_variance}});
    const perception::ImageRows& rows = evaluation.prediction.table.rows;
    Json object{{"rows", rows.rows()},
                {"images", rows.files.size()},
                {"letters", reader.letters},
                {"outputs", outputs},
                {"notes", rows.notes}};
    if (const auto& confusion = evaluation.confusion) {
        object["confusion"] = {{"images", confusion->images},
                               {"given", confusion->given},
                               {"letters", reader.letters},
                               {"counts", confusion->counts}};
        if (confusion->right) object["confusion"]["right"] = *confusion->right;
    }
    return object;
}

void show_confusion(const prediction::Reader& reader, const prediction::Confusion& confusion) {
    fmt::print("\nImages by what they are said to show, and the letter they are read as\n{:<12}", "");
    for (const double letter : reader.letters) fmt::print("{:>7.5g}", letter);
    for (std::size_t g = 0; g < confusion.given.size(); ++g) {
        fmt::print("\n{:<12}", confusion.given[g]);
        for (const std::size_t count : confusion.counts[g]) fmt::print("{:>7}", count);
    }
    fmt::print("\n");
    if (confusion.right)
        fmt::print("Letters right  {} of {} images, {:.2f}%\n", *confusion.right, confusion.images,
                   100.0 * static_cast<double>(*confusion.right) / static_cast<double>(confusion.images));
}

void show(const prediction::Reader& reader, const prediction::Evaluation& evaluation) {
    fmt::print("{:<16}{:<30}{:>8}{:>9}{:>10}{:>14}{:>12}\n", "output", "formula", "rows", "right", "",
               "mean error", "of variance");
    for (const prediction::OutputScore& score : evaluation.scores) {
        const auto rows = static_cast<double>(score.rows);
        const learning::StoredOutput& output = reader.run.outputs[score.output];
        fmt::print("{:<16}{:<30}{:>8}{:>9}{:>9.2f}%{:>14.6g}{:>12.6f}\n", output.name, output.text,
                   score.rows, score.rights, 100.0 * static_cast<double>(score.rights) / rows,
                   score.mean_error, score.share_of_variance);
    }
    if (evaluation.confusion) show_confusion(reader, *evaluation.confusion);
}

/// Judges a run on all rows of a table.
int evaluate_table(const EvaluateOptions& options) {
    if (const auto free = base::free_file(options.output, overwrite_of(options.common)); !free)
        return report(free.error());
    const auto reader =
        prediction::open_run(options.folder, {.threads = options.common.threads, .device = options.device});
    if (!reader) return report(reader.error());
    const auto evaluation =
        prediction::evaluate(*reader, options.data, {.letter_columns = options.letter_columns});
    if (!evaluation) return report(evaluation.error());
    for (const std::string& note : evaluation->prediction.table.rows.notes)
        say("note: {}\n", with_option_names(note));
    if (!options.output.empty()) {
        const auto written = base::write_file(options.output, prediction::to_csv(*reader, *evaluation),
                                              overwrite_of(options.common));
        if (!written) return report(written.error());
    }
    if (options.common.json)
        print(to_json(*reader, *evaluation));
    else
        show(*reader, *evaluation);
    return exit_done;
}

int run(const EvaluateOptions& options) {
    const base::Stopwatch watch;
    std::error_code error;
    if (!options.data.empty() && !std::filesystem::is_directory(options.data, error))
        return evaluate_table(options);
    if (!options.output.empty() || !options.letter_columns.empty())
        return report(base::failure(options.output.empty() ? "--letter-columns" : "--output", "no table",
                                    "--data with a CSV file of images and outputs")
                          .value());
    auto stored = learning::load_run(options.folder);
    if (!stored) return report(stored.error());
    if (!options.data.empty()) stored->settings.data = options.data;
    const auto problem = learning::problem_of(stored->settings, options.common.threads);
    if (!problem) return report(problem.error());
    const auto engine = learning::engine_of(*stored, *problem, options.common.threads, options.device);
    if (!engine) return report(engine.error());
    const std::vector<std::size_t> formulas = identification::formulas_of(stored->decisions);
    if (problem->given()) {
        const std::vector<learning::Answer> answers = learning::answers_of(*stored);
        std::vector<rules::Rule> rules;
        for (const learning::Answer& each : answers) rules.push_back(each.rule);
        const auto judgement =
            perception::judge_given(*problem, **engine, formulas,
                                    {.rules = stored->beside_pool ? rules : std::vector<rules::Rule>(),
                                     .threads = options.common.threads});
        if (!judgement) return report(judgement.error());
        if (options.common.json)
            print(Json::parse(perceiving::to_json(*problem, *judgement, answers)));
        else
            show_given(*problem, *judgement, answers, options.common.details);
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
        Json object = Json::parse(perceiving::to_json(*problem, *judgement));
        if (generalisation) object["generalisation"] = Json::parse(perceiving::to_json(*generalisation));
        if (synthesizer) object["synthesizer"] = synthesizer->json;
        object["seconds"] = watch.seconds();
        print(object);
    } else {
        show_judgement(*problem, *judgement, stored->decisions, options.common.details);
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
    command->add_option("--data", options->data,
                        "Folder of the images, or a CSV file of images and outputs, all of whose rows are "
                        "judged; default: the run's");
    command->add_option("-o,--output", options->output,
                        "CSV file for every row of the table: what is given, predicted, and right");
    command
        ->add_option("--letter-columns", options->letter_columns,
                     "Columns of the table that say what its images show, for a table of confusions")
        ->delimiter(',');
    command->add_flag("--force", options->common.force, "Replace the file");
    command->add_option("--rows", options->rows, "Rows of images to judge on")
        ->capture_default_str()
        ->check(CLI::Range(1, 100'000));
    command->add_flag("--no-generalisation", options->skip_generalisation,
                      "Without new formulas, found on small symbols and tested on large ones");
    add_details_option(*command, options->common);
    add_device_options(*command, options->device, options->common);
    command->footer("Example: ropewalk evaluate runs/glyphs\n"
                    "         ropewalk evaluate runs/mine --data test.csv -o rows.csv\n"
                    "         ropewalk evaluate runs/mine --data test.csv --letter-columns left_digit,right_digit");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace ropewalk::cli
