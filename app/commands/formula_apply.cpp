// ropewalk formula apply: a formula that was found, on the rows of another table.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "app/commands/formula_answer.hpp"
#include "ropewalk/formulas/text/text.hpp"

namespace ropewalk::cli {

namespace {

struct ApplyOptions {
    CommonOptions common;
    std::string answer, file, output;
};

/// A formula from a file that --json wrote, on the rows of another table.
base::Result<std::string> applied(const ApplyOptions& options) {
    const auto text = base::read_file(options.answer, std::size_t{1} << 26);
    if (!text) return tl::make_unexpected(text.error());
    const auto answer = base::parse_json<Json>(*text);
    if (!answer.is_object() || !answer.contains("best") || !answer["best"].is_object() ||
        !answer["best"].contains("formula") || !answer["best"]["formula"].is_string() ||
        !answer.contains("inputs") || !answer["inputs"].is_array())
        return base::failure(options.answer, "no answer of this command",
                             "what `ropewalk formula DATA --json` prints");
    std::vector<std::string> names;
    for (const Json& name : answer["inputs"])
        if (name.is_string()) names.push_back(name.get<std::string>());
    const auto formula_text = answer["best"]["formula"].get<std::string>();
    const auto program = formula::parse_formula(formula_text, names);
    if (!program) return tl::make_unexpected(program.error());
    const auto table = formula::read_mixed_table(options.file, {});
    if (!table) return tl::make_unexpected(table.error());
    const std::vector<bool> used = formula::used_variables(*program);
    std::vector<std::vector<double>> columns;
    for (std::size_t v = 0; v < names.size(); ++v) {
        const auto place = std::find_if(table->columns.begin(), table->columns.end(),
                                        [&](const auto& column) { return column.name == names[v]; });
        if (used[v] && (place == table->columns.end() || place->is_text))
            return base::failure(options.file, "no column of numbers " + base::quoted(names[v]),
                                 "one, which the formula " + formula_text + " reads");
        columns.push_back(place == table->columns.end() || place->is_text
                              ? std::vector<double>(table->lines.size())
                              : place->numbers);
    }
    const std::vector<double> values = formula::evaluate(*program, columns);
    const std::string target = answer.value("target", "formula");
    std::string result;
    for (const auto& column : table->columns) result += column.name + ",";
    result += target + "_predicted\n";
    for (std::size_t n = 0; n < values.size(); ++n) {
        for (const auto& column : table->columns)
            result += (column.is_text ? column.texts[n] : fmt::format("{}", column.numbers[n])) + ",";
        result += fmt::format("{}\n", values[n]);
    }
    return result;
}

int run_apply(const ApplyOptions& options) {
    if (const auto free = base::free_file(options.output, overwrite_of(options.common)); !free)
        return report(free.error());
    const auto text = applied(options);
    if (!text) return report(text.error());
    if (options.output.empty()) {
        fmt::print("{}", *text);
        return exit_done;
    }
    const auto written = base::write_file(options.output, *text, overwrite_of(options.common));
    return written ? exit_done : report(written.error());
}

} // namespace

void add_apply(CLI::App& formula, int& exit_code) {
    const auto options = std::make_shared<ApplyOptions>();
    CLI::App* command =
        formula.add_subcommand("apply", "Compute a formula that was found on the rows of a table");
    command->add_option("answer", options->answer, "What `ropewalk formula DATA --json` printed")->required();
    command->add_option("data", options->file, "A table with the columns that the formula reads")->required();
    command->add_option("-o,--output", options->output, "Write the table with one column more there");
    command->add_flag("--force", options->common.force, "Replace the file if it exists");
    command->footer("Example: ropewalk formula apply answer.json new.csv -o predicted.csv");
    command->callback([options, &exit_code] { exit_code = run_apply(*options); });
}

} // namespace ropewalk::cli
