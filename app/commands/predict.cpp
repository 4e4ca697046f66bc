// ropewalk predict: outputs of a run's formulas for new rows of images.
#include <cstdio>

#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "ropewalk/images/prediction/prediction.hpp"

namespace ropewalk::cli {

namespace {

struct PredictOptions {
    CommonOptions common;
    std::string folder, table, output, device = "cpu";
};

Json to_json(const prediction::Reader& reader, const prediction::Prediction& prediction) {
    const perception::ImageRows& rows = prediction.table.rows;
    Json outputs = Json::array();
    for (std::size_t t = 0; t < reader.run.outputs.size(); ++t) {
        const learning::StoredOutput& output = reader.run.outputs[t];
        const auto of_task = [&](const std::vector<double>& values) {
            const auto first = values.begin() + static_cast<std::ptrdiff_t>(t * rows.rows());
            return std::vector<double>(first, first + static_cast<std::ptrdiff_t>(rows.rows()));
        };
        Json each{{"output", output.name}, {"values", of_task(prediction.outputs.values)}};
        if (!prediction.letters.empty()) each["probabilities"] = of_task(prediction.outputs.probabilities);
        if (!output.words.empty()) each["words"] = output.words;
        outputs.push_back(std::move(each));
    }
    return {{"rows", rows.rows()}, {"outputs", outputs}, {"notes", rows.notes}};
}

int run(const PredictOptions& options) {
    if (const auto free = base::free_file(options.output, overwrite_of(options.common)); !free)
        return report(free.error());
    const auto reader =
        prediction::open_run(options.folder, {.threads = options.common.threads, .device = options.device});
    if (!reader) return report(reader.error());
    const auto prediction = prediction::predict(*reader, options.table);
    if (!prediction) return report(prediction.error());
    for (const std::string& note : prediction->table.rows.notes) say("note: {}\n", with_option_names(note));
    const std::string text = prediction::to_csv(*reader, *prediction);
    if (!options.output.empty()) {
        const auto written = base::write_file(options.output, text, overwrite_of(options.common));
        if (!written) return report(written.error());
        if (!options.common.json)
            fmt::print("{} rows in {}\n", prediction->table.rows.rows(), options.output);
    } else if (!options.common.json) {
        fmt::print("{}", text);
    }
    if (options.common.json) print(to_json(*reader, *prediction));
    return exit_done;
}

} // namespace

void add_predict(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<PredictOptions>();
    CLI::App* command =
        app.add_subcommand("predict", "Tell the outputs of new rows of images by what a run has learned");
    command->add_option("folder", options->folder, "Folder of a run of perceive")->required();
    command
        ->add_option("table", options->table,
                     "CSV file with columns of images, named as the run's or as many as it has")
        ->required();
    command->add_option("-o,--output", options->output,
                        "CSV file for outputs, letters and probabilities; default: standard output");
    command->add_flag("--force", options->common.force, "Replace the file");
    add_device_options(*command, options->device, options->common);
    command->footer("Example: ropewalk predict runs/mine new.csv -o out.csv");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace ropewalk::cli
