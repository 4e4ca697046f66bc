#include "papers/sdp/sdp_curve.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>

#include <fmt/format.h>

#include "papers/sdp/sdp_table1_cells.hpp"
#include "papers/shared/shared.hpp"
#include "ropewalk/base/json.hpp"

namespace ropewalk::papers {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array methods{"random restarts", "search", "both"};

/// Restarts that are tuned together: a full block of the fast kernels.
constexpr int restarts_at_a_time = 16;

bool found_by_restarts(const tasks::Task& task, std::uint64_t seed, const CurveOptions& options) {
    const base::Stop deadline = options.run.stop.or_after(options.seconds);
    for (std::uint64_t turn = 0; !deadline(); ++turn) {
        const auto tuned = tuning::tune(
            task, std::nullopt,
            {.run = {.seed = seed + turn, .threads = 1, .stop = deadline}, .restarts = restarts_at_a_time});
        if (!tuned) return false;
        if (tuned->best) return true;
    }
    return false;
}

bool found(const tasks::Task& task, const std::string& method, std::uint64_t seed,
           const CurveOptions& options) {
    if (method == "random restarts") return found_by_restarts(task, seed, options);
    const auto induced = induction::induce(
        task, {.run = {.seed = seed, .threads = 1, .seconds = options.seconds, .stop = options.run.stop},
               .tune = method == "both"});
    return induced && induced->program;
}

nlohmann::ordered_json curve_run_json(const CurveRun& run) {
    return {{"row", run.method},
            {"column", run.task},
            {"run", run.run},
            {"seconds", run.seconds ? nlohmann::ordered_json(*run.seconds) : nlohmann::ordered_json(nullptr)}};
}

CurveRun curve_run_in(const nlohmann::ordered_json& stored) {
    CurveRun run;
    stored.at("column").get_to(run.task);
    stored.at("row").get_to(run.method);
    stored.at("run").get_to(run.run);
    if (!stored.at("seconds").is_null()) run.seconds = stored.at("seconds").get<double>();
    return run;
}

std::vector<double> times_up_to(double seconds) {
    std::vector<double> times;
    for (double decade = 0.1; decade < seconds * 1.001; decade *= 10)
        for (const double time : {decade, 3 * decade})
            if (time < seconds * 0.999) times.push_back(time);
    times.push_back(seconds);
    return times;
}

} // namespace

base::Result<Curve> sdp_curve(const CurveOptions& options) {
    Curve curve{.seconds = options.seconds};
    std::vector<tasks::Task> tasks;
    std::vector<std::size_t> units;
    std::size_t unit = 0;
    for (const char* name : table1_tasks) {
        auto task = tasks::find_task(name);
        if (!task) return base::failure(std::move(task.error()));
        for (const char* method : methods)
            for (int run = 0; run < options.runs; ++run) {
                if (!options.run.part.holds(unit++)) continue;
                units.push_back(unit - 1);
                curve.runs.push_back({.task = name, .method = method, .run = run});
                tasks.push_back(*task);
            }
    }
    auto finished = FinishedUnits<CurveRun>::load({.name = options.run.state_file,
                                                   .resume = options.run.resume,
                                                   .key = {{"experiment", "sdp-curve"},
                                                           {"runs", options.runs},
                                                           {"seconds", options.seconds},
                                                           {"seed", options.seed}}},
                                                  unit, curve_run_json, curve_run_in);
    if (!finished) return base::failure(finished.error());
    std::mutex mutex;
    base::Diagnostics errors;
    std::atomic<long> done = 0;
    base::parallel_for(curve.runs.size(), options.run.threads, [&](std::size_t i) {
        if (options.run.stop()) return;
        CurveRun& run = curve.runs[i];
        if (const auto& known = (*finished)[units[i]]) {
            run = *known;
            ++done;
            return;
        }
        const auto start = Clock::now();
        if (found(tasks[i], run.method, options.seed + (static_cast<std::uint64_t>(run.run) << 32),
                  options)) {
            const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
            if (seconds <= options.seconds) run.seconds = seconds;
        }
        if (options.run.stop()) return;
        if (const auto kept = finished->keep(units[i], run); !kept) {
            const std::scoped_lock lock(mutex);
            errors = kept.error();
        }
        const long so_far = ++done;
        if (options.run.progress)
            options.run.progress(so_far, static_cast<long>(curve.runs.size()), run.method + " on " + run.task);
    });
    if (!errors.empty()) return base::failure(std::move(errors));
    if (const auto saved = finished->save(); !saved) return base::failure(saved.error());
    curve.complete = !options.run.stop();
    return curve;
}

std::string to_json(const Curve& curve) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const CurveRun& run : curve.runs)
        list.push_back(curve_run_json(run));
    return base::json_text(nlohmann::ordered_json{{"experiment", "sdp-curve"},
                                                  {"complete", curve.complete},
                                                  {"limit_seconds", curve.seconds},
                                                  {"runs", list}},
                           2) +
           "\n";
}

std::string to_csv(const Curve& curve) {
    std::string text = "task,method,run,seconds\n";
    for (const CurveRun& run : curve.runs)
        text += fmt::format("{},{},{},{}\n", run.task, run.method, run.run,
                            run.seconds ? fmt::format("{:.4f}", *run.seconds) : "");
    return text;
}

std::string to_markdown(const Curve& curve) {
    const std::vector<double> times = times_up_to(curve.seconds);
    std::string text = "| task | method |";
    std::string rule = "|---|---|";
    for (const double time : times) {
        text += fmt::format(" {:g} s |", time);
        rule += "---|";
    }
    text += "\n" + rule + "\n";
    for (const char* task : table1_tasks)
        for (const char* method : methods) {
            text += fmt::format("| {} | {} |", task, method);
            for (const double time : times) {
                int runs = 0, successes = 0;
                for (const CurveRun& run : curve.runs) {
                    if (run.task != task || run.method != method) continue;
                    ++runs;
                    successes += run.seconds && *run.seconds <= time;
                }
                text += fmt::format(" {:.0f}% |", runs == 0 ? 0.0 : 100.0 * successes / runs);
            }
            text += "\n";
        }
    return text;
}

} // namespace ropewalk::papers
