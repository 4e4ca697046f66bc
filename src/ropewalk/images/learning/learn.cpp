#include "ropewalk/images/learning/learn.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/learning/memory.hpp"
#include "ropewalk/images/learning/refinement.hpp"
#include "ropewalk/images/learning/search.hpp"

namespace ropewalk::learning {

namespace {

/// A run that is stopped amid a search answers with a better one that has ended.
base::Status fall_back(LearningRun& run) {
    if (!run.state.best || run.state.best->error > run.state.decisions.mean_error()) return {};
    return run.return_to_best();
}

bool has_decided(const LearningRun& run, const LearningTables& tables) {
    const LearnState& state = run.state;
    if (run.problem.has_long_rows()) return state.phase != Phase::search;
    return state.phase != Phase::search || state.search_steps > 0 || tables.shared() ||
           tables.of_each_task() || (state.letters && state.letters->steps > 0);
}

/// How long a search took: by the clock, and of all threads' processor.
struct SearchTime {
    double seconds = 0, processor = 0;
};

Learned learned(LearningRun& run, LearningTables& tables, const LearningLetters& letters,
                const SearchTime& time) {
    const LearnState& state = run.state;
    if (state.phase == Phase::done && state.refine_steps > 0) tables.decided_by_network();
    return {.decisions = state.decisions.tasks(),
            .decided = has_decided(run, tables),
            .phase = state.phase,
            .interrupted = state.phase != Phase::done && run.options.run.stop.requested(),
            .settled = state.settled,
            .nothing_left = run.nothing_left,
            .agreement = state.agreement,
            .searches = state.searches,
            .search_steps = state.search_steps,
            .refine_steps = state.refine_steps,
            .table = tables.shared(),
            .private_tables = tables.of_each_task(),
            .no_table = state.no_table,
            .letters = letters.findings(),
            .no_letters = state.no_letters,
            .reading = state.reading,
            .unread = state.unread,
            .images = state.images,
            .mirrored = state.mirrored,
            .skipped = state.skipped,
            .loss = state.loss,
            .search_seconds = time.seconds,
            .search_processor = time.processor,
            .seconds = run.watch.seconds(),
            .engine = std::move(run.engine)};
}

/// What there is of the time when the images to judge are read afterwards, as long as a few take now.
double seconds_to_learn(const perception::Problem& problem, const LearnOptions& options,
                        perception::Engine& engine) {
    constexpr std::size_t few = 32;
    constexpr double least_share = 0.5;
    const double seconds = options.run.seconds;
    if (seconds <= 0 || options.images_to_judge == 0) return seconds;
    std::vector<std::uint32_t> images(std::min(few, problem.dataset.train.count()));
    std::iota(images.begin(), images.end(), 0u);
    const std::vector<float> pixels = datasets::pixels_of(problem.dataset.train, images);
    (void)engine.read_alone(pixels); // the first time takes longer
    const base::Stopwatch watch;
    (void)engine.read_alone(pixels);
    const double each = watch.seconds() / static_cast<double>(images.size());
    return std::max(least_share * seconds, seconds - each * static_cast<double>(options.images_to_judge));
}

} // namespace

perception::EngineOptions engine_options_of(const perception::Problem& problem, const LearnOptions& options) {
    const datasets::Images& images = problem.dataset.train;
    std::vector<double> alphabet = options.letters;
    std::sort(alphabet.begin(), alphabet.end());
    return {.network = options.network,
            .channels = images.channels,
            .height = images.height,
            .width = images.width,
            .statistics = datasets::pixel_statistics(images),
            .alphabet = std::move(alphabet),
            .pool = problem.table,
            .sigma = problem.sigma,
            .seed = problem.seed,
            .threads = options.run.threads,
            .device = options.device,
            .private_images = problem.has_private_images(),
            .parts = perception::parts_of(*options.group, options.ranks),
            .group = options.group};
}

base::Status checked_letters(const LearnOptions& options) {
    auto fit = identification::checked_letters(options.letters);
    if (fit && !options.letters.empty() && options.start == Start::table)
        return base::failure(
            "setting `letters`", "letters for a table",
            "no setting `letters`, or setting `start` network: tables find letters themselves");
    return fit;
}

base::Result<Learned> learn(const perception::Problem& problem, const LearnOptions& options) {
    if (auto fit = checked_letters(options); !fit) return base::failure(std::move(fit.error()));
    if (auto fit = perception::checked_ranks(*options.group, options.ranks); !fit)
        return base::failure(std::move(fit.error()));
    if (problem.has_private_images() && options.ranks > 1)
        return base::failure("setting `ranks`", "tasks with images of their own", "images that tasks share");
    if (problem.has_private_images() && (options.search_batch.tasks < 1 || options.refine_batch.tasks < 1))
        return base::failure("tasks of a batch", "0", "at least 1 where tasks have images of their own");
    if (auto enough = enough_memory(problem, options); !enough) return base::failure(std::move(enough.error()));
    auto source = perception::example_source(
        problem, std::max(options.search_batch.images, options.refine_batch.images));
    if (!source) return base::failure(source.error());
    auto engine = perception::make_engine(engine_options_of(problem, options));
    if (!engine) return base::failure(engine.error());
    if (options.begin)
        if (auto begun = options.begin(); !begun) return base::failure(std::move(begun.error()));
    LearnOptions in_time = options;
    const double seconds = seconds_to_learn(problem, options, **engine);
    const auto of_all = options.group->gather({&seconds, 1});
    if (!of_all) return base::failure(of_all.error());
    in_time.run.seconds = of_all->front();
    LearningRun run(problem, in_time, std::move(*source), std::move(*engine));
    LearningTables tables;
    LearningLetters letters;
    SearchTime search;
    return run.resume()
        .and_then([&] { return tables.look_up(run); })
        .and_then([&] { return letters.search(run); })
        .and_then([&] {
            // Of long rows the pool's formulas say nothing.
            return run.problem.has_long_rows() ? base::Status() : search_by_posterior(run, tables);
        })
        .and_then([&] {
            search = {run.watch.seconds(), run.watch.processor_seconds()};
            return refine(run, tables, letters);
        })
        .and_then([&] { return run.checkpoint(true); })
        .and_then([&] { return fall_back(run); })
        .map([&] { return learned(run, tables, letters, search); });
}

} // namespace ropewalk::learning
