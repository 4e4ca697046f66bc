// ropewalk formula apply: a formula that was found, on the rows of another table.
#include <algorithm>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "app/commands/formula_answer.hpp"
#include "ropewalk/formulas/text/text.hpp"

namespace ropewalk::cli {

namespace {

struct ApplyOptions {
    CommonOptions common;
    std::string answer, file, output;
    bool units = false; ///< whether the table's second line holds units
    std::vector<std::string> missing; ///< numbers that mark missing values
};

/// A formula of an answer, with the names of its inputs and of what it computes.
struct Applied {
    std::string target, formula;
    std::vector<std::string> names;
};

/// The names in a list.
std::vector<std::string> names_in(const Json& list) {
    std::vector<std::string> names;
    for (const Json& name : list)
        if (name.is_string()) names.push_back(name.get<std::string>());
    return names;
}

/// A formula as --export json writes it, or in an answer of --json; none where it is neither.
std::optional<Applied> formula_in(const Json& object) {
    if (!object.is_object()) return std::nullopt;
    const bool exported = object.contains("variables");
    const char* const inputs = exported ? "variables" : "inputs";
    const Json best = exported ? object : object.value("best", Json::object());
    if (!best.is_object() || !best.contains("formula") || !best["formula"].is_string() || !object.contains(inputs) ||
        !object[inputs].is_array())
        return std::nullopt;
    const bool named = object.contains("target") && object["target"].is_string();
    return Applied{.target = named ? object["target"].get<std::string>() : "formula",
                   .formula = best["formula"].get<std::string>(),
                   .names = names_in(object[inputs])};
}

/// The formulas in a file that --json or --export json wrote, one for each target.
base::Result<std::vector<Applied>> formulas_in(const std::string& file) {
    const auto text = base::read_file(file, std::size_t{1} << 26);
    if (!text) return tl::make_unexpected(text.error());
    const auto object = base::parse_json<Json>(*text);
    std::vector<Json> answers{object};
    if (object.is_object() && object.contains("answers") && object["answers"].is_array())
        answers.assign(object["answers"].begin(), object["answers"].end());
    std::vector<Applied> formulas;
    for (const Json& answer : answers) {
        auto each = formula_in(answer);
        if (!each)
            return base::failure(file, "no answer of this command",
                                 "what `ropewalk formula DATA --json` or `--export json` prints");
        formulas.push_back(std::move(*each));
    }
    return formulas;
}

/// The values of a formula on the rows of a table.
base::Result<std::vector<double>> values_on(const Applied& applied, const formula::MixedTable& table,
                                            const std::string& file) {
    const auto program = formula::parse_formula(applied.formula, applied.names);
    if (!program) return tl::make_unexpected(program.error());
    const std::vector<bool> used = formula::used_variables(*program);
    std::vector<std::vector<double>> columns;
    for (std::size_t v = 0; v < applied.names.size(); ++v) {
        const auto place = std::find_if(table.columns.begin(), table.columns.end(),
                                        [&](const auto& column) { return column.name == applied.names[v]; });
        const bool there = place != table.columns.end() && !place->is_text;
        if (used[v] && !there)
            return base::failure(file, "no column of numbers " + base::quoted(applied.names[v]),
                                 "one, which the formula " + applied.formula +
                                     " reads (--units where the second line holds units)");
        columns.push_back(there ? place->numbers : std::vector<double>(table.lines.size()));
    }
    return formula::evaluate(*program, columns);
}

/// The table with the values of every formula.
base::Result<std::string> applied(const ApplyOptions& options) {
    const auto formulas = formulas_in(options.answer);
    if (!formulas) return tl::make_unexpected(formulas.error());
    const auto table = formula::read_mixed_table(
        options.file, {}, {.units = options.units, .as_for_a_fit = true, .missing = options.missing});
    if (!table) return tl::make_unexpected(table.error());
    for (const std::string& note : table->notes) say("note: {}\n", with_option_names(note));
    std::vector<std::vector<double>> values;
    for (const Applied& each : *formulas) {
        auto computed = values_on(each, *table, options.file);
        if (!computed) return tl::make_unexpected(computed.error());
        values.push_back(std::move(*computed));
    }
    std::string result;
    for (const auto& column : table->columns) result += formula::csv_field(column.name) + ",";
    for (std::size_t k = 0; k < values.size(); ++k)
        result += (k == 0 ? "" : ",") + formula::csv_field((*formulas)[k].target + "_predicted");
    result += '\n';
    if (options.units) {
        for (const auto& column : table->columns) result += formula::csv_field(column.unit) + ",";
        result += std::string(values.size() - 1, ',') + '\n';
    }
    for (std::size_t n = 0; n < table->lines.size(); ++n) {
        for (const auto& column : table->columns)
            result += (column.is_text ? formula::csv_field(column.texts[n]) : fmt::format("{}", column.numbers[n])) + ",";
        for (std::size_t k = 0; k < values.size(); ++k)
            result += (k == 0 ? "" : ",") + fmt::format("{}", values[k][n]);
        result += '\n';
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
    command->add_option("answer", options->answer, "What `ropewalk formula DATA --json` or `--export json` printed")->required();
    command->add_option("data", options->file, "A table with the columns that the formula reads")->required();
    command->add_flag("--units", options->units, "The second line of the table holds units");
    command
        ->add_option("--missing", options->missing,
                     "Numbers that mark missing values, as of `ropewalk formula`; rows with them get the value nan")
        ->delimiter(',')
        ->allow_extra_args(false);
    command->add_option("-o,--output", options->output, "Write the table with a column more for each target there");
    command->add_flag("--force", options->common.force, "Replace the file if it exists");
    command->footer("Example: ropewalk formula apply answer.json new.csv -o predicted.csv");
    command->callback([options, &exit_code] { exit_code = run_apply(*options); });
}

} // namespace ropewalk::cli
