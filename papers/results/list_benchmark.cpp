#include "papers/results/list_benchmark.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "papers/results/nearest_example.hpp"
#include "papers/results/wanted.hpp"
#include "papers/shared/shared.hpp"
#include "ropewalk/base/json.hpp"
#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::papers {

namespace {

using Json = nlohmann::ordered_json;

struct Task {
    std::string set, name;
    synthesis::Examples examples;
    std::vector<synthesis::Example> tests;
    std::vector<std::string> without;
};

base::Result<synthesis::Example> example_of(const Json& row, const std::string& place) {
    synthesis::Example example;
    for (const Json& input : row.at("inputs")) {
        auto value = values::parse_value(base::json_text(input), place);
        if (!value) return base::failure(value.error());
        example.inputs.push_back(std::move(*value));
    }
    auto output = values::parse_value(base::json_text(row.at("output")), place);
    if (!output) return base::failure(output.error());
    example.output = std::move(*output);
    return example;
}

/// Names of the sources that are other names here.
std::vector<std::string> operators_named(const Json& forbidden) {
    std::vector<std::string> names;
    for (const std::string each : forbidden) {
        names.push_back(each);
        if (each == "max") names.emplace_back("maximum");
        if (each == "min") names.emplace_back("minimum");
    }
    return names;
}

/// The type of all values, of which the first has `type`: empty lists may be lists of anything.
template<class ValueOf>
values::Type type_of_all(values::Type type, const std::vector<synthesis::Example>& rows, ValueOf value_of) {
    for (const auto& row : rows)
        if (const auto both = values::common_type(value_of(row), values::Value{.type = type, .elements = {}})) type = *both;
    return type;
}

base::Result<Task> task_of(const Json& line, const std::string& set, std::size_t shown, const std::string& place) {
    Task task{.set = set, .name = line.value("task", ""), .examples = {}, .tests = {}, .without = {}};
    for (const char* const part : {"examples", "tests"})
        for (const Json& row : line.value(part, Json::array())) {
            auto example = example_of(row, place);
            if (!example) return base::failure(example.error());
            const bool show = part == std::string("examples") && task.examples.rows.size() < shown;
            (show ? task.examples.rows : task.tests).push_back(std::move(*example));
        }
    task.without = operators_named(line.value("forbidden", Json::array()));
    if (task.examples.rows.empty()) return base::failure(place, "a task without examples", "at least one");
    const auto& first = task.examples.rows[0];
    for (std::size_t i = 0; i < first.inputs.size(); ++i) {
        const auto type = type_of_all(first.inputs[i].type, task.examples.rows, [i](const auto& row) { return row.inputs.at(i); });
        task.examples.parameters.push_back({line.at("arguments").at(i), type});
    }
    task.examples.result = type_of_all(first.output.type, task.examples.rows, [](const auto& row) { return row.output; });
    return task;
}

base::Result<std::vector<Task>> tasks_of(const ListBenchmarkOptions& options) {
    constexpr std::size_t all = 1000;
    if (options.from < 0 || options.from >= options.every)
        return base::failure("setting `from`", std::to_string(options.from),
                             fmt::format("0 to {}, as setting `every` is {}", options.every - 1, options.every));
    std::vector<Task> tasks;
    std::vector<std::string> names;
    const std::vector<std::string> published{"lambdabeam", "lambda2", "list-routines", "1d-arc"};
    for (const std::string& set : options.sets.empty() ? published : options.sets) {
        const std::string file = (std::filesystem::path(options.data) / (set + ".jsonl")).string();
        // It is kept packed beside the others, and asked for by name once it is unpacked.
        if (set == "1d-arc" && options.sets.empty() && !std::filesystem::exists(file)) continue;
        const auto text = base::read_file(file);
        if (!text) return base::failure(text.error());
        for (const int shown : set == "list-routines" ? options.learn : std::vector<int>{static_cast<int>(all)})
            for (std::size_t start = 0, number = 1; start < text->size(); ++number) {
                const std::size_t end = std::min(text->find('\n', start), text->size());
                const std::string row = text->substr(start, end - start), place = fmt::format("{}:{}", file, number);
                start = end + 1;
                if ((number - 1) % static_cast<std::size_t>(options.every) != static_cast<std::size_t>(options.from)) continue;
                const auto line = base::parse_json<Json>(row);
                if (!line.is_object() || !line.contains("arguments")) return base::failure(place, "no task", "a JSON object with its examples");
                try {
                    names.push_back(line.value("task", ""));
                    if (!wanted(options.tasks, names.back())) continue;
                    auto task = task_of(line, set, static_cast<std::size_t>(shown), place);
                    if (!task) return base::failure(task.error());
                    tasks.push_back(std::move(*task));
                } catch (const Json::exception& error) {
                    return base::failure(place, error.what(), "a task with arguments, examples and tests");
                }
            }
    }
    if (const auto known = all_known(options.tasks, names); !known) return base::failure(known.error());
    return tasks;
}

ListRun run_of(const Task& task, const ListBenchmarkOptions& options) {
    const base::Stopwatch watch;
    // Of the processor, so that what else the machine does is not counted.
    const auto late = [&] { return watch.processor_seconds() > options.seconds || options.run.stop.requested(); };
    const auto found = synthesis::synthesise(task.examples, {.run = {.seed = options.seed, .threads = 1, .stop = late}, .without = task.without});
    ListRun run{.set = task.set, .task = task.name, .shown = static_cast<int>(task.examples.rows.size()), .verdict = "none", .program = {}};
    run.seconds = watch.processor_seconds();
    run.candidates = found.candidates;
    run.tests = static_cast<int>(task.tests.size());
    for (const auto& test : task.tests) run.control += nearest_output(task.examples, test.inputs) == test.output;
    if (found.programs.empty()) return run;
    const auto choice = synthesis::choose(found, task.examples, options.seed);
    for (const auto& test : task.tests) {
        const auto value = functional::run(choice.program, test.inputs);
        run.right += value && *value == test.output;
    }
    run.verdict = run.right == run.tests ? "solved" : "wrong";
    run.decided = choice.decided();
    run.doubt = choice.doubt;
    run.output_bits = choice.output_bits;
    run.tried_bits = choice.tried_bits;
    run.cost = choice.cost;
    run.beyond = choice.beyond;
    run.support = choice.support;
    run.program = functional::to_string(choice.program.body, choice.program.parameters);
    return run;
}

const RunFields list_fields{std::pair{"set", &ListRun::set},
                            std::pair{"task", &ListRun::task},
                            std::pair{"shown", &ListRun::shown},
                            std::pair{"verdict", &ListRun::verdict},
                            std::pair{"seconds", &ListRun::seconds},
                            std::pair{"candidates", &ListRun::candidates},
                            std::pair{"right", &ListRun::right},
                            std::pair{"tests", &ListRun::tests},
                            std::pair{"control", &ListRun::control},
                            std::pair{"decided", &ListRun::decided},
                            std::pair{"doubt", &ListRun::doubt},
                            std::pair{"output_bits", &ListRun::output_bits},
                            std::pair{"tried_bits", &ListRun::tried_bits},
                            std::pair{"cost", &ListRun::cost},
                            std::pair{"beyond", &ListRun::beyond},
                            std::pair{"support", &ListRun::support},
                            std::pair{"program", &ListRun::program}};

struct Count {
    int tasks = 0, solved = 0, wrong = 0, warned_solved = 0, warned_wrong = 0, right = 0, tests = 0, control = 0, control_solved = 0;
    double seconds = 0;
};

/// What others report for the same tasks; docs/results/lists.md names the sources.
const char* published(const std::string& set) {
    if (set == "lambdabeam") return "27 to 30 (trained model), 17 (lambda2), 15 to 19 (enumeration) of these 50 at 60 s, on the examples alone";
    if (set == "lambda2") return "9 of these 9, .01 to 316 s";
    return "";
}

} // namespace

base::Result<ListBenchmark> list_benchmark(const ListBenchmarkOptions& options) {
    const auto tasks = tasks_of(options);
    if (!tasks) return base::failure(tasks.error());
    const FinishedRunsFile file{options.run.state_file, options.run.resume,
                                Json{{"benchmark", "lists"}, {"data", folder_in_key(options.data)}, {"seconds", options.seconds}, {"seed", options.seed}}, "runs",
                                "--sets, --tasks and --learn"};
    auto finished = load_finished(file, list_fields);
    if (!finished) return base::failure(finished.error());
    ListBenchmark benchmark;
    std::size_t unit = 0;
    for (const Task& task : *tasks) {
        if (!options.run.part.holds(unit++)) continue;
        const auto is_it = [&](const ListRun& run) {
            return run.set == task.set && run.task == task.name && run.shown == static_cast<int>(task.examples.rows.size());
        };
        const auto taken = take_run(
            benchmark.runs, *finished, options.run.stop, is_it, [&]() -> base::Result<ListRun> { return run_of(task, options); },
            [&](const std::vector<ListRun>& runs) { return save_finished(runs, file, list_fields); });
        if (!taken) return base::failure(taken.error());
        if (!*taken) return benchmark;
        if (options.run.progress)
            options.run.progress(static_cast<long>(benchmark.runs.size()), static_cast<long>(tasks->size()),
                             task.name + " " + benchmark.runs.back().verdict);
    }
    benchmark.complete = true;
    return benchmark;
}

std::string to_json(const ListBenchmark& benchmark) {
    return base::json_text(
               Json{{"runs", list_fields.to_json(benchmark.runs)}, {"complete", benchmark.complete}}, 2) +
           "\n";
}

std::string to_csv(const ListBenchmark& benchmark) {
    std::string text = "set,task,shown,verdict,seconds,candidates,right,tests,control,decided,doubt,output_bits,tried_bits,cost,beyond,support,program\n";
    for (const ListRun& run : benchmark.runs)
        text += fmt::format("{},{},{},{},{:.2f},{},{},{},{},{:d},{:.4f},{:.0f},{:.0f},{},{},{},{}\n", run.set, run.task, run.shown, run.verdict, run.seconds,
                            run.candidates, run.right, run.tests, run.control, run.decided, run.doubt,
                            run.output_bits, run.tried_bits, run.cost, run.beyond, run.support, formula::csv_field(run.program));
    return text;
}

std::string to_markdown(const ListBenchmark& benchmark) {
    std::map<std::pair<std::string, int>, Count> sets;
    Count all;
    for (const ListRun& run : benchmark.runs)
        for (Count* const count : {&sets[{run.set, run.set == "list-routines" ? run.shown : 0}], &all}) {
            const bool solved = run.verdict == "solved", wrong = run.verdict == "wrong";
            ++count->tasks;
            count->solved += solved;
            count->wrong += wrong;
            count->warned_solved += solved && !run.decided;
            count->warned_wrong += wrong && !run.decided;
            count->right += run.right;
            count->tests += run.tests;
            count->control += run.control;
            count->control_solved += run.control == run.tests;
            count->seconds += run.seconds;
        }
    std::string text = "| set | tasks | solved | wrong | none | tests right | seconds, mean | control: nearest example | published |\n"
                       "|---|---|---|---|---|---|---|---|---|\n";
    for (const auto& [key, count] : sets)
        text += fmt::format("| {}{} | {} | {} | {} | {} | {} of {} | {:.2f} | {} solved, {} of {} | {} |\n", key.first,
                            key.second > 0 ? fmt::format(", {} pairs", key.second) : "", count.tasks, count.solved, count.wrong,
                            count.tasks - count.solved - count.wrong, count.right, count.tests, count.seconds / count.tasks,
                            count.control_solved, count.control, count.tests, published(key.first));
    const int warned = all.warned_solved + all.warned_wrong;
    text += fmt::format("\nA warning stands on {} of {} wrong answers (recall) and on {} of {} right ones: precision {} of {}.\n",
                        all.warned_wrong, all.wrong, all.warned_solved, all.solved, all.warned_wrong, warned);
    text += "\nNot solved:\n\n";
    for (const ListRun& run : benchmark.runs)
        if (run.verdict != "solved")
            text += fmt::format("- {} ({} shown): {}{}\n", run.task, run.shown, run.verdict,
                                run.program.empty() ? "" : " `" + run.program + "`" + (run.decided ? "" : ", with a warning"));
    return text;
}

} // namespace ropewalk::papers
