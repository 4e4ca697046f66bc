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
    std::vector<std::string> definitions;
    std::string form; ///< whose constants are to be fitted; empty: formulas are looked for
    std::string loss = "squared";
    int lags = 0;
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
    if (!options.definitions.empty()) return refused("--define", "gradient descent, whose sketch is fixed");
    if (options.table.units) return refused("--units", "gradient descent, which knows no units");
    if (options.loss != "squared" || !options.table.weights.empty())
        return refused(options.table.weights.empty() ? "--loss" : "--weights",
                       "gradient descent, whose rows count alike");
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
    return formula::read_table(options.file, chosen).and_then([&](const Table& table) -> base::Result<Table> {
        if (options.lags == 0) return table;
        return formula::with_lags(table, options.lags);
    });
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

/// A form that is given, with its constants fitted.
base::Result<Answer> solve_form(const FormulaOptions& options, const Table& table, const Problem& problem) {
    const auto form = formula::parse_form(options.form, table.names);
    if (!form) return tl::make_unexpected(form.error());
    const formula::Loss loss = formula::loss_named(options.loss).value_or(formula::Loss::squared);
    const base::Stopwatch watch;
    const base::Run run{.seed = options.common.seed,
                        .threads = options.common.threads,
                        .seconds = options.search.run.seconds,
                        .stop = interruption()};
    const auto fitted = formula::fit_form(*form, problem, loss, run);
    if (!fitted) return tl::make_unexpected(fitted.error());
    FormulaReport report;
    report.front.push_back({fitted->program, formula::size(fitted->program).operators, fitted->fit});
    report.candidates = 1;
    report.seconds = watch.seconds();
    report.stop_reason = base::StopReason::work;
    Problem weighted = problem;
    weighted.weights = fitted->weights;
    const formula::Explanation explanation = formula::chosen_of(std::move(report), weighted);
    Answer answer{.reason = "the form that was given, with the constants that fit best",
                  .found = explanation.found,
                  .only_noise_left = formula::leaves_noise(fitted->program, weighted),
                  .noise = explanation.noise,
                  .report = explanation.report};
    answer.front.push_back(
        {explanation.report.front.front(), formula::to_infix(fitted->program, table.names), {}});
    for (std::size_t k = 0; k < form->constants.size(); ++k)
        answer.constants.push_back({form->constants[k], fitted->constants[k], fitted->standard_errors[k]});
    return answer;
}

/// Judges what was found on the rows that were held out.
Answer judged(Answer answer, const Problem& held_out) {
    answer.rows_held_out = held_out.target.size();
    for (Judged& each : answer.front)
        each.held_out =
            formula::fit_of(formula::evaluate(each.found.program, held_out.inputs), held_out.target);
    return answer;
}

base::Result<Answer> solve(const FormulaOptions& options, const Table& table, LivePage& page) {
    if (const auto fits = fits_solver(options); !fits) return tl::make_unexpected(fits.error());
    const auto operators = operators_of(options);
    if (!operators) return tl::make_unexpected(operators.error());
    if (!options.definitions.empty() && (options.exact_only || options.operators))
        return base::failure("--define", "enumeration alone, which has its own operators",
                             "neither --exact-only nor --operators");
    std::vector<formula::DefinedFunction> defined;
    for (const std::string& text : options.definitions) {
        auto definition = formula::parse_definition(text);
        if (!definition) return tl::make_unexpected(definition.error());
        defined.push_back(std::move(*definition));
    }
    Problem fitted = table.problem, held_out;
    if (options.holdout > 0) {
        auto parts = formula::hold_out(table.problem, options.holdout, options.common.seed);
        if (!parts) return tl::make_unexpected(parts.error());
        std::tie(fitted, held_out) = std::move(*parts);
    }
    const bool weighted = options.loss != "squared" || !options.table.weights.empty();
    if (!options.form.empty()) {
        auto answer = solve_form(options, table, fitted);
        if (answer) answer->weighted = weighted;
        if (answer && options.holdout > 0) return judged(std::move(*answer), held_out);
        return answer;
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
                              .progress = page.watching(progress.sink()),
                              .stop = interruption()};
        explain.laws = !options.exact_only && !options.operators;
        explain.defined = std::move(defined);
        explain.loss = formula::loss_named(options.loss).value_or(formula::Loss::squared);
        explain.most_operators = options.size_given ? options.search.most_operators : 0;
        return solvers().at(options.solver)(fitted, explain);
    }();
    if (!explanation) return tl::make_unexpected(explanation.error());
    Answer answer{.best = explanation->best,
                  .reason = explanation->reason,
                  .found = explanation->found,
                  .only_noise_left = explanation->only_noise_left,
                  .noise = explanation->noise,
                  .report = explanation->report};
    for (const Found& found : explanation->report.front)
        answer.front.push_back({found, formula::to_infix(found.program, table.names), std::nullopt});
    answer.weighted = weighted;
    if (options.holdout == 0) return answer;
    answer = judged(std::move(answer), held_out);
    choose_by_held_out(answer);
    return answer;
}

/// What --json prints, and what a page is made from.
Json record_of(const FormulaOptions& options, const Table& table, const Answer& answer,
               const std::string& code) {
    Json object = to_json(table, answer);
    object["table"] = {{"file", std::filesystem::absolute(options.file).string()},
                       {"units", options.table.units},
                       {"skip_missing", options.table.skip_missing}};
    object["solver"] = options.solver;
    object["seed"] = options.common.seed;
    if (!options.notation.empty()) object["exported"] = answer.front.empty() ? Json(nullptr) : Json(code);
    return object;
}

int run(const FormulaOptions& options) {
    for (const std::string& file : {options.output, options.plot, options.common.page})
        if (const auto free = base::free_file(file, overwrite_of(options.common)); !free)
            return report(free.error());
    const auto table = table_of(options);
    if (!table) return report(table.error());
    for (const std::string& note : table->notes) say("note: {}\n", note);
    LivePage page(options.common.page, "A formula for " + table->target_name, options.common);
    if (const auto begun = page.begin(); !begun) return report(begun.error());
    const auto answer = solve(options, *table, page);
    if (!answer) return report(answer.error());
    std::string code;
    if (!answer->front.empty()) {
        const auto notation = formula::notation_named(options.notation).value_or(formula::Notation::infix);
        code = formula::to_text(answer->front[answer->best].found.program, {table->names, table->target_name},
                                notation);
    }
    const Json record = record_of(options, *table, *answer, code);
    if (options.common.json) {
        print(record);
    } else if (!options.notation.empty() && options.output.empty()) {
        if (answer->found)
            fmt::print("{}", code);
        else
            say("no formula explains {} better than its mean does\n", table->target_name);
    } else {
        show(*table, *answer);
    }
    if (!options.plot.empty() && !answer->front.empty()) {
        std::vector<Found> front;
        for (const Judged& each : answer->front) front.push_back(each.found);
        const auto drawn = base::write_file(
            options.plot,
            formula::plot_of(table->problem, {table->names, table->target_name}, front, answer->best),
            overwrite_of(options.common));
        if (!drawn) return report(drawn.error());
    }
    if (const auto shown = page.finish([&] { return report_page(record, ""); }); !shown) return report(shown.error());
    if (!options.output.empty() && !answer->found)
        say("note: {} is not written: no formula explains {} better than its mean does\n", options.output,
            table->target_name);
    if (!options.output.empty() && answer->found) {
        if (options.notation.empty()) code += '\n';
        const auto written = base::write_file(options.output, code, overwrite_of(options.common));
        if (!written) return report(written.error());
    }
    return answer->found ? exit_done : exit_not_found;
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
    command->add_option("--weights", options->table.weights, "A column that says how much every row counts");
    command->add_option("--loss", options->loss, "squared, or for rows that are far off: huber or absolute")
        ->capture_default_str()
        ->check(CLI::IsMember({"squared", "huber", "absolute"}));
    command->add_option("--lags", options->lags, "Earlier rows whose values explain, too, of a series")
        ->check(CLI::Range(0, 100));
    command->add_option("--like", options->form,
                        "Look for nothing: fit c1, c2, ... of a form such as 'c1*exp(-c2*x) + c3'");
    command
        ->add_option(
            "--define", options->definitions,
            "A function of your own that laws may hold, such as 'relu(x) = max(x, 0)'; may be repeated")
        ->allow_extra_args(false);
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
    add_report_option(*command, options->common);
    command->add_flag("--force", options->common.force, "Replace files that exist");
    add_common_options(*command, options->common);
    add_apply(*command, exit_code);
    command->footer("Example: ropewalk formula examples/data/pendulum.csv --units\n"
                    "         ropewalk formula data.csv --export python -o found.py\n"
                    "         ropewalk formula data.csv --json > answer.json\n"
                    "         ropewalk formula decay.csv --like 'c1*exp(-c2*t) + c3'\n"
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
