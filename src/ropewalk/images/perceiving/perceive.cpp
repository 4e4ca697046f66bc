#include "ropewalk/images/perceiving/perceive.hpp"

#include <algorithm>
#include <filesystem>

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/perceiving/report.hpp"
#include "ropewalk/images/proposing/proposing.hpp"

namespace ropewalk::perceiving {

const std::vector<const char*> file_names{learning::run_name,          learning::programs_name,
                                          learning::weights_name,      learning::checkpoint_name,
                                          learning::symbols_name,      learning::settings_name,
                                          proposing::synthesizer_name, proposing::synthesizer_checkpoint_name};

namespace {

std::string in(const std::string& folder, const char* name) {
    return (std::filesystem::path(folder) / name).string();
}

bool has_run(const std::string& folder) {
    std::error_code error;
    return std::any_of(file_names.begin(), file_names.end(), [&](const char* name) {
        return std::filesystem::exists(in(folder, name), error);
    });
}

base::Status check_has_run(const std::string& folder) {
    const auto refused = [](const std::string& found, const char* expected) {
        return base::failure("setting `resume`", found, expected);
    };
    std::error_code error;
    if (folder.empty()) return refused("no folder", "the folder of the run");
    if (!std::filesystem::is_directory(folder, error))
        return refused("no folder " + base::quoted(folder), "the folder of a run that was started");
    if (!has_run(folder)) return refused("no run in " + base::quoted(folder), "the folder of a run that was started");
    return {};
}

/// The run's folder, held against others and made if it is not there; an earlier run in it is only replaced, or gone on
/// with, when asked. One that was made is removed with the lock if nothing has been written into it.
base::Result<base::FolderLock> take_folder(const PerceiveOptions& options) {
    if (options.resume)
        if (auto there = check_has_run(options.folder); !there) return base::failure(there.error());
    if (options.folder.empty()) return base::FolderLock();
    if (const auto writable = base::free_folder(options.folder, {}, true); !writable)
        return base::failure(writable.error());
    auto lock = base::FolderLock::take(options.folder);
    if (!lock) return lock;
    const auto free = base::make_free_folder(options.folder, file_names, {true, options.resume, options.replace});
    if (!free) return base::failure(free.error());
    return lock;
}

/// A run may be gone on with, or judged, from another folder.
void complete(learning::Settings& settings, const perception::Problem& problem) {
    settings.tasks = problem.task_count(); // a manifest's are known once it is read
    std::error_code error;
    if (!settings.data.empty()) settings.data = std::filesystem::absolute(settings.data, error).string();
}

/// One run's clock: seconds that are left of those for everything.
class Clock {
public:
    explicit Clock(const base::Run& run) : run_(run) {}

    /// A moment at least; 0: without a limit.
    double left() const {
        constexpr double moment = 1e-9;
        return run_.seconds > 0 ? std::max(moment, run_.seconds - since_.seconds()) : 0;
    }
    bool is_over() const { return run_.is_over(since_); }

private:
    const base::Run& run_;
    base::Stopwatch since_;
};

/// How to learn, with the state in the folder.
learning::LearnOptions learn_options_of(const learning::Settings& settings, const PerceiveOptions& options,
                                        const Clock& clock) {
    learning::LearnOptions learn = learning::learn_options_of(settings);
    learn.run.seconds = clock.left();
    learn.run.threads = options.run.threads;
    learn.run.progress = options.run.progress;
    learn.run.stop = options.run.stop;
    learn.device = options.device;
    learn.group = options.group;
    learn.checkpoint_seconds = options.checkpoint_seconds;
    learn.further = options.further;
    if (options.folder.empty()) return learn;
    learn.checkpoint_file = in(options.folder, learning::checkpoint_name);
    // A run that was killed before its first checkpoint begins anew.
    std::error_code error;
    learn.resume = options.resume && std::filesystem::exists(learn.checkpoint_file, error);
    return learn;
}

base::Result<learning::Learned> learn(const Perceived& run, const PerceiveOptions& options, const Clock& clock) {
    const auto keep_settings = [&]() -> base::Status {
        if (options.folder.empty()) return {};
        return learning::save_settings(options.folder, run.settings).map([](const std::string&) {});
    };
    learning::LearnOptions learn = learn_options_of(run.settings, options, clock);
    if (run.problem.given()) learn.images_to_judge = run.problem.dataset.train.count();
    learn.begin = [&]() -> base::Status {
        if (learn.resume) return {};
        // Files of a run that is replaced would pass for this one's.
        if (!options.resume && !options.folder.empty()) base::remove_files(options.folder, file_names);
        return keep_settings();
    };
    auto learned = learning::learn(run.problem, learn);
    // An earlier version may have begun the run, and now its checkpoint agrees.
    if (learned && learn.resume)
        if (const auto kept = keep_settings(); !kept) return base::failure(kept.error());
    return learned;
}

/// Who has asked learning to stop waits for no more than a moment; else judging stops when they ask then.
base::Stop stop_of_judging(const base::Stop& stop) {
    constexpr double moment = 1;
    return stop.requested() ? base::Stop().or_after(moment) : stop;
}

base::Status judge_given(Perceived& run, const PerceiveOptions& options) {
    auto judged = perception::judge_given(
        run.problem, *run.learned.engine, identification::formulas_of(run.learned.decisions),
        {.rules = learning::is_beside_pool(run.learned) ? run.learned.letters->rules : std::vector<rules::Rule>(),
         .threads = options.run.threads,
         .stop = stop_of_judging(options.run.stop)});
    if (!judged) return base::failure(judged.error());
    if (!judged->stopped) run.given = std::move(*judged);
    return {};
}

base::Status generalise(Perceived& run, const PerceiveOptions& options, const Clock& clock) {
    auto measured =
        perception::generalise(run.problem, *run.learned.engine,
                               {.threads = options.run.threads, .stop = options.run.stop.or_after(clock.left())});
    if (!measured) return base::failure(measured.error());
    if (!measured->stopped)
        run.generalisation = std::move(*measured);
    else
        run.no_generalisation = options.run.stop.requested() ? base::StopReason::interrupted : base::StopReason::seconds;
    return {};
}

base::Status judge_drawn(Perceived& run, const PerceiveOptions& options, const Clock& clock) {
    constexpr std::size_t few_rows = 100; // where time is over, or somebody waits
    auto judged = perception::judge(run.problem, *run.learned.engine,
                                    identification::formulas_of(run.learned.decisions),
                                    {.rows = clock.is_over() ? few_rows : perception::JudgeOptions().rows});
    if (!judged) return base::failure(judged.error());
    run.judgement = std::move(*judged);
    const bool has_other_formulas = run.problem.task_count() < run.problem.pool.formulas.size();
    return options.generalise && has_other_formulas ? generalise(run, options, clock) : base::Status();
}

base::Status save(const Perceived& run, const PerceiveOptions& options) {
    if (options.folder.empty()) return {};
    if (run.given)
        if (auto written = base::write_file(in(options.folder, learning::symbols_name),
                                            perception::symbols_text(run.problem, *run.given),
                                            base::Overwrite::allow);
            !written)
            return base::failure(written.error());
    return learning::save_run(options.folder, run.settings, run.problem, run.learned, to_json(run))
        .map([](const std::string&) {});
}

} // namespace

bool Perceived::is_explained() const {
    return learned.settled && (!problem.given() || (given && perception::unexplained_outputs(problem, *given).empty()));
}

base::Result<std::optional<learning::Settings>> settings_of_run(const std::string& folder) {
    if (auto there = check_has_run(folder); !there) return base::failure(there.error());
    return learning::load_settings(folder);
}

base::Result<Perceived> perceive(learning::Settings settings, const PerceiveOptions& options) {
    const Clock clock(options.run);
    if (auto fine = base::check_settings(options); !fine) return base::failure(fine.error());
    const auto lock = take_folder(options);
    if (!lock) return base::failure(lock.error());

    auto problem = learning::problem_of(settings, options.run.threads);
    if (!problem) return base::failure(problem.error());
    complete(settings, *problem);
    Perceived run{.settings = std::move(settings), .problem = std::move(*problem)};
    if (options.opened) options.opened(run.problem);

    auto learned = learn(run, options, clock);
    if (!learned) return base::failure(learned.error());
    run.learned = std::move(*learned);
    if (!run.learned.decided || !options.group->leads()) return run;

    auto judged = run.problem.given() ? judge_given(run, options) : judge_drawn(run, options, clock);
    if (!judged) return base::failure(judged.error());
    if (auto saved = save(run, options); !saved) return base::failure(saved.error());
    return run;
}

} // namespace ropewalk::perceiving
