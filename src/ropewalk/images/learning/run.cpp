#include "ropewalk/images/learning/run.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::learning {

base::Status LearningRun::resume() {
    if (auto agreed = agree(); !agreed) return agreed;
    const std::string file = options.resume ? options.checkpoint_file : std::string();
    const auto loaded = load_checkpoint(state, *engine, *options.group, options.settings, file);
    if (!loaded) return base::failure(loaded.error());
    if (!*loaded) return {};
    shown_images_ = state.images;
    if (state.phase != Phase::done) return {};
    const bool more = !options.refine_steps || *options.refine_steps > state.refine_steps;
    nothing_left = !options.further || !more;
    if (nothing_left) return {};
    state.phase = Phase::refine;
    state.refine_planned.reset();
    return {};
}

base::Status LearningRun::checkpoint(bool now) {
    if (options.checkpoint_file.empty()) return {};
    if (!now && since_checkpoint_.seconds() < options.checkpoint_seconds) return {};
    since_checkpoint_ = {};
    const auto saved = save_checkpoint(state, *engine, options.settings, options.checkpoint_file);
    if (!saved) return base::failure(saved.error());
    return {};
}

bool LearningRun::stopped() const {
    return options.group->size() == 1 ? options.run.is_over(watch) : agreed_to_stop_;
}

double LearningRun::seconds() const { return options.group->size() == 1 ? watch.seconds() : agreed_seconds_; }

base::Status LearningRun::agree() {
    if (options.group->size() == 1) return {};
    const std::array<double, 2> own{watch.seconds(), options.run.is_over(watch) ? 1.0 : 0.0};
    const auto all = options.group->gather(own);
    if (!all) return base::failure(all.error());
    agreed_seconds_ = all->front();
    for (std::size_t i = 1; i < all->size(); i += own.size()) agreed_to_stop_ = agreed_to_stop_ || (*all)[i] > 0;
    return {};
}

perception::StepNumber LearningRun::number(std::uint64_t begin, std::uint64_t step) const {
    return {begin, step, parts()};
}

base::Status LearningRun::renew_engine(std::uint64_t start) {
    perception::EngineOptions engine_options = engine_options_of(problem, options);
    engine_options.start = start;
    engine.reset(); // two at once would take twice the memory
    auto renewed = perception::make_engine(engine_options);
    if (!renewed) return base::failure(renewed.error());
    engine = std::move(*renewed);
    return {};
}

void LearningRun::keep_best(double error, bool settled) {
    state.best = {state.decisions.tasks(), error, settled, engine->state()};
}

base::Status LearningRun::return_to_best() {
    const EndedSearch best = std::move(*std::exchange(state.best, std::nullopt));
    state.decisions.settle(best.decisions);
    return engine->restore(best.network);
}

base::Status LearningRun::score(const perception::BatchOptions& batch_options, std::size_t batches) {
    for (std::size_t i = 0; i < batches; ++i) {
        const perception::Batch batch =
            perception::draw_batch(source, batch_options, perception::first_scored_batch + i);
        const auto scored = engine->score(batch);
        if (!scored) return scored;
        state.decisions.add(engine->errors(), state.search_steps + state.refine_steps, batch.tasks);
    }
    return {};
}

base::Status LearningRun::take(const base::Result<perception::StepReport>& report) {
    if (!report) return base::failure(report.error());
    if (auto agreed = agree(); !agreed) return agreed;
    state.images += report->images;
    if (!report->finite) {
        ++state.skipped;
        return {};
    }
    const double share =
        std::max(0.05, 1 / static_cast<double>(state.letter_steps + state.search_steps + state.refine_steps));
    state.loss += share * (report->loss - state.loss);
    return {};
}

void LearningRun::show(const std::string& phase, std::size_t done, std::size_t total, std::size_t decided) {
    if (!options.run.progress) return;
    if (const double seconds = since_shown_.seconds(); seconds > 1) {
        rate_ = static_cast<double>(state.images - shown_images_) / seconds;
        since_shown_ = {};
        shown_images_ = state.images;
    }
    options.run.progress(static_cast<long>(done), static_cast<long>(total),
                         fmt::format("{}, {} of {} tasks decided, loss {:.4f}, {:.0f} images/s", phase,
                                     decided, problem.task_count(), state.loss, rate_));
}

} // namespace ropewalk::learning
