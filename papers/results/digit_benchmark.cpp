#include "papers/results/digit_benchmark.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "papers/results/digit_tasks.hpp"
#include "papers/shared/shared.hpp"
#include "ropewalk/base/json.hpp"
#include "ropewalk/base/random.hpp"
#include "ropewalk/images/judging/judging.hpp"
#include "ropewalk/images/learning/learning.hpp"

namespace ropewalk::papers {

namespace {

constexpr double digit_scale = 10;

base::Result<perception::Problem> digit_problem(const DigitTask& task, DigitTable& table, std::uint64_t seed) {
    const perception::GivenOptions options{.scale = digit_scale, .seed = seed};
    const bool any_length = !table.train.starts.empty();
    auto problem = perception::make_given_problem(
        any_length ? perception::most_variables + 1 : table.train.images.size() / table.train.rows, options);
    if (!problem) return problem;
    perception::GivenData data{
        .images = table.images, .files = {}, .rows = table.train, .outputs = {}};
    for (std::size_t t = 0; t < task.outputs; ++t) data.outputs.push_back(fmt::format("y{}", t + 1));
    std::fill(data.images.labels.begin(), data.images.labels.end(), std::uint8_t{0});
    if (auto gave = perception::give_rows(*problem, std::move(data), options, task.name); !gave)
        return base::failure(gave.error());
    return problem;
}

/// Images read, in their order: probabilities of letters.
base::Result<std::vector<double>> read_images(perception::Engine& engine, const datasets::Images& images) {
    constexpr std::size_t part = 500;
    std::vector<std::uint32_t> all(images.count());
    std::iota(all.begin(), all.end(), 0u);
    std::vector<double> probabilities;
    for (std::size_t first = 0; first < all.size(); first += part) {
        const auto read = engine.read(
            datasets::pixels_of(images, std::span(all).subspan(first, std::min(part, all.size() - first))));
        if (!read) return base::failure(read.error());
        probabilities.insert(probabilities.end(), read->begin(), read->end());
    }
    return probabilities;
}

/// The letter that most images of each label are read as, and the share of images that are.
struct Naming {
    std::map<int, double> letters; ///< by label
    double right = 0;
};

Naming naming_of(const datasets::Images& images, const std::vector<perception::LikeliestLetter>& read,
                 const std::vector<double>& letters) {
    std::map<int, std::vector<std::size_t>> counts;
    for (std::size_t i = 0; i < images.count(); ++i) {
        auto& of_label = counts[images.labels[i]];
        of_label.resize(letters.size());
        ++of_label[read[i].letter];
    }
    Naming naming;
    for (const auto& [label, of_label] : counts) {
        const auto most = std::max_element(of_label.begin(), of_label.end());
        naming.letters[label] = letters[static_cast<std::size_t>(most - of_label.begin())];
        naming.right += static_cast<double>(*most) / static_cast<double>(images.count());
    }
    return naming;
}

/// But for rounding; whole numbers of many digits are right to the last one.
bool is_output(double value, double wanted) {
    constexpr double rounding = 1e-6, most = 0.4;
    return std::abs(value - wanted) <= std::min(rounding * (1 + std::abs(wanted)), most);
}

bool agrees(const DigitTask& task, const std::vector<rules::Rule>& rules, const Naming& naming,
            const std::vector<double>& digits) {
    std::vector<double> letters;
    for (const double digit : digits) letters.push_back(naming.letters.at(static_cast<int>(digit) + 1));
    const std::vector<double> wanted = task.rule(digits);
    for (std::size_t t = 0; t < rules.size(); ++t) {
        const std::size_t places = rules::variables_of(rules[t]);
        if (places > 0 && places != letters.size()) return false;
        if (!is_output(rules::value_of(rules[t], letters), wanted[t])) return false;
    }
    return true;
}

/// On all rows of digits up to three, else on 2,000 rows at random.
bool is_right(const DigitTask& task, const std::vector<rules::Rule>& rules, const Naming& naming, std::size_t places) {
    constexpr std::size_t drawn = 2000;
    std::size_t all = 1;
    for (std::size_t v = 0; v < std::min<std::size_t>(places, 4); ++v) all *= 10;
    base::RandomStream random(0, base::Purpose::test);
    for (std::size_t n = 0; n < (places <= 3 ? all : drawn); ++n) {
        std::vector<double> digits;
        for (std::size_t v = 0, rest = n; v < places; ++v, rest /= 10)
            digits.push_back(places <= 3 ? static_cast<double>(rest % 10) : random.below(10));
        if (task.rows == DigitTask::Rows::operators) digits[1] = 10 + std::fmod(digits[1], 3);
        if (!agrees(task, rules, naming, digits)) return false;
    }
    return true;
}

/// Mean errors of outputs: absolute ones, and of logarithms.
struct OutputErrors {
    double absolute = 0, log = 0;
};

OutputErrors errors_of(const std::vector<double>& values, const perception::GivenRows& rows) {
    constexpr double beside = 1e-10;
    const auto count = static_cast<double>(values.size());
    OutputErrors errors;
    for (std::size_t i = 0; i < values.size(); ++i) {
        errors.absolute += std::abs(values[i] - rows.y[i]) / count;
        errors.log += std::abs(std::log(std::max(values[i], 0.0) + beside) - std::log(std::max(rows.y[i], 0.0) + beside)) / count;
    }
    return errors;
}

base::Status judge_on_test(DigitRun& run, const DigitTask& task, const DigitTable& table, const perception::Problem& problem,
                   const learning::Learned& learned, int threads) {
    const std::vector<double> letters = perception::letters_of(*learned.engine, digit_scale);
    if (letters.empty()) return {};
    std::vector<rules::Rule> rules;
    std::vector<std::string> texts;
    for (const learning::Answer& each : learning::answers_of(problem, learned)) {
        rules.push_back(each.rule);
        texts.push_back(each.text);
    }
    run.found = fmt::format("{}", fmt::join(texts, "; "));
    const auto probabilities = read_images(*learned.engine, table.test_images);
    if (!probabilities) return base::failure(probabilities.error());
    const Naming naming =
        naming_of(table.test_images, perception::likeliest_letters(*probabilities, letters.size()), letters);
    const perception::GivenRows& rows = table.test;
    run.digits = naming.right;
    run.rule_right = is_right(task, rules, naming, rows.row(0).size());
    const perception::RowOutputs outputs = perception::likeliest_outputs(
        rules, letters, *probabilities, {rows.rows, rows.images, rows.starts}, threads);
    const auto count = static_cast<double>(rows.rows);
    for (std::size_t n = 0; n < rows.rows; ++n) {
        bool right = true;
        for (std::size_t t = 0; t < rules.size(); ++t) {
            right = right && is_output(outputs.values[t * rows.rows + n], rows.y[t * rows.rows + n]);
        }
        run.accuracy += right / count;
        run.expected += std::pow(run.digits, static_cast<double>(rows.row(n).size())) / count;
    }
    const bool product = task.name == "sequences-product";
    run.mean_error = errors_of(outputs.values, rows).absolute;
    run.log_error = product ? errors_of(outputs.values, rows).log : 0;
    for (const auto& [list, longer] : table.longer) {
        const auto errors = errors_of(perception::likeliest_outputs(rules, letters, *probabilities,
                                                                    {longer.rows, longer.images, longer.starts}, threads)
                                          .values,
                                      longer);
        run.longer += fmt::format("{}{} {:.4g}", run.longer.empty() ? "" : ", ", list, product ? errors.log : errors.absolute);
    }
    return {};
}

base::Result<DigitRun> measured_table(const DigitTask& task, const DigitData& data, std::uint64_t seed,
                               const DigitBenchmarkOptions& options, const base::ProgressSink& progress) {
    auto table = digit_table(task, data, seed);
    if (!table) return base::failure(table.error());
    auto problem = digit_problem(task, *table, seed);
    if (!problem) return base::failure(problem.error());
    learning::Settings settings{.images = "manifest", .tasks = task.outputs, .seed = seed};
    settings.manifest.scale = digit_scale;
    learning::LearnOptions learn = learning::learn_options_of(settings);
    learn.run.seconds = options.seconds;
    if (options.steps > 0) learn.refine_steps = options.steps;
    learn.run.threads = options.run.threads;
    learn.run.stop = options.run.stop;
    learn.run.progress = progress;
    const base::Stopwatch watch;
    const auto learned = learning::learn(*problem, learn);
    if (!learned) return base::failure(learned.error());
    DigitRun run{.task = task.name, .seed = seed, .found = "none"};
    run.seconds = learned->seconds;
    run.processor = watch.processor_seconds();
    if (!learned->decided) return run;
    if (auto judged = judge_on_test(run, task, *table, *problem, *learned, options.run.threads); !judged)
        return base::failure(judged.error());
    return run;
}

base::Result<std::vector<const DigitTask*>> digit_tasks_named(const std::vector<std::string>& names) {
    std::vector<const DigitTask*> tasks;
    for (const DigitTask& task : digit_tasks())
        if (names.empty() || std::find(names.begin(), names.end(), task.name) != names.end()) tasks.push_back(&task);
    for (const std::string& name : names)
        if (std::none_of(tasks.begin(), tasks.end(), [&](const DigitTask* task) { return task->name == name; })) {
            std::vector<std::string> all;
            for (const DigitTask& task : digit_tasks()) all.push_back(task.name);
            return base::failure("--tasks", base::quoted(name), fmt::format("some of {}", fmt::join(all, ", ")));
        }
    return tasks;
}

FinishedRunsFile digit_file(const DigitBenchmarkOptions& options) {
    return {.name = options.run.state_file,
            .resume = options.run.resume,
            .key = {{"experiment", "digits"},
                    {"version", 2},
                    {"data", folder_in_key(options.data)},
                    {"lists", folder_in_key(options.lists)},
                    {"seconds", options.seconds},
                    {"steps", options.steps}},
            .may_differ = "--tasks, --runs and --seed"};
}

const RunFields digit_fields{std::pair{"task", &DigitRun::task},
                             std::pair{"seed", &DigitRun::seed},
                             std::pair{"found", &DigitRun::found},
                             std::pair{"rule_right", &DigitRun::rule_right},
                             std::pair{"accuracy", &DigitRun::accuracy},
                             std::pair{"digits", &DigitRun::digits},
                             std::pair{"expected", &DigitRun::expected},
                             std::pair{"mean_error", &DigitRun::mean_error},
                             std::pair{"log_error", &DigitRun::log_error},
                             std::pair{"longer", &DigitRun::longer},
                             std::pair{"seconds", &DigitRun::seconds},
                             std::pair{"processor", &DigitRun::processor}};

} // namespace

base::Result<DigitBenchmark> digit_benchmark(const DigitBenchmarkOptions& options) {
    const auto tasks = digit_tasks_named(options.tasks);
    if (!tasks) return base::failure(tasks.error());
    const FinishedRunsFile file = digit_file(options);
    auto finished = load_finished(file, digit_fields);
    if (!finished) return base::failure(finished.error());
    auto mnist = datasets::read_mnist(options.data);
    if (!mnist) return base::failure(mnist.error());
    const DigitData data{std::move(*mnist), options.lists};
    DigitBenchmark benchmark{options.seconds, options.steps, {}, true};
    const std::size_t parts = tasks->size() * options.runs;
    std::size_t unit = 0;
    for (const DigitTask* task : *tasks)
        for (std::uint64_t seed = options.seed; seed < options.seed + options.runs; ++seed) {
            if (!options.run.part.holds(unit++)) continue;
            const auto taken = take_run(
                benchmark.runs, *finished, options.run.stop,
                [&](const DigitRun& run) { return run.task == task->name && run.seed == seed; },
                [&] {
                    return measured_table(*task, data, seed, options,
                                   progress_of_part(options.run.progress, benchmark.runs.size(), parts,
                                                    fmt::format("{}, seed {}", task->name, seed)));
                },
                [&](const std::vector<DigitRun>& runs) { return save_finished(runs, file, digit_fields); });
            if (!taken) return base::failure(taken.error());
            benchmark.complete = *taken;
            if (!benchmark.complete) return benchmark;
        }
    return benchmark;
}

std::string to_json(const DigitBenchmark& benchmark) {
    const nlohmann::ordered_json object{{"experiment", "digits"},
                                        {"complete", benchmark.complete},
                                        {"seconds_limit", benchmark.limit},
                                        {"steps", benchmark.steps},
                                        {"runs", digit_fields.to_json(benchmark.runs)}};
    return base::json_file_text(object);
}

std::string to_csv(const DigitBenchmark& benchmark) {
    std::string text = "task,seed,found,rule_right,accuracy,digits,expected,mean_error,log_error,longer,seconds,processor\n";
    for (const DigitRun& run : benchmark.runs)
        text += fmt::format("{},{},{},{},{:.4f},{:.4f},{:.4f},{:.6g},{:.6g},{},{:.2f},{:.2f}\n", run.task, run.seed, formula::csv_field(run.found),
                            run.rule_right ? 1 : 0, run.accuracy, run.digits, run.expected, run.mean_error, run.log_error, formula::csv_field(run.longer),
                            run.seconds, run.processor);
    return text;
}

std::string to_markdown(const DigitBenchmark& benchmark) {
    std::string text = "| table | rows | rule right | rows right, mean | least | digits | digits to the power of images | "
                       "mean error | processor seconds, median | published, and given to that system |\n"
                       "|---|---|---|---|---|---|---|---|---|---|\n";
    std::string longer;
    for (const DigitTask& task : digit_tasks()) {
        std::size_t runs = 0, right = 0;
        double least = 1, accuracy = 0, digits = 0, expected = 0, error = 0;
        std::vector<double> seconds;
        for (const DigitRun& run : benchmark.runs) {
            if (run.task != task.name) continue;
            ++runs;
            right += run.rule_right;
            least = std::min(least, run.accuracy);
            accuracy += run.accuracy;
            digits += run.digits;
            expected += run.expected;
            error += run.mean_error;
            seconds.push_back(run.processor);
        }
        if (runs == 0) continue;
        const auto count = static_cast<double>(runs);
        for (const DigitRun& run : benchmark.runs)
            if (run.task == task.name && !run.longer.empty())
                longer += fmt::format("| {} | {} | {:.4g} | {} |\n", task.name, run.seed,
                                      run.log_error > 0 ? run.log_error : run.mean_error, run.longer);
        text += fmt::format("| {} | {} | {} of {} | {:.2f}% | {:.2f}% | {:.2f}% | {:.2f}% | {:.4g} | {:.0f} | {} |\n",
                            task.name, task.count == 0 ? "all" : std::to_string(task.count), right, runs,
                            100 * accuracy / count, 100 * least, 100 * digits / count, 100 * expected / count,
                            error / count, median(seconds), task.published);
    }
    if (!longer.empty())
        text += "\n| sequences | seed | error, lengths 2 to 5 | error on longer rows, by list |\n|---|---|---|---|\n" + longer;
    return text;
}

} // namespace ropewalk::papers
