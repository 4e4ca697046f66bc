// How an answer of `ropewalk formula` is shown, to people and as JSON.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/commands/formula_answer.hpp"
#include "ropewalk/formulas/text/text.hpp"

namespace ropewalk::cli {

namespace {

using formula::Explanation;
using formula::Fit;
using formula::Found;
using formula::Table;

/// What no double can hold in JSON is null.
Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json fit_json(const Fit& fit) {
    return {{"rmse", number(fit.rmse)}, {"r2", number(fit.r2)}, {"max_error", number(fit.max_error)}};
}

std::string text_of(const Table& table, const Found& found) {
    return formula::to_infix(found.program, table.names);
}

Json formula_json(const Table& table, const Explanation& answer, std::size_t place) {
    const Found& found = answer.report.front[place];
    Json object{{"formula", text_of(table, found)}, {"operators", found.operators}};
    object.update(fit_json(found.fit));
    object["exact"] = found.fit.exact;
    object["bits"] = number(found.bits);
    if (!answer.held_out.empty()) object["held_out"] = fit_json(answer.held_out[place]);
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

/// A function that was looked for, with its arguments: f(x1, x2).
std::string call_text(const formula::NamedBody& part) {
    std::string text = part.name + "(";
    for (const std::string& name : part.arguments) text += (text.back() == '(' ? "" : ", ") + name;
    return text + ")";
}

/// Numbers of a formula that have a unit, each with it; none where units play no part.
std::vector<std::pair<double, formula::Unit>> numbers_with_units(const Table& table, const formula::Program& program) {
    std::vector<std::pair<double, formula::Unit>> numbers;
    const formula::Problem& problem = table.problem;
    if (problem.units.empty() || !problem.target_unit) return numbers;
    const auto units = formula::number_units(program, problem.units, *problem.target_unit);
    if (!units) return numbers;
    auto unit = units->begin();
    for (const formula::Line& line : program.lines)
        if (line.operation == formula::Operator::constant) {
            if (*unit != formula::Unit{}) numbers.emplace_back(line.value, *unit);
            ++unit;
        }
    return numbers;
}

std::string condition_text(const Table& table, const formula::Comparison& comparison) {
    const std::string left = formula::to_infix(comparison.left, table.names), right = formula::to_infix(comparison.right, table.names);
    return comparison.holds ? fmt::format("{} < {}", left, right) : fmt::format("{} <= {}", right, left);
}

/// All comparisons of a case: two of one thing, which stands right of the first and left of the second, are one chain.
std::string conditions_text(const Table& table, const std::vector<formula::Comparison>& where) {
    std::vector<std::string> texts;
    for (const formula::Comparison& each : where) texts.push_back(condition_text(table, each));
    if (where.size() == 2 && where[0].left.lines.size() == 1 && where[0].right == where[1].right &&
        where[0].holds != where[1].holds) {
        const std::string& from = texts[where[0].holds ? 0 : 1];
        const std::string& to = texts[where[0].holds ? 1 : 0];
        const std::string thing = formula::to_infix(where[0].right, table.names);
        if (from.ends_with(thing) && to.starts_with(thing)) return from + to.substr(thing.size());
    }
    return fmt::format("{}", fmt::join(texts, " and "));
}

/// What a formula with comparisons is in every case, a line each.
std::vector<std::pair<std::string, std::string>> case_texts(const Table& table, const Found& found) {
    std::vector<std::pair<std::string, std::string>> texts;
    for (const formula::Case& each : formula::cases_of(found.program, table.problem))
        texts.emplace_back(formula::to_infix(each.value, table.names), conditions_text(table, each.where));
    return texts;
}

void show_best(const Table& table, const Explanation& answer) {
    if (answer.report.front.empty()) {
        fmt::print(
            "No formula for {} was found: none of those looked at has a finite value on every row{}.\n",
            table.target_name, table.problem.target_unit ? " and the unit of the target" : "");
        return;
    }
    const Found& best = answer.report.front[answer.best];
    if (!answer.found) {
        fmt::print(
            "No formula that was tried explains {} better than its mean does by more than chance. The answer "
            "is\n\n",
            table.target_name);
    }
    fmt::print("{} = {}\n\n", table.target_name, text_of(table, best));
    const auto cases = case_texts(table, best);
    for (const auto& [value, where] : cases) fmt::print("  {} where {}\n", value, where);
    if (!cases.empty()) fmt::print("\n");
    const auto numbers = numbers_with_units(table, best.program);
    for (const auto& [value, unit] : numbers) fmt::print("{:.6g} is in {}\n", value, formula::to_string(unit));
    if (!numbers.empty()) fmt::print("\n");
    for (const formula::FittedConstant& each : answer.constants)
        fmt::print("{} = {:.6g}{}\n", each.name, each.value,
                   std::isfinite(each.standard_error) ? fmt::format(" +- {:.2g}", each.standard_error)
                                                      : std::string(", which the table does not fix"));
    if (!answer.parts.empty()) {
        for (const formula::NamedBody& part : answer.parts[answer.best])
            fmt::print("{} = {}\n", call_text(part), formula::to_infix(part.body, part.arguments));
        fmt::print("\n");
    }
    if (answer.same_on_all_rows) {
        fmt::print("{} is the same on all {} rows.\n", table.target_name, table.problem.target.size());
        return;
    }
    const bool exact = answer.is_exact(answer.best), held_out = !answer.held_out.empty();
    const std::string exactly = printed_digits(table) ? "Exact to the digits of the table" : "Exact";
    fmt::print("{}: {}{}\n", exact ? exactly : "Approximate", fit_text(best.fit),
               held_out          ? " on the rows it was fitted to"
               : answer.weighted ? ", rows by their weights"
                                 : "");
    if (held_out) fmt::print("On the rows held out: {}\n", fit_text(answer.deciding(answer.best)));
    if (answer.found)
        fmt::print("It is {}{}.\n", answer.reason, held_out && !exact ? " on the rows held out" : "");
    if (exact) return;
    fmt::print("{:.3g}% of the spread of {} is left. {}\n", 100 * answer.noise, table.target_name,
               answer.only_noise_left ? "It looks like noise: no polynomial of the inputs explains any of it."
                                      : "Some of it is no noise: a better formula may exist.");
}

/// What no function of the inputs can explain.
void show_unavoidable(const Table& table, const Explanation& answer) {
    if (answer.unavoidable > 0)
        fmt::print("Rows with the same inputs differ in {}: no function of these leaves less than RMSE {:.4g}.\n",
                   table.target_name, answer.unavoidable);
}

void show_front(const Table& table, const Explanation& answer) {
    const bool held_out = !answer.held_out.empty();
    fmt::print("\n  operators      bits          R2        RMSE   max error{}               formula\n",
               held_out ? "  held-out R2" : "");
    for (std::size_t i = 0; i < answer.report.front.size(); ++i) {
        const Found& found = answer.report.front[i];
        fmt::print("{} {:>9}  {:>8.0f}  {:>10.6f}  {:>10.4g}  {:>10.4g}", i == answer.best ? '>' : ' ',
                   found.operators, found.bits, found.fit.r2, found.fit.rmse, found.fit.max_error);
        if (held_out) fmt::print("  {:>11.6f}", answer.held_out[i].r2);
        fmt::print("  {:<11}  {}\n", found.fit.exact ? "exact" : "approximate", text_of(table, found));
    }
}

void show_statistics(const Table& table, const Explanation& answer) {
    const formula::FormulaReport& report = answer.report;
    const std::size_t inputs = table.names.size();
    fmt::print("\n{} rows{}, {} input{}; {} formula{} looked at in {:.2f} s; stopped: {}\n",
               table.problem.target.size(),
               answer.rows_held_out > 0 ? fmt::format(" ({} of them held out)", answer.rows_held_out) : "",
               inputs, inputs == 1 ? "" : "s", report.candidates, report.candidates == 1 ? "" : "s",
               report.seconds, answer.why_stopped());
    if (report.completed_operators >= 0)
        fmt::print("Every formula without fitted numbers of up to {} operator{} was looked at.\n",
                   report.completed_operators, report.completed_operators == 1 ? "" : "s");
}

} // namespace

void show_answer(const Table& table, const Explanation& answer) {
    show_best(table, answer);
    show_unavoidable(table, answer);
    if (answer.report.front.size() > 1) show_front(table, answer);
    show_statistics(table, answer);
    for (const std::string& hint : answer.hints) fmt::print("Hint: {}.\n", with_option_names(hint));
}

Json answer_json(const Table& table, const Explanation& answer) {
    Json front = Json::array();
    for (std::size_t i = 0; i < answer.report.front.size(); ++i)
        front.push_back(formula_json(table, answer, i));
    Json object{{"target", table.target_name},
                {"inputs", table.names},
                {"rows", table.problem.target.size()},
                {"rows_left_out", table.rows_left_out},
                {"found", answer.found},
                {"best", front.empty() ? Json(nullptr) : front[answer.best]},
                {"reason", answer.reason},
                {"noise", number(answer.noise)},
                {"only_noise_left", answer.only_noise_left},
                {"front", front},
                {"candidates", answer.report.candidates},
                {"completed_operators", answer.report.completed_operators},
                {"unavoidable_rmse", number(answer.unavoidable)},
                {"hints", answer.hints},
                {"stop_reason", answer.why_stopped()},
                {"seconds", answer.report.seconds},
                {"notes", table.notes}};
    if (!answer.report.front.empty())
        for (const auto& [value, where] : case_texts(table, answer.report.front[answer.best]))
            object["cases"].push_back({{"where", where}, {"formula", value}});
    if (!answer.report.front.empty())
        for (const auto& [value, unit] : numbers_with_units(table, answer.report.front[answer.best].program))
            object["number_units"].push_back({{"value", number(value)}, {"unit", formula::to_string(unit)}});
    if (!answer.parts.empty()) {
        object["parts"] = Json::object();
        for (const formula::NamedBody& part : answer.parts[answer.best])
            object["parts"][call_text(part)] = formula::to_infix(part.body, part.arguments);
    }
    if (!answer.constants.empty()) {
        object["constants"] = Json::object();
        for (const formula::FittedConstant& each : answer.constants)
            object["constants"][each.name] = {{"value", number(each.value)},
                                              {"standard_error", number(each.standard_error)}};
    }
    return object;
}

} // namespace ropewalk::cli
