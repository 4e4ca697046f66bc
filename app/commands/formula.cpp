// ropewalk formula: formulas that explain one column of a table by the others.
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>

#include <fmt/format.h>
#include <unistd.h>

#include "app/commands/commands.hpp"
#include "app/commands/formula_answer.hpp"
#include "app/reports/reports.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/laws/laws.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/formulas/sketch/sketch.hpp"
#include "ropewalk/formulas/table/table.hpp"
#include "ropewalk/formulas/text/text.hpp"

namespace ropewalk::cli {

namespace {

using formula::Problem;
using formula::Table;

struct FormulaOptions {
    CommonOptions common;
    formula::TableOptions table;
    std::string file;
    std::vector<std::string> targets;
    std::string separator;
    formula::Narrowing narrowing;
    formula::ExplainOptions explain; ///< what is asked of it beside the narrowing
    std::string solver = "search";
    std::string notation;
    std::string output;
    bool size_given = false; ///< whether the largest size was
    std::string plot;
    std::vector<std::string> definitions;
    std::vector<std::string> constant_units;
    std::string form; ///< whose constants are to be fitted; empty: formulas are looked for
    std::string open_form; ///< with functions that are to be found
    int lags = 0;
};

/// What gradient descent is asked, which is less than what the exact search is.
base::Result<formula::Explanation> by_gradient(const Problem& problem,
                                               const formula::ExplainOptions& options) {
    return formula::explain_by(
        [&](const Problem& seen) -> base::Result<formula::Explanation> {
            const auto report = formula::search_by_gradient(seen, {.run = options.search.run});
            if (!report) return tl::make_unexpected(report.error());
            return formula::chosen_of(*report, seen);
        },
        problem, options);
}

using Solver = base::Result<formula::Explanation> (*)(const Problem&, const formula::ExplainOptions&);

const std::map<std::string, Solver>& solvers() {
    static const std::map<std::string, Solver> table{{"gradient", by_gradient}, {"search", formula::explain}};
    return table;
}

/// Options that gradient descent has no use for are refused rather than ignored.
base::Status fits_solver(const FormulaOptions& options) {
    if (options.solver != "gradient") return {};
    const auto refused = [](const std::string& option, const std::string& found) {
        return base::failure(option, found, "--solver search");
    };
    if (options.explain.search.constants) return refused("--constants", "gradient descent, which fits no numbers");
    if (options.narrowing.exact_only) return refused("--exact-only", "gradient descent");
    if (!options.definitions.empty()) return refused("--define", "gradient descent, whose sketch is fixed");
    if (!options.open_form.empty()) return refused("--template", "gradient descent, whose sketch is fixed");
    if (options.table.units) return refused("--units", "gradient descent, which knows no units");
    if (options.explain.loss != formula::Loss::squared || !options.table.weights.empty())
        return refused(options.table.weights.empty() ? "--loss" : "--weights",
                       "gradient descent, whose rows count alike");
    if (options.narrowing.operators || !options.narrowing.functions.empty())
        return refused(options.narrowing.operators ? "--operators" : "--functions",
                       "gradient descent, whose sketch has add, sub and mul");
    return {};
}

/// So are options that say what is looked for, where nothing is.
base::Status fits_form(const FormulaOptions& options) {
    if (options.form.empty()) return {};
    for (const auto& [option, given] : {std::pair{"--constant-units", !options.constant_units.empty()},
                                        std::pair{"--functions", !options.narrowing.functions.empty()},
                                        std::pair{"--define", !options.definitions.empty()},
                                        std::pair{"--max-operators", options.size_given}})
        if (given) return base::failure(option, "--like, which looks for nothing", "one of the two");
    return {};
}

/// The table of every target.
base::Result<std::vector<Table>> tables_of(const FormulaOptions& options) {
    formula::TableOptions chosen = options.table;
    if (options.separator == "tab")
        chosen.separator = '\t';
    else if (!options.separator.empty())
        chosen.separator = options.separator.front();
    chosen.may_lack_inputs = options.lags > 0;
    const auto targets = options.targets.empty() ? std::vector<std::string>{""} : options.targets;
    auto tables = formula::read_tables(options.file, chosen, targets);
    if (!tables) return tables;
    for (Table& table : *tables) {
        std::transform(table.notes.begin(), table.notes.end(), table.notes.begin(), with_option_names);
        if (options.lags == 0) continue;
        if (table.rows_left_out > 0) table.notes.emplace_back("earlier rows are counted among those that are left");
        auto with_lags = formula::with_lags(table, options.lags);
        if (!with_lags) return tl::make_unexpected(with_lags.error());
        table = std::move(*with_lags);
    }
    return tables;
}

/// The general setting as the options narrow it.
base::Result<formula::ExplainOptions> explain_options(const FormulaOptions& options) {
    formula::Narrowing narrowing = options.narrowing;
    if (options.size_given) narrowing.most_operators = options.explain.search.most_operators;
    auto explain = formula::narrowed_options(narrowing);
    if (!explain) return explain;
    if (!options.definitions.empty() && !explain->laws)
        return base::failure("--define", "enumeration alone, which has its own operators",
                             "neither --exact-only nor --operators");
    for (const std::string& text : options.definitions) {
        auto definition = formula::parse_definition(text);
        if (!definition) return tl::make_unexpected(definition.error());
        explain->defined.push_back(std::move(*definition));
    }
    for (const std::string& text : options.constant_units) {
        auto unit = formula::parse_unit(text);
        if (!unit) {
            for (base::Diagnostic& each : unit.error()) each.file = "--constant-units";
            return tl::make_unexpected(unit.error());
        }
        explain->constant_units.push_back(std::move(*unit));
    }
    explain->search.memory = options.explain.search.memory;
    explain->loss = options.explain.loss;
    explain->held_out = options.explain.held_out;
    explain->search.run = {.seed = options.common.seed,
                           .threads = options.common.threads,
                           .seconds = options.explain.search.run.seconds,
                           .stop = interruption()};
    return explain;
}

base::Result<formula::Explanation> solve(const FormulaOptions& options, const Table& table, LivePage& page) {
    for (const auto& fits : {fits_solver(options), fits_form(options)})
        if (!fits) return tl::make_unexpected(fits.error());
    auto explain = explain_options(options);
    if (!explain) return tl::make_unexpected(explain.error());
    if (!options.form.empty()) {
        const auto form = formula::parse_form(options.form, table.names);
        if (!form) return tl::make_unexpected(form.error());
        return formula::explain_form(*form, table.problem, *explain);
    }
    const auto open_form = options.open_form.empty()
                               ? base::Result<formula::TemplateForm>(formula::TemplateForm{})
                               : formula::parse_template(options.open_form, table.names);
    if (!open_form) return tl::make_unexpected(open_form.error());
    base::ProgressReporter progress("looking for " + table.target_name,
                                    base::ProgressReporter::style_for(stderr, options.common.quiet));
    explain->search.run.progress = page.watching(progress.sink());
    auto answer = options.open_form.empty() ? solvers().at(options.solver)(table.problem, *explain)
                                            : formula::explain_template(*open_form, table.problem, *explain);
    if (!answer)
        for (base::Diagnostic& each : answer.error())
            if (each.file == "target") each.file = table.target_name;
    return answer;
}

/// What --json prints, and what a page is made from.
Json record_of(const FormulaOptions& options, const Table& table, const formula::Explanation& answer,
               const std::string& code) {
    Json object = answer_json(table, answer);
    object["table"] = {{"file", std::filesystem::absolute(options.file).string()},
                       {"units", options.table.units},
                       {"skip_missing", options.table.skip_missing},
                       {"missing", options.table.missing}};
    object["solver"] = options.solver;
    object["seed"] = options.common.seed;
    if (!options.notation.empty()) object["exported"] = answer.report.front.empty() ? Json(nullptr) : Json(code);
    return object;
}

/// What was found for one target.
struct Solved {
    Table table;
    formula::Explanation answer;
    std::string code; ///< in the notation that was asked for
    Json record;
};

base::Result<Solved> solved(const FormulaOptions& options, Table table, LivePage& page) {
    for (const std::string& note : table.notes) say("note: {}\n", note);
    auto answer = solve(options, table, page);
    if (!answer) return tl::make_unexpected(answer.error());
    std::string code;
    if (!answer->report.front.empty())
        code = formula::to_text(answer->report.front[answer->best].program, {table.names, table.target_name},
                                formula::notation_named(options.notation).value_or(formula::Notation::infix));
    Json record = record_of(options, table, *answer, code);
    return Solved{std::move(table), std::move(*answer), std::move(code), std::move(record)};
}

void print_answers(const FormulaOptions& options, const std::vector<Solved>& answers) {
    if (options.common.json) {
        if (answers.size() == 1) return print(answers.front().record);
        Json all = Json::array();
        for (const Solved& each : answers) all.push_back(each.record);
        return print({{"answers", all}});
    }
    const bool code_alone = !options.notation.empty() && options.output.empty();
    for (const Solved& each : answers) {
        if (&each != &answers.front()) fmt::print("\n");
        if (!code_alone)
            show_answer(each.table, each.answer);
        else if (each.answer.found)
            fmt::print("{}", each.code);
        else
            say("no formula explains {} better than its mean does\n", each.table.target_name);
    }
}

/// The code of every answer, one after the other; nothing where none explains its target.
std::string written_code(const FormulaOptions& options, const std::vector<Solved>& answers) {
    std::string text;
    for (const Solved& each : answers) {
        if (!each.answer.found) {
            say("note: {} is not written: no formula explains {} better than its mean does\n", options.output,
                each.table.target_name);
            continue;
        }
        if (answers.size() > 1 && !text.empty() && !options.notation.empty()) text += '\n';
        if (answers.size() > 1 && options.notation.empty()) text += each.table.target_name + " = ";
        text += each.code;
        if (options.notation.empty()) text += '\n';
    }
    return text;
}

/// What shows one target alone is refused for several.
base::Status fits_targets(const FormulaOptions& options) {
    if (options.targets.size() < 2) return {};
    for (const auto& [option, file] :
         {std::pair{"--plot", &options.plot}, std::pair{"--report", &options.common.page}})
        if (!file->empty())
            return base::failure(option, std::to_string(options.targets.size()) + " targets",
                                 "one target, as one picture shows one");
    return {};
}

int run(const FormulaOptions& options) {
    for (const std::string& file : {options.output, options.plot, options.common.page})
        if (const auto free = base::free_file(file, overwrite_of(options.common)); !free)
            return report(free.error());
    if (const auto fits = fits_targets(options); !fits) return report(fits.error());
    auto tables = tables_of(options);
    if (!tables) return report(tables.error());
    LivePage page(options.common.page, "A formula for " + tables->front().target_name, options.common);
    if (const auto begun = page.begin(); !begun) return report(begun.error());
    std::vector<Solved> answers;
    for (Table& table : *tables) {
        auto each = solved(options, std::move(table), page);
        if (!each) return report(each.error());
        answers.push_back(std::move(*each));
    }
    print_answers(options, answers);
    const Solved& first = answers.front();
    if (!options.plot.empty() && !first.answer.report.front.empty()) {
        const auto drawn =
            base::write_file(options.plot,
                             formula::plot_of(first.table.problem, {first.table.names, first.table.target_name},
                                              first.answer.report.front, first.answer.best),
                             overwrite_of(options.common));
        if (!drawn) return report(drawn.error());
    }
    if (const auto shown = page.finish([&] { return report_page(first.record, ""); }); !shown)
        return report(shown.error());
    if (!options.output.empty())
        if (const std::string text = written_code(options, answers); !text.empty()) {
            const auto written = base::write_file(options.output, text, overwrite_of(options.common));
            if (!written) return report(written.error());
        }
    const bool all = std::all_of(answers.begin(), answers.end(), [](const Solved& each) { return each.answer.found; });
    return all ? exit_done : exit_not_found;
}

} // namespace

void add_formula(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<FormulaOptions>();
    CLI::App* command =
        app.add_subcommand("formula", "Find formulas that explain one column of a table by the others");
    command->require_subcommand(0, 1);
    command->add_option("data", options->file, "A CSV file with the names of the columns in its first line");
    command
        ->add_option("--target", options->targets,
                     "The column to explain (the last one), or several, each by what is no target")
        ->delimiter(',')
        ->allow_extra_args(false);
    command->add_option("--inputs", options->table.inputs, "The columns to explain it with (all others)")
        ->delimiter(',')
        ->allow_extra_args(false);
    add_setting(*command, options->explain, "max_operators");
    add_settings(*command, options->narrowing);
    for (const char* name : {"constants", "seconds", "memory"}) add_setting(*command, options->explain, name);
    command->add_flag("--units", options->table.units,
                      "The second line holds units such as m/s^2; formulas must respect them");
    command
        ->add_option("--constant-units", options->constant_units,
                     "Units that fitted numbers may have, and their powers, such as kg,m/s^2")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->needs("--units");
    command->add_option("--weights", options->table.weights, "A column that says how much every row counts");
    add_setting(*command, options->explain, "loss");
    command->add_option("--lags", options->lags, "Earlier rows whose values explain, too, of a series")
        ->check(CLI::Range(0, 100));
    command->add_option("--like", options->form,
                        "Look for nothing: fit c1, c2, ... of a form such as 'c1*exp(-c2*x) + c3'");
    command->add_option("--template", options->open_form,
                        "Look for the unknown functions of a form such as 'sin(f(x1, x2)) + g(x3)' alone")
        ->excludes("--like");
    command
        ->add_option(
            "--define", options->definitions,
            "A function of your own that laws may hold, such as 'relu(x) = max(x, 0)'; may be repeated")
        ->allow_extra_args(false);
    command->add_flag("--skip-missing", options->table.skip_missing, "Leave out rows with a missing value");
    command
        ->add_option("--missing", options->table.missing,
                     "Numbers that mark missing values, such as -999; none: no number does (those far from all others)")
        ->delimiter(',')
        ->allow_extra_args(false);
    command->add_option("--separator", options->separator, "Between fields: ',', ';', '|' or tab (detected)")
        ->check(CLI::IsMember({",", ";", "|", "tab"}));
    add_setting(*command, options->explain, "holdout");
    command
        ->add_option("--solver", options->solver,
                     "How formulas are found: search (exact) or gradient (descent on sketches)")
        ->capture_default_str()
        ->check([](const std::string& name) {
            if (solvers().contains(name)) return std::string{};
            std::string known;
            for (const auto& [each, solver] : solvers()) known += (known.empty() ? "" : ", ") + each;
            return "found " + name + "; expected one of " + known;
        });
    command
        ->add_option("--export", options->notation,
                     "Print the best formula alone, as c, python, sympy, latex or json")
        ->check(CLI::IsMember({"c", "python", "sympy", "latex", "json"}));
    command->add_option("-o,--output", options->output,
                        "Write the best formula there, as --export says or else as a line of text");
    command->add_option("--plot", options->plot, "Draw the data, the answer and the front into an SVG file");
    add_report_option(*command, options->common);
    command->add_flag("--force", options->common.force, "Replace files that exist");
    add_common_options(*command, options->common);
    add_apply(*command, exit_code);
    command->footer("Example: ropewalk formula examples/data/pendulum.csv --units\n"
                    "         ropewalk formula data.csv --export python -o found.py\n"
                    "         ropewalk formula data.csv --json > answer.json\n"
                    "         ropewalk formula decay.csv --like 'c1*exp(-c2*t) + c3'\n"
                    "         ropewalk formula data.csv --template 'sin(f(x1, x2)) + g(x3)'\n"
                    "         ropewalk formula data.csv --target y1,y2\n"
                    "         ropewalk formula apply answer.json new.csv -o predicted.csv\n"
                    "Exit status 1 when no formula explains the target, or one of several, better than its mean\n"
                    "does.");
    command->callback([options, command, &exit_code] {
        if (!command->get_subcommands().empty()) return;
        if (options->file.empty()) throw CLI::RequiredError("data");
        options->size_given = command->get_option("--max-operators")->count() > 0;
        exit_code = run(*options);
    });
}

} // namespace ropewalk::cli
