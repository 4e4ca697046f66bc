#include "ropewalk/experiments/formula_recovery.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "ropewalk/experiments/physics_laws.hpp"

namespace ropewalk::experiments {

namespace {

using formula::Problem;
using formula::Program;

constexpr std::array<const char*, 4> part_names{"exact", "noise", "constants", "laws"};

bool wanted(const RecoveryOptions& options, const std::string& part) {
    return options.parts.empty() ||
           std::find(options.parts.begin(), options.parts.end(), part) != options.parts.end();
}

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
    formula::SearchOptions search{.most_operators = 6, .seconds = 60, .seed = options.seed, .threads = 1};
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
    search.seconds = options.law_seconds;
    search.seed = options.seed;
    search.threads = options.threads;
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

} // namespace

base::Result<RecoveryTable> formula_recovery(const RecoveryOptions& options) {
    for (const std::string& part : options.parts)
        if (std::find(part_names.begin(), part_names.end(), part) == part_names.end())
            return base::failure("--parts", "unknown part " + base::quoted(part),
                                 "exact, noise, constants or laws");
    const auto pool = formula::formula_pool({.variables = 3, .operators = 5, .with_zero = false});
    if (!pool) return tl::make_unexpected(pool.error());
    const auto drawn = formula::draw_tasks(*pool, static_cast<std::size_t>(options.tasks), options.seed);
    if (!drawn) return tl::make_unexpected(drawn.error());

    RecoveryTable table;
    std::vector<std::pair<std::string, std::size_t>> jobs;
    for (const char* part : {"exact", "noise", "constants"})
        for (std::size_t t = 0; t < drawn->size() && wanted(options, part); ++t) jobs.emplace_back(part, t);
    const std::size_t laws = wanted(options, "laws") ? physics_laws().size() : 0;
    const auto total = static_cast<long>(jobs.size() + laws);
    std::atomic<long> done = 0;
    const auto tell = [&](const std::string& state) {
        ++done;
        if (options.progress) options.progress(done, total, state);
    };
    table.runs.resize(jobs.size());
    base::parallel_for(jobs.size(), options.threads, [&](std::size_t i) {
        if (options.stop.stop_requested()) return;
        const auto& [part, t] = jobs[i];
        table.runs[i] = recover(part, pool->formulas[(*drawn)[t]], options, t);
        tell(part);
    });
    for (std::size_t l = 0; l < laws && !options.stop.stop_requested(); ++l) {
        auto run = recover(physics_laws()[l], options, l);
        if (!run) return tl::make_unexpected(run.error());
        table.runs.push_back(std::move(*run));
        tell(physics_laws()[l].name);
    }
    table.complete = !options.stop.stop_requested();
    std::erase_if(table.runs, [](const Recovery& run) { return run.part.empty(); });
    return table;
}

std::string to_json(const RecoveryTable& table) {
    nlohmann::ordered_json runs = nlohmann::ordered_json::array();
    for (const Recovery& run : table.runs)
        runs.push_back({{"row", run.part},
                        {"column", run.name},
                        {"operators", run.operators},
                        {"measured", {{"found", run.found}, {"seconds", run.seconds}}},
                        {"answer", run.answer}});
    return nlohmann::ordered_json{
               {"experiment", "formula-recovery"}, {"complete", table.complete}, {"rows", runs}}
               .dump(2) +
           "\n";
}

std::string to_csv(const RecoveryTable& table) {
    std::string text = "part,name,operators,found,seconds,answer\n";
    for (const Recovery& run : table.runs)
        text += fmt::format("{},\"{}\",{},{},{:.3f},\"{}\"\n", run.part, run.name, run.operators,
                            run.found ? 1 : 0, run.seconds, run.answer);
    return text;
}

std::string to_markdown(const RecoveryTable& table) {
    std::string text =
        "| part | found | of | 95% interval | median s | slowest s |\n|---|---|---|---|---|---|\n";
    for (const char* part : part_names) {
        std::vector<double> seconds;
        int found = 0;
        for (const Recovery& run : table.runs) {
            if (run.part != part) continue;
            seconds.push_back(run.seconds);
            found += run.found;
        }
        if (seconds.empty()) continue;
        std::sort(seconds.begin(), seconds.end());
        const int total = static_cast<int>(seconds.size());
        const base::Proportion share = base::wilson(found, total);
        text += fmt::format("| {} | {} | {} | {:.1f}-{:.1f}% | {:.3f} | {:.3f} |\n", part, found, total,
                            100 * share.low, 100 * share.high, seconds[seconds.size() / 2], seconds.back());
    }
    const bool with_laws = std::any_of(table.runs.begin(), table.runs.end(),
                                       [](const Recovery& run) { return run.part == "laws"; });
    if (with_laws) text += "\n| law | operators | found | s | answer |\n|---|---|---|---|---|\n";
    for (const Recovery& run : table.runs)
        if (run.part == "laws")
            text += fmt::format("| {} | {} | {} | {:.2f} | `{}` |\n", run.name, run.operators,
                                run.found ? "yes" : "no", run.seconds, run.answer);
    return text;
}

} // namespace ropewalk::experiments
