// How an answer of `ropewalk formula` is shown, to people and as JSON.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/commands/formula_answer.hpp"

namespace ropewalk::cli {

namespace {

using formula::Fit;
using formula::FormulaReport;
using formula::Found;
using formula::Table;

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

/// Why the search ended: not only an exact formula leaves nothing to look for.
std::string why_stopped(const Answer& answer) {
    const bool is_exact = !answer.front.empty() && answer.front[answer.best].exact();
    if (answer.report.stop_reason == base::StopReason::found && !is_exact)
        return "what is left looks like noise";
    return formula::sentence_of(answer.report.stop_reason);
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
    for (const FittedConstant& each : answer.constants)
        fmt::print("{} = {:.6g}{}\n", each.name, each.value,
                   std::isfinite(each.error) ? fmt::format(" +- {:.2g}", each.error)
                                             : std::string(", which the table does not fix"));
    const auto& target = table.problem.target;
    if (best.found.operators == 0 &&
        std::all_of(target.begin(), target.end(), [&](double y) { return y == target.front(); })) {
        fmt::print("{} is the same on all {} rows.\n", table.target_name, target.size());
        return;
    }
    const std::string exact = printed_digits(table) ? "Exact to the digits of the table" : "Exact";
    fmt::print("{}: {}{}\n", best.exact() ? exact : "Approximate", fit_text(best.found.fit),
               best.held_out     ? " on the rows it was fitted to"
               : answer.weighted ? ", rows by their weights"
                                 : "");
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

} // namespace

void show(const Table& table, const Answer& answer) {
    show_best(table, answer);
    if (answer.front.size() > 1) show_front(answer);
    show_statistics(table, answer);
}

Json to_json(const Table& table, const Answer& answer) {
    Json front = Json::array();
    for (const Judged& each : answer.front) front.push_back(to_json(each));
    Json object{{"target", table.target_name},
                {"inputs", table.names},
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
                {"seconds", answer.report.seconds},
                {"notes", table.notes}};
    if (!answer.constants.empty()) {
        object["constants"] = Json::object();
        for (const FittedConstant& each : answer.constants)
            object["constants"][each.name] = {{"value", number(each.value)},
                                              {"standard_error", number(each.error)}};
    }
    return object;
}

} // namespace ropewalk::cli
