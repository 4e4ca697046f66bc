#include "papers/results/formula_recovery.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <functional>
#include <mutex>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "papers/results/physics_laws.hpp"
#include "papers/results/wanted.hpp"
#include "papers/shared/shared.hpp"
#include "ropewalk/base/json.hpp"
#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/formulas/sketch/sketch.hpp"
#include "ropewalk/formulas/table/table.hpp"
#include "ropewalk/formulas/text/text.hpp"

namespace ropewalk::papers {

namespace {

using formula::Problem;
using formula::Program;

constexpr std::array<const char*, 5> part_names{"exact", "noise", "constants", "crossover", "laws"};
constexpr std::array<const char*, 2> solver_names{"search", "gradient"};
constexpr int largest_tree = 9;

/// The hidden formula's values on rows drawn for this task.
Problem table_of(const Program& hidden, const RecoveryOptions& options, std::uint64_t stream) {
    Problem problem;
    base::RandomStream random(options.seed, base::Purpose::table_rows, stream);
    problem.inputs.assign(static_cast<std::size_t>(hidden.variables), std::vector<double>(options.rows));
    for (auto& column : problem.inputs)
        for (double& value : column) value = 4 * random.uniform() - 2;
    problem.target = evaluate(hidden, problem.inputs);
    return problem;
}

void add_noise(Problem& problem, const RecoveryOptions& options, std::uint64_t stream) {
    const auto rows = static_cast<double>(problem.target.size());
    double mean = 0, variance = 0;
    for (const double y : problem.target) mean += y / rows;
    for (const double y : problem.target) variance += (y - mean) * (y - mean) / rows;
    base::RandomStream random(options.seed, base::Purpose::table_noise, stream);
    for (double& y : problem.target) y += options.noise * std::sqrt(variance) * random.normal();
}

void scale_and_shift(Problem& problem, const RecoveryOptions& options, std::uint64_t stream) {
    base::RandomStream random(options.seed, base::Purpose::table_constants, stream);
    const double scale = 4 * random.uniform() - 2, shift = 4 * random.uniform() - 2;
    for (double& y : problem.target) y = scale * y + shift;
}

bool is_same(const Program& found, const Program& hidden) {
    const auto same = same_function(found, hidden);
    return same && *same;
}

Recovery recover(const std::string& part, const Program& hidden, const RecoveryOptions& options,
                 std::uint64_t stream) {
    Problem problem = table_of(hidden, options, stream);
    formula::SearchOptions search{.run = {.seed = options.seed, .threads = 1, .seconds = 60},
                                  .most_operators = 6};
    if (part == "noise") add_noise(problem, options, stream);
    if (part == "constants") {
        scale_and_shift(problem, options, stream);
        search.constants = true;
        search.most_operators = 7;
    }
    Recovery run{part, normal_form(hidden).value_or("?"), static_cast<int>(size(hidden).operators), false, 0,
                 ""};
    const auto report = search_formulas(problem, search);
    if (!report || report->front.empty()) return run;
    const formula::Found& last = report->front.back();
    run.seconds = report->seconds;
    run.answer = formula::to_infix(last.program, {});
    if (part == "exact") run.found = last.fit.exact && is_same(last.program, hidden);
    if (part == "constants") run.found = last.fit.exact;
    if (part == "noise")
        run.found = std::any_of(report->front.begin(), report->front.end(),
                                [&](const formula::Found& each) { return is_same(each.program, hidden); });
    return run;
}

/// A random binary tree: every operator splits the others between its sides at random.
Program random_tree(base::RandomStream& random, int operators) {
    if (operators == 0) return formula::variable(3, static_cast<int>(random.below(3)));
    const auto operation = static_cast<formula::Operator>(random.below(3));
    const int left = static_cast<int>(random.below(static_cast<std::uint32_t>(operators)));
    const Program a = random_tree(random, left);
    return combine(operation, a, random_tree(random, operators - 1 - left));
}

Recovery compare(const std::string& solver, int operators, std::uint64_t task,
                 const RecoveryOptions& options) {
    const std::uint64_t stream = static_cast<std::uint64_t>(operators) << 32 | task;
    base::RandomStream random(options.seed, base::Purpose::random_program, stream);
    const Program hidden = tidy(random_tree(random, operators));
    const Problem problem = table_of(hidden, options, stream);
    Recovery run{"crossover", solver, operators, false, options.solver_seconds, ""};
    const auto report = [&]() -> base::Result<formula::FormulaReport> {
        if (solver == "search")
            return search_formulas(problem, {.run = {.threads = 1, .seconds = options.solver_seconds},
                                             .most_operators = operators});
        formula::GradientSearchOptions descent;
        descent.run.seconds = options.solver_seconds;
        descent.run.seed = options.seed;
        descent.run.threads = 1;
        return search_by_gradient(problem, descent);
    }();
    if (!report || report->front.empty()) return run;
    run.seconds = report->seconds;
    run.found = report->front.back().fit.exact;
    run.answer = formula::to_infix(report->front.back().program, {});
    return run;
}

base::Result<Recovery> recover(const Law& law, const RecoveryOptions& options, std::uint64_t stream) {
    const auto problem = data_of(law, options.rows, options.seed, stream);
    if (!problem) return tl::make_unexpected(problem.error());
    const auto functions = formula::parse_operators(law.functions);
    if (!functions) return tl::make_unexpected(functions.error());
    std::vector<std::string> names;
    for (const Law::Variable& variable : law.variables) names.push_back(variable.name);
    formula::SearchOptions search;
    search.operators.push_back(formula::Operator::divide);
    search.operators.insert(search.operators.end(), functions->begin(), functions->end());
    search.most_operators = 11;
    search.constants = true;
    search.run.seconds = options.law_seconds;
    search.run.seed = options.seed;
    search.run.threads = options.run.threads;
    const auto report = search_formulas(*problem, search);
    if (!report) return tl::make_unexpected(report.error());
    const auto hidden = formula::parse_formula(law.formula, names);
    Recovery run{"laws", law.name,        hidden ? static_cast<int>(size(*hidden).operators) : 0,
                 false,  report->seconds, ""};
    if (report->front.empty()) return run;
    run.found = report->front.back().fit.exact;
    run.answer = formula::to_infix(report->front.back().program, names);
    return run;
}

nlohmann::ordered_json recovery_json(const Recovery& run) {
    return {{"row", run.part},
            {"column", run.name},
            {"operators", run.operators},
            {"measured", {{"found", run.found}, {"seconds", run.seconds}}},
            {"answer", run.answer}};
}

Recovery recovery_in(const nlohmann::ordered_json& stored) {
    Recovery run;
    stored.at("row").get_to(run.part);
    stored.at("column").get_to(run.name);
    stored.at("operators").get_to(run.operators);
    stored.at("measured").at("found").get_to(run.found);
    stored.at("measured").at("seconds").get_to(run.seconds);
    stored.at("answer").get_to(run.answer);
    return run;
}

FinishedRunsFile recovery_file(const RecoveryOptions& options) {
    return {.name = options.run.state_file,
            .resume = options.run.resume,
            .key = {{"experiment", "formula-recovery"},
                    {"tasks", options.tasks},
                    {"rows", options.rows},
                    {"noise", options.noise},
                    {"law_seconds", options.law_seconds},
                    {"solver_seconds", options.solver_seconds},
                    {"crossover_tasks", options.crossover_tasks},
                    {"parts", fmt::format("{}", fmt::join(options.parts, ","))},
                    {"seed", options.seed}}};
}

} // namespace

base::Result<RecoveryTable> formula_recovery(const RecoveryOptions& options) {
    for (const std::string& part : options.parts)
        if (std::find(part_names.begin(), part_names.end(), part) == part_names.end())
            return base::failure("--parts", "unknown part " + base::quoted(part),
                                 "exact, noise, constants, crossover or laws");
    const auto pool = formula::formula_pool({.variables = 3, .operators = 5, .with_zero = false});
    if (!pool) return tl::make_unexpected(pool.error());
    const auto drawn = formula::draw_tasks(*pool, static_cast<std::size_t>(options.tasks), options.seed);
    if (!drawn) return tl::make_unexpected(drawn.error());

    RecoveryTable table;
    std::vector<std::function<Recovery()>> jobs;
    for (const char* part : {"exact", "noise", "constants"})
        for (std::size_t t = 0; t < drawn->size() && wanted(options.parts, part); ++t)
            jobs.emplace_back(
                [&, part, t] { return recover(part, pool->formulas[(*drawn)[t]], options, t); });
    for (int operators = 1; operators <= largest_tree && wanted(options.parts, "crossover"); ++operators)
        for (const char* solver : solver_names)
            for (int t = 0; t < options.crossover_tasks; ++t)
                jobs.emplace_back([&, solver, operators, t] {
                    return compare(solver, operators, static_cast<std::uint64_t>(t), options);
                });
    const std::size_t laws = wanted(options.parts, "laws") ? physics_laws().size() : 0;
    const auto total = static_cast<long>(jobs.size() + laws);
    std::atomic<long> done = 0;
    const auto tell = [&](const std::string& state) {
        ++done;
        if (options.run.progress) options.run.progress(done, total, state);
    };
    auto finished = FinishedUnits<Recovery>::load(recovery_file(options), jobs.size() + laws, recovery_json, recovery_in);
    if (!finished) return base::failure(finished.error());
    std::mutex mutex;
    base::Diagnostics errors;
    const auto finish = [&](std::size_t unit, Recovery run) {
        if (options.run.stop()) return; // a run that was stopped is no measurement
        tell(run.part == "laws" ? run.name : run.part);
        if (const auto kept = finished->keep(unit, std::move(run)); !kept) {
            const std::scoped_lock lock(mutex);
            errors = kept.error();
        }
    };
    const auto is_open = [&](std::size_t unit) {
        return options.run.part.holds(unit) && !(*finished)[unit] && !options.run.stop();
    };
    base::parallel_for(jobs.size(), options.run.threads, [&](std::size_t i) {
        if (is_open(i)) finish(i, jobs[i]());
    });
    for (std::size_t l = 0; l < laws; ++l) {
        if (!is_open(jobs.size() + l)) continue;
        auto run = recover(physics_laws()[l], options, l);
        if (!run) return tl::make_unexpected(run.error());
        finish(jobs.size() + l, std::move(*run));
    }
    if (!errors.empty()) return base::failure(std::move(errors));
    if (const auto saved = finished->save(); !saved) return base::failure(saved.error());
    table.complete = !options.run.stop();
    for (std::size_t unit = 0; unit < jobs.size() + laws; ++unit)
        if (const auto& run = (*finished)[unit]; run && options.run.part.holds(unit)) table.runs.push_back(*run);
    return table;
}

std::string to_json(const RecoveryTable& table) {
    nlohmann::ordered_json runs = nlohmann::ordered_json::array();
    for (const Recovery& run : table.runs)
        runs.push_back(recovery_json(run));
    return base::json_text(nlohmann::ordered_json{{"experiment", "formula-recovery"},
                                                  {"complete", table.complete},
                                                  {"rows", runs}},
                           2) +
           "\n";
}

std::string to_csv(const RecoveryTable& table) {
    std::string text = "part,name,operators,found,seconds,answer\n";
    for (const Recovery& run : table.runs)
        text += fmt::format("{},\"{}\",{},{},{:.3f},\"{}\"\n", run.part, run.name, run.operators,
                            run.found ? 1 : 0, run.seconds, run.answer);
    return text;
}

namespace {

/// Share found and median seconds of both solvers by size.
std::string crossover_table(const RecoveryTable& table) {
    std::string text =
        "\n| operators | search found | median s | gradient found | median s |\n|---|---|---|---|---|\n";
    for (int operators = 1; operators <= largest_tree; ++operators) {
        text += fmt::format("| {} |", operators);
        for (const char* solver : solver_names) {
            std::vector<double> seconds;
            int found = 0;
            for (const Recovery& run : table.runs) {
                if (run.part != "crossover" || run.name != solver || run.operators != operators) continue;
                seconds.push_back(run.seconds);
                found += run.found;
            }
            text += seconds.empty() ? " | |" : fmt::format(" {} of {} | {:.3f} |", found, seconds.size(), median(seconds));
        }
        text += "\n";
    }
    return text;
}

bool has_part(const RecoveryTable& table, const std::string& part) {
    return std::any_of(table.runs.begin(), table.runs.end(),
                       [&](const Recovery& run) { return run.part == part; });
}

} // namespace

std::string to_markdown(const RecoveryTable& table) {
    std::string text =
        "| part | found | of | 95% interval | median s | slowest s |\n|---|---|---|---|---|---|\n";
    for (const char* part : part_names) {
        std::vector<double> seconds;
        int found = 0;
        for (const Recovery& run : table.runs) {
            if (run.part != part || run.part == "crossover") continue;
            seconds.push_back(run.seconds);
            found += run.found;
        }
        if (seconds.empty()) continue;
        const int total = static_cast<int>(seconds.size());
        const base::Proportion share = base::wilson(found, total);
        text += fmt::format("| {} | {} | {} | {:.1f}-{:.1f}% | {:.3f} | {:.3f} |\n", part, found, total,
                            100 * share.low, 100 * share.high, median(seconds), *std::max_element(seconds.begin(), seconds.end()));
    }
    if (has_part(table, "crossover")) text += crossover_table(table);
    if (has_part(table, "laws"))
        text += "\n| law | operators | found | s | answer |\n|---|---|---|---|---|\n";
    for (const Recovery& run : table.runs)
        if (run.part == "laws")
            text += fmt::format("| {} | {} | {} | {:.2f} | `{}` |\n", run.name, run.operators,
                                run.found ? "yes" : "no", run.seconds, run.answer);
    return text;
}

} // namespace ropewalk::papers
