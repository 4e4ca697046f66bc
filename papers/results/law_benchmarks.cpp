#include "papers/results/law_benchmarks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "papers/results/wanted.hpp"
#include "papers/shared/shared.hpp"
#include "ropewalk/base/json.hpp"
#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::papers {

namespace {

using Json = nlohmann::ordered_json;
using formula::Problem;
using formula::Program;

constexpr std::size_t drawn_rows = 10'000, judged_rows = 1'000;

/// A law with the means to make its tables.
struct LawTask {
    std::string set, name, text;
    std::vector<std::string> variables;
    std::vector<double> low, high;
    std::vector<formula::Unit> units;
    formula::Unit target_unit;
    std::string file;              ///< of its table, where there is one
    std::size_t rows = drawn_rows; ///< that are drawn where there is none
    std::uint64_t stream = 0;
    Program program;
};

formula::Unit unit_of(const Json& exponents) {
    constexpr std::array<const char*, 5> symbols{"m", "s", "kg", "K", "V"};
    formula::Unit unit;
    for (std::size_t k = 0; k < symbols.size() && k < exponents.size(); ++k)
        if (const double e = exponents[k]; e != 0)
            unit.sixtieths[symbols[k]] = static_cast<int>(std::lround(60 * e));
    return unit;
}

/// The text of a law with its constants, which may be texts themselves, in the place of c1, c2, ...
std::string with_constants(std::string text, const Json& constants) {
    if (text.starts_with("y = ")) text.erase(0, 4);
    for (const auto& [name, value] : constants.items()) {
        const std::string number =
            value.is_string() ? value.get<std::string>() : fmt::format("{}", value.get<double>());
        for (std::size_t at = 0; (at = text.find(name, at)) != std::string::npos; at += number.size() + 2)
            text.replace(at, name.size(), "(" + number + ")");
    }
    for (std::size_t at = 0; (at = text.find("log10(", at)) != std::string::npos;)
        text.replace(at, 6, "0.4342944819032518*log(");
    return text;
}

base::Result<LawTask> task_of(const std::string& folder, const std::string& set, const Json& row,
                              std::uint64_t stream) {
    LawTask task{.set = set, .name = row.value("id", ""), .stream = stream};
    task.text = set == "empirical"
                    ? with_constants(row.value("law", ""), row.value("constants", Json::object()))
                    : row.value("formula", "");
    for (const Json& variable : row.value("variables", Json::array())) {
        task.variables.push_back(variable.value("name", ""));
        task.low.push_back(variable.value("low", 0.0));
        task.high.push_back(variable.value("high", 1.0));
        if (variable.contains("units")) task.units.push_back(unit_of(variable["units"]));
    }
    if (row.contains("output_units")) task.target_unit = unit_of(row["output_units"]);
    if (set != "feynman") task.file = row.value("file", "");
    // Tables of differential equations may be absent: their rows are then drawn from the ranges.
    std::error_code error;
    if (set == "ode" && !std::filesystem::exists(std::filesystem::path(folder) / task.file, error)) {
        task.file.clear();
        task.rows = row.value("rows", task.rows);
    }
    const auto program = formula::parse_formula(task.text, task.variables);
    if (!program) return tl::make_unexpected(program.error());
    task.program = formula::simplified(*program);
    return task;
}

base::Result<std::vector<LawTask>> tasks_of(const LawBenchmarkOptions& options) {
    std::vector<LawTask> tasks;
    std::vector<std::string> names;
    for (const char* const set : {"empirical", "feynman", "ode"}) {
        if (!wanted(options.sets, set)) continue;
        const std::string file =
            (std::filesystem::path(options.data) / (std::string(set) + ".jsonl")).string();
        const auto text = base::read_file(file);
        if (!text) return tl::make_unexpected(text.error());
        std::uint64_t line = 0;
        for (std::size_t start = 0; start < text->size(); ++line) {
            const std::size_t end = std::min(text->find('\n', start), text->size());
            const auto row = base::parse_json<Json>(text->substr(start, end - start));
            start = end + 1;
            if (!row.is_object()) continue;
            try {
                names.push_back(row.value("id", ""));
                const bool listed = set != std::string("feynman") || row.value("in_116", true) || !options.laws.empty();
                if (!listed || !wanted(options.laws, names.back())) continue;
                auto task = task_of(options.data, set, row, line);
                if (!task) return tl::make_unexpected(task.error());
                tasks.push_back(std::move(*task));
            } catch (const Json::exception& error) {
                return base::failure(fmt::format("{}:{}", file, line + 1), error.what(), "a law with its variables");
            }
        }
    }
    if (const auto known = all_known(options.laws, names); !known) return base::failure(known.error());
    return tasks;
}

/// Rows drawn uniformly from the ranges, with the law's values.
Problem drawn(const LawTask& task, std::size_t rows, std::uint64_t seed, std::uint64_t part) {
    Problem problem;
    base::RandomStream random(seed, base::Purpose::table_rows, task.stream << 8 | part);
    problem.inputs.assign(task.variables.size(), std::vector<double>(rows));
    for (std::size_t v = 0; v < task.variables.size(); ++v)
        for (double& value : problem.inputs[v])
            value = task.low[v] + (task.high[v] - task.low[v]) * random.uniform();
    problem.target = evaluate(task.program, problem.inputs);
    return problem;
}

void add_noise(Problem& problem, const LawTask& task, double noise, std::uint64_t seed) {
    double squares = 0;
    for (const double y : problem.target) squares += y * y / static_cast<double>(problem.target.size());
    base::RandomStream random(seed, base::Purpose::table_noise, task.stream);
    for (double& y : problem.target) y += noise * std::sqrt(squares) * random.normal();
}

formula::ExplainOptions general_setting(const LawBenchmarkOptions& options, std::uint64_t seed) {
    formula::ExplainOptions explain = formula::general_options();
    explain.search.run.seconds = options.seconds;
    explain.search.run.seed = seed;
    explain.search.run.threads = options.run.threads;
    explain.search.run.stop = options.run.stop;
    return explain;
}

base::Result<LawRun> run_of(const LawTask& task, const LawBenchmarkOptions& options, double noise, bool units,
                            int seed) {
    LawRun run{task.set, task.name, noise, units, seed, false, false, 0, 0, ""};
    const std::uint64_t key = options.seed + static_cast<std::uint64_t>(seed);
    Problem problem, judged;
    if (task.file.empty()) {
        problem = drawn(task, task.rows, key, 0);
        judged = drawn(task, judged_rows, key, 1);
        add_noise(problem, task, noise, key);
        if (units) problem.units = task.units, problem.target_unit = task.target_unit;
    } else {
        const auto table =
            formula::read_table((std::filesystem::path(options.data) / task.file).string(), {});
        if (!table) return tl::make_unexpected(table.error());
        problem = judged = table->problem;
    }
    const auto explanation = formula::explain(problem, general_setting(options, key));
    if (!explanation) return tl::make_unexpected(explanation.error());
    run.seconds = explanation->report.seconds;
    const auto has_form = [&](const formula::Found& found) {
        return task.set == "empirical" ? formula::check_law(task.program, found.program, problem.inputs).same
                                       : formula::check_form(found.program, judged).same;
    };
    for (std::size_t i = 0; i < explanation->report.front.size(); ++i) {
        const formula::Found& found = explanation->report.front[i];
        const bool same = has_form(found);
        run.front = run.front || same;
        if (i != explanation->best) continue;
        run.answer = same;
        run.formula = formula::to_infix(found.program, task.variables);
        run.test_r2 = formula::fit_of(evaluate(found.program, judged.inputs), judged.target).r2;
    }
    return run;
}

const RunFields law_fields{std::pair{"set", &LawRun::set},
                           std::pair{"law", &LawRun::law},
                           std::pair{"noise", &LawRun::noise},
                           std::pair{"units", &LawRun::units},
                           std::pair{"seed", &LawRun::seed},
                           std::pair{"answer", &LawRun::answer},
                           std::pair{"front", &LawRun::front},
                           std::pair{"test_r2", &LawRun::test_r2},
                           std::pair{"seconds", &LawRun::seconds},
                           std::pair{"formula", &LawRun::formula}};

/// A run that is to be made.
struct PlannedLaw {
    const LawTask* task = nullptr;
    double noise = 0;
    bool units = false;
    int seed = 0;

    bool is(const LawRun& run) const {
        return run.set == task->set && run.law == task->name && run.noise == noise && run.units == units &&
               run.seed == seed;
    }
};

std::vector<PlannedLaw> planned(const std::vector<LawTask>& tasks, const LawBenchmarkOptions& options) {
    std::vector<PlannedLaw> runs;
    for (const LawTask& task : tasks)
        for (int seed = 0; seed < options.seeds; ++seed) {
            if (task.set != "feynman") {
                runs.push_back({&task, 0, false, seed});
                continue;
            }
            for (const double noise : options.noise)
                for (const bool units : {true, false})
                    if (units ? options.units : options.no_units) runs.push_back({&task, noise, units, seed});
        }
    return runs;
}

} // namespace

base::Result<LawBenchmark> law_benchmark(const LawBenchmarkOptions& options) {
    const FinishedRunsFile file{
        options.run.state_file, options.run.resume,
        Json{{"benchmark", "laws"},
             {"data", folder_in_key(options.data)},
             {"seconds", options.seconds},
             {"seed", options.seed}},
        "runs",
        "--sets, --laws, --noise, --units and --tables"};
    const auto tasks = tasks_of(options);
    if (!tasks) return tl::make_unexpected(tasks.error());
    auto finished = load_finished(file, law_fields);
    if (!finished) return base::failure(finished.error());
    const std::vector<PlannedLaw> runs = planned(*tasks, options);
    LawBenchmark benchmark;
    for (std::size_t unit = 0; unit < runs.size(); ++unit) {
        if (!options.run.part.holds(unit)) continue;
        const PlannedLaw& each = runs[unit];
        const auto taken = take_run(
            benchmark.runs, *finished, options.run.stop, [&](const LawRun& run) { return each.is(run); },
            [&] { return run_of(*each.task, options, each.noise, each.units, each.seed); },
            [&](const std::vector<LawRun>& all) {
                return save_finished(all, file, law_fields);
            });
        if (!taken) return base::failure(taken.error());
        if (!*taken) return benchmark;
        if (options.run.progress)
            options.run.progress(static_cast<long>(benchmark.runs.size()), static_cast<long>(runs.size()),
                             each.task->name + (benchmark.runs.back().answer ? " found" : ""));
    }
    benchmark.complete = true;
    return benchmark;
}

std::string to_json(const LawBenchmark& benchmark) {
    return base::json_text(
               Json{{"runs", law_fields.to_json(benchmark.runs)}, {"complete", benchmark.complete}}, 2) +
           "\n";
}

std::string to_csv(const LawBenchmark& benchmark) {
    std::string text = "set,law,noise,units,seed,answer,front,test_r2,seconds,formula\n";
    for (const LawRun& run : benchmark.runs)
        text +=
            fmt::format("{},{},{},{:d},{},{:d},{:d},{},{:.2f},{}\n", run.set, formula::csv_field(run.law), run.noise,
                        run.units, run.seed, run.answer, run.front, run.test_r2, run.seconds,
                        formula::csv_field(run.formula));
    return text;
}

std::string to_markdown(const LawBenchmark& benchmark) {
    struct Count {
        int runs = 0, answers = 0, fronts = 0, accurate = 0;
    };
    std::map<std::tuple<std::string, double, bool>, Count> groups;
    for (const LawRun& run : benchmark.runs) {
        Count& count = groups[{run.set, run.noise, run.units}];
        ++count.runs;
        count.answers += run.answer;
        count.fronts += run.front;
        count.accurate += run.test_r2 > 0.999;
    }
    std::string text = "| set | noise | units | tables | the answer, % | on the front, % | R2 > 0.999, % |\n"
                       "|---|---|---|---|---|---|---|\n";
    const auto percent = [](int part, const Count& count) { return 100.0 * part / count.runs; };
    for (const auto& [key, count] : groups)
        text += fmt::format("| {} | {} | {} | {} | {:.1f} | {:.1f} | {:.1f} |\n", std::get<0>(key),
                            std::get<1>(key), std::get<2>(key) ? "yes" : "no", count.runs,
                            percent(count.answers, count), percent(count.fronts, count),
                            percent(count.accurate, count));
    text += "\nNot the answer:\n\n";
    for (const LawRun& run : benchmark.runs)
        if (!run.answer)
            text += fmt::format("- {} (noise {}{}{}): `{}`\n", run.law, run.noise, run.units ? ", units" : "",
                                run.front ? ", on the front" : "", run.formula.substr(0, 200));
    return text;
}

} // namespace ropewalk::papers
