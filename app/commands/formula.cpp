// ropewalk formula: formulas that explain one column of a table by the others.
#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <tuple>

#include <fmt/format.h>
#include <unistd.h>

#include "app/commands/commands.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/laws/laws.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/formulas/sketch/sketch.hpp"
#include "ropewalk/formulas/table/table.hpp"
#include "ropewalk/formulas/text/text.hpp"

namespace ropewalk::cli {

namespace {

using formula::Fit;
using formula::FormulaReport;
using formula::Found;
using formula::Problem;
using formula::Table;

struct FormulaOptions {
    CommonOptions common;
    formula::TableOptions table;
    std::string file;
    std::string separator;
    std::optional<std::string> operators;
    std::string functions;
    std::string solver = "search";
    std::string notation;
    std::string output;
    formula::SearchOptions search;
    bool size_given = false; ///< whether the largest size was
    bool exact_only = false;
    std::string plot;
    double holdout = 0;
};

using Solver = base::Result<formula::Explanation> (*)(const Problem&, const formula::ExplainOptions&);

/// What gradient descent is asked, which is less than what the exact search is.
base::Result<formula::Explanation> by_gradient(const Problem& problem,
                                               const formula::ExplainOptions& explain) {
    const formula::SearchOptions& options = explain.search;
    formula::GradientSearchOptions descent;
    descent.run = options.run;
    const auto report = formula::search_by_gradient(problem, descent);
    if (!report) return base::failure(report.error());
    return formula::chosen_of(*report, problem);
}

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
    if (options.search.constants) return refused("--constants", "gradient descent, which fits no numbers");
    if (options.exact_only) return refused("--exact-only", "gradient descent");
    if (options.table.units) return refused("--units", "gradient descent, which knows no units");
    if (options.operators || !options.functions.empty())
        return refused(options.operators ? "--operators" : "--functions",
                       "gradient descent, whose sketch has add, sub and mul");
    return {};
}

/// Operators of both options, each once; a failure names the option.
base::Result<std::vector<formula::Operator>> operators_of(const FormulaOptions& options) {
    const std::string operators = options.operators.value_or("add,sub,mul,div");
    std::vector<formula::Operator> chosen;
    for (const auto& [option, names] :
         {std::pair{"--operators", &operators}, std::pair{"--functions", &options.functions}}) {
        auto parsed = formula::parse_operators(*names);
        if (!parsed) {
            for (base::Diagnostic& each : parsed.error()) each.file = option;
            return parsed;
        }
        for (const formula::Operator each : *parsed)
            if (std::find(chosen.begin(), chosen.end(), each) == chosen.end()) chosen.push_back(each);
    }
    if (chosen.empty())
        return base::failure("--operators", "no operator at all", "a list such as add,sub,mul,div");
    return chosen;
}

base::Result<Table> table_of(const FormulaOptions& options) {
    formula::TableOptions chosen = options.table;
    if (options.separator == "tab")
        chosen.separator = '\t';
    else if (!options.separator.empty())
        chosen.separator = options.separator.front();
    return formula::read_table(options.file, chosen);
}

/// A formula and what it is worth.
struct Judged {
    Found found;
    std::string text;
    std::optional<Fit> held_out;

    const Fit& deciding() const { return held_out ? *held_out : found.fit; }
    bool exact() const { return found.fit.exact && deciding().exact; }
};

struct Answer {
    std::vector<Judged> front;
    std::size_t best = 0;
    std::string reason;
    bool found = false; ///< the best formula explains more than the mean
    bool only_noise_left = false;
    double noise = 0; ///< the best formula's error as a share of the target's spread
    std::size_t rows_held_out = 0;
    FormulaReport report;
};

/// Why the search ended: not only an exact formula leaves nothing to look for.
std::string why_stopped(const Answer& answer) {
    const bool is_exact = !answer.front.empty() && answer.front[answer.best].exact();
    if (answer.report.stop_reason == base::StopReason::found && !is_exact)
        return "what is left looks like noise";
    return formula::sentence_of(answer.report.stop_reason);
}

/// Formulas this close to the smallest error on the rows held out are as good as the best one; the smallest
/// of them is chosen.
constexpr double tolerance = 1.1;

/// Rounding errors of sums of squares may lift R2 by this much.
constexpr double least_r2 = 1e-9;

/// Rows that were held out decide where there are some, unless a formula is exact on all.
void choose_by_held_out(Answer& answer) {
    if (answer.front.empty() || answer.front[answer.best].exact()) return;
    double smallest = INFINITY;
    for (const Judged& each : answer.front) smallest = std::min(smallest, each.deciding().rmse);
    for (std::size_t i = answer.front.size(); i-- > 0;)
        if (answer.front[i].deciding().rmse <= tolerance * smallest) answer.best = i;
    answer.reason = "the smallest formula within 10% of the smallest error";
    answer.found = answer.front[answer.best].deciding().r2 > least_r2;
}

/// A target that never changes needs no search.
std::optional<formula::Explanation> constant_answer(const Problem& problem) {
    const double value = problem.target.front();
    if (std::any_of(problem.target.begin(), problem.target.end(), [value](double y) { return y != value; }))
        return std::nullopt;
    FormulaReport report;
    report.front.push_back({formula::constant(static_cast<int>(problem.inputs.size()), value),
                            0,
                            {.rmse = 0, .max_error = 0, .r2 = 1, .exact = true}});
    report.candidates = 1;
    report.stop_reason = base::StopReason::found;
    report.completed_operators = 0;
    return formula::chosen_of(std::move(report), problem);
}

base::Result<Answer> solve(const FormulaOptions& options, const Table& table) {
    if (const auto fits = fits_solver(options); !fits) return tl::make_unexpected(fits.error());
    const auto operators = operators_of(options);
    if (!operators) return tl::make_unexpected(operators.error());
    Problem fitted = table.problem, held_out;
    if (options.holdout > 0) {
        auto parts = formula::hold_out(table.problem, options.holdout, options.common.seed);
        if (!parts) return tl::make_unexpected(parts.error());
        std::tie(fitted, held_out) = std::move(*parts);
    }
    const auto explanation = [&]() -> base::Result<formula::Explanation> {
        if (auto constant = constant_answer(fitted)) return *constant;
        base::ProgressReporter progress("looking for " + table.target_name,
                                        base::ProgressReporter::style_for(stderr, options.common.quiet));
        formula::ExplainOptions explain = formula::general_options();
        // Any choice of operators or functions is all of them.
        if (options.exact_only || options.operators || !options.functions.empty())
            explain.search.operators = explain.law_functions = *operators;
        explain.search.most_operators = options.search.most_operators;
        explain.search.memory = options.search.memory;
        explain.search.constants = !options.exact_only;
        explain.search.run = {.seed = options.common.seed,
                              .threads = options.common.threads,
                              .seconds = options.search.run.seconds,
                              .progress = progress.sink(),
                              .stop = interruption()};
        explain.laws = !options.exact_only && !options.operators;
        explain.most_operators = options.size_given ? options.search.most_operators : 0;
        return solvers().at(options.solver)(fitted, explain);
    }();
    if (!explanation) return tl::make_unexpected(explanation.error());
    Answer answer{.best = explanation->best,
                  .reason = explanation->reason,
                  .found = explanation->found,
                  .only_noise_left = explanation->only_noise_left,
                  .noise = explanation->noise,
                  .rows_held_out = held_out.target.size(),
                  .report = explanation->report};
    for (const Found& found : explanation->report.front) {
        Judged judged{found, formula::to_infix(found.program, table.names), std::nullopt};
        if (options.holdout > 0)
            judged.held_out =
                formula::fit_of(formula::evaluate(found.program, held_out.inputs), held_out.target);
        answer.front.push_back(std::move(judged));
    }
    if (options.holdout > 0) choose_by_held_out(answer);
    return answer;
}

/// What no double can hold in JSON is null.
Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json to_json(const Judged& judged) {
    Json object{{"formula", judged.text},
                {"operators", judged.found.operators},
                {"rmse", number(judged.found.fit.rmse)},
                {"r2", number(judged.found.fit.r2)},
                {"max_error", number(judged.found.fit.max_error)},
                {"exact", judged.found.fit.exact},
                {"bits", number(judged.found.bits)}};
    if (judged.held_out)
        object["held_out"] = {{"rmse", number(judged.held_out->rmse)},
                              {"r2", number(judged.held_out->r2)},
                              {"max_error", number(judged.held_out->max_error)}};
    return object;
}

Json summary(const FormulaOptions& options, const Table& table, const Answer& answer,
             const std::string& code) {
    Json front = Json::array();
    for (const Judged& each : answer.front) front.push_back(to_json(each));
    Json object{{"target", table.target_name},
                {"inputs", table.names},
                {"table",
                 {{"file", std::filesystem::absolute(options.file).string()},
                  {"units", options.table.units},
                  {"skip_missing", options.table.skip_missing}}},
                {"rows", table.problem.target.size()},
                {"rows_left_out", table.rows_left_out},
                {"found", answer.found},
                {"best", answer.front.empty() ? Json(nullptr) : to_json(answer.front[answer.best])},
                {"reason", answer.reason},
                {"noise", number(answer.noise)},
                {"only_noise_left", answer.only_noise_left},
                {"front", front},
                {"candidates", answer.report.candidates},
                {"completed_operators", answer.report.completed_operators},
                {"stop_reason", why_stopped(answer)},
                {"solver", options.solver},
                {"seed", options.common.seed},
                {"seconds", answer.report.seconds},
                {"notes", table.notes}};
    if (!options.notation.empty()) object["exported"] = answer.front.empty() ? Json(nullptr) : Json(code);
    return object;
}

std::string fit_text(const Fit& fit) {
    return fmt::format("R2 {:.6g}, RMSE {:.4g}, largest error {:.4g}", fit.r2, fit.rmse, fit.max_error);
}

/// Whether the target was printed with fewer digits than a double has.
bool printed_digits(const Table& table) {
    const auto& halves = table.problem.resolution;
    return std::any_of(halves.begin(), halves.end(), [](double half) { return half > 0; });
}

void show_best(const Table& table, const Answer& answer) {
    if (answer.front.empty()) {
        fmt::print(
            "No formula for {} was found: none of those looked at has a finite value on every row{}.\n",
            table.target_name, table.problem.target_unit ? " and the unit of the target" : "");
        return;
    }
    const Judged& best = answer.front[answer.best];
    if (!answer.found) {
        fmt::print(
            "No formula that was tried explains {} better than its mean does by more than chance. The answer "
            "is\n\n",
            table.target_name);
    }
    fmt::print("{} = {}\n\n", table.target_name, best.text);
    const auto& target = table.problem.target;
    if (best.found.operators == 0 &&
        std::all_of(target.begin(), target.end(), [&](double y) { return y == target.front(); })) {
        fmt::print("{} is the same on all {} rows.\n", table.target_name, target.size());
        return;
    }
    const std::string exact = printed_digits(table) ? "Exact to the digits of the table" : "Exact";
    fmt::print("{}: {}{}\n", best.exact() ? exact : "Approximate", fit_text(best.found.fit),
               best.held_out ? " on the rows it was fitted to" : "");
    if (best.held_out) fmt::print("On the rows held out: {}\n", fit_text(*best.held_out));
    if (answer.found)
        fmt::print("It is {}{}.\n", answer.reason,
                   best.held_out && !best.exact() ? " on the rows held out" : "");
    if (best.exact()) return;
    fmt::print("{:.3g}% of the spread of {} is left. {}\n", 100 * answer.noise, table.target_name,
               answer.only_noise_left ? "It looks like noise: no polynomial of the inputs explains any of it."
                                      : "Some of it is no noise: a better formula may exist.");
}

void show_front(const Answer& answer) {
    const bool held_out = std::any_of(answer.front.begin(), answer.front.end(),
                                      [](const Judged& each) { return each.held_out.has_value(); });
    fmt::print("\n  operators      bits          R2        RMSE   max error{}               formula\n",
               held_out ? "  held-out R2" : "");
    for (std::size_t i = 0; i < answer.front.size(); ++i) {
        const auto& [found, text, held] = answer.front[i];
        fmt::print("{} {:>9}  {:>8.0f}  {:>10.6f}  {:>10.4g}  {:>10.4g}", i == answer.best ? '>' : ' ',
                   found.operators, found.bits, found.fit.r2, found.fit.rmse, found.fit.max_error);
        if (held_out) fmt::print("  {:>11.6f}", held ? held->r2 : 0);
        fmt::print("  {:<11}  {}\n", found.fit.exact ? "exact" : "approximate", text);
    }
}

void show_statistics(const Table& table, const Answer& answer) {
    const FormulaReport& report = answer.report;
    const std::size_t inputs = table.names.size();
    fmt::print("\n{} rows{}, {} input{}; {} formula{} looked at in {:.2f} s; stopped: {}\n",
               table.problem.target.size(),
               answer.rows_held_out > 0 ? fmt::format(" ({} of them held out)", answer.rows_held_out) : "",
               inputs, inputs == 1 ? "" : "s", report.candidates, report.candidates == 1 ? "" : "s",
               report.seconds, why_stopped(answer));
    if (report.completed_operators >= 0)
        fmt::print("Every formula without fitted numbers of up to {} operator{} was looked at.\n",
                   report.completed_operators, report.completed_operators == 1 ? "" : "s");
}

int run(const FormulaOptions& options) {
    for (const std::string& file : {options.output, options.plot})
        if (const auto free = base::free_file(file, overwrite_of(options.common)); !free)
            return report(free.error());
    const auto table = table_of(options);
    if (!table) return report(table.error());
    for (const std::string& note : table->notes) say("note: {}\n", note);
    const auto answer = solve(options, *table);
    if (!answer) return report(answer.error());
    std::string code;
    if (!answer->front.empty()) {
        const auto notation = formula::notation_named(options.notation).value_or(formula::Notation::infix);
        code = formula::to_text(answer->front[answer->best].found.program, {table->names, table->target_name},
                                notation);
    }
    if (options.common.json) {
        print(summary(options, *table, *answer, code));
    } else if (!options.notation.empty() && options.output.empty()) {
        if (answer->found)
            fmt::print("{}", code);
        else
            say("no formula explains {} better than its mean does\n", table->target_name);
    } else {
        show_best(*table, *answer);
        if (answer->front.size() > 1) show_front(*answer);
        show_statistics(*table, *answer);
    }
    if (!options.plot.empty() && !answer->front.empty()) {
        std::vector<Found> front;
        for (const Judged& each : answer->front) front.push_back(each.found);
        const auto drawn = base::write_file(
            options.plot,
            formula::plot_of(table->problem, {table->names, table->target_name}, front, answer->best),
            options.common.force ? base::Overwrite::allow : base::Overwrite::refuse);
        if (!drawn) return report(drawn.error());
    }
    if (!options.output.empty() && !answer->found)
        say("note: {} is not written: no formula explains {} better than its mean does\n", options.output,
            table->target_name);
    if (!options.output.empty() && answer->found) {
        if (options.notation.empty()) code += '\n';
        const auto written = base::write_file(
            options.output, code, options.common.force ? base::Overwrite::allow : base::Overwrite::refuse);
        if (!written) return report(written.error());
    }
    return answer->found ? exit_done : exit_not_found;
}

struct ApplyOptions {
    CommonOptions common;
    std::string answer, file, output;
};

/// A formula from a file that --json wrote, on the rows of another table.
base::Result<std::string> applied(const ApplyOptions& options) {
    const auto text = base::read_file(options.answer, std::size_t{1} << 26);
    if (!text) return tl::make_unexpected(text.error());
    const Json answer = base::json_nesting(*text) > 64 ? Json() : Json::parse(*text, nullptr, false);
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
    const auto written = base::write_file(
        options.output, *text, options.common.force ? base::Overwrite::allow : base::Overwrite::refuse);
    return written ? exit_done : report(written.error());
}

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

} // namespace

void add_formula(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<FormulaOptions>();
    CLI::App* command =
        app.add_subcommand("formula", "Find formulas that explain one column of a table by the others");
    command->require_subcommand(0, 1);
    command->add_option("data", options->file, "A CSV file with the names of the columns in its first line");
    command->add_option("--target", options->table.target, "The column to explain (the last one)");
    command->add_option("--inputs", options->table.inputs, "The columns to explain it with (all others)")
        ->delimiter(',')
        ->allow_extra_args(false);
    add_setting(*command, options->search, "max_operators");
    command->add_option("--operators", options->operators,
                        "Operators that formulas are made of (add,sub,mul,div)");
    command->add_option(
        "--functions", options->functions,
        "The only functions, in place of the usual ones: min, max, square, sqrt, reciprocal, exp, "
        "log, sin, cos, tan, tanh, asin, acos, atan, abs, sign, floor, ceil, mod, pow, less");
    command->add_flag("--exact-only", options->exact_only,
                      "Enumerate formulas without fitted numbers, with the functions that --functions names");
    for (const char* name : {"constants", "seconds", "memory"}) add_setting(*command, options->search, name);
    command->add_flag("--units", options->table.units,
                      "The second line holds units such as m/s^2; formulas must respect them");
    command->add_flag("--skip-missing", options->table.skip_missing, "Leave out rows with a missing value");
    command->add_option("--separator", options->separator, "Between fields: ',', ';' or tab (detected)")
        ->check(CLI::IsMember({",", ";", "tab"}));
    command
        ->add_option("--holdout", options->holdout,
                     "Share of the rows that are kept from the search and judge what it finds")
        ->check(CLI::Range(0.0, 1.0));
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
    command->add_flag("--force", options->common.force, "Replace the file if it exists");
    add_common_options(*command, options->common);
    add_apply(*command, exit_code);
    command->footer("Example: ropewalk formula examples/data/pendulum.csv --units\n"
                    "         ropewalk formula data.csv --export python -o found.py\n"
                    "         ropewalk formula data.csv --json > answer.json\n"
                    "         ropewalk formula apply answer.json new.csv -o predicted.csv\n"
                    "Exit status 1 when no formula explains the target better than its mean does.");
    command->callback([options, command, &exit_code] {
        if (!command->get_subcommands().empty()) return;
        if (options->file.empty()) throw CLI::RequiredError("data");
        options->size_given = command->get_option("--max-operators")->count() > 0;
        exit_code = run(*options);
    });
}

} // namespace ropewalk::cli
