#include "papers/roap/roap_training.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "papers/roap/roap_checkpoint.hpp"
#include "papers/roap/roap_judge.hpp"
#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/sketch/sketch.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::papers {

namespace {

base::Status check(const perception::Problem& problem, const RoapOptions& options) {
    const auto wrong = [](const char* name, double found, const char* expected) {
        return base::failure(name, fmt::format("{}", found), expected);
    };
    const auto variables = static_cast<std::size_t>(problem.pool.variables);
    if (options.pairs < 1 || options.pairs > options.batch.rows)
        return wrong("pairs", static_cast<double>(options.pairs), "from 1 to the rows of a batch");
    if (options.batch.images < variables)
        return wrong("images", static_cast<double>(options.batch.images), "as many as a row has");
    if (options.steps < 1) return wrong("steps", 0, "at least 1");
    if (options.samples < 1) return wrong("samples", 0, "at least 1");
    if (options.check_every < 1) return wrong("check_every", 0, "at least 1");
    if (options.model.features < 1) return wrong("features", options.model.features, "at least 1");
    for (const auto& [name, value] :
         {std::pair{"learning rate", options.learning_rate},
          std::pair{"learning rate of the grounder", options.grounder_rate},
          std::pair{"beta", options.beta_first}, std::pair{"last beta", options.beta_last},
          std::pair{"largest gradient", options.largest_gradient}})
        if (!(value > 0) || !std::isfinite(value)) return wrong(name, value, "a positive number");
    if (!(options.lambda >= 0) || !std::isfinite(options.lambda))
        return wrong("lambda", options.lambda, "0 or more");
    return {};
}

std::uint64_t seed_of(const perception::Problem& problem, const RoapOptions& options) {
    return problem.seed + (static_cast<std::uint64_t>(options.run) << 32);
}

/// One run: the steps, with what they share.
class Run {
public:
    Run(const perception::Problem& problem, const RoapOptions& options, perception::ExampleSource source,
        std::unique_ptr<perception::RoapEngine> engine)
        : problem_(problem), options_(options), source_(std::move(source)), engine_(std::move(engine)) {}

    base::Status train() {
        if (auto begun = load_roap_checkpoint(options_.checkpoint, before_, *engine_); !begun) return begun;
        static_cast<RoapProgress&>(learned_) = before_;
        while (learned_.steps < options_.steps && !stopped()) {
            if (auto done = step(); !done) return done;
            if (learned_.steps % options_.check_every == 0)
                if (auto looked = look(); !looked) return looked;
            if (since_kept_.seconds() >= options_.checkpoint.every)
                if (auto kept = keep(); !kept) return kept;
        }
        // A look in between would not be there in a training that nobody stops.
        if (auto kept = keep(); !kept) return kept;
        learned_.finished = learned_.steps == options_.steps;
        return look();
    }

    RoapLearned result() && {
        count_time();
        learned_.engine = std::move(engine_);
        return std::move(learned_);
    }

private:
    bool stopped() const {
        if (options_.stop()) return true;
        return options_.seconds > 0 && before_.seconds + watch_.seconds() >= options_.seconds;
    }

    void count_time() {
        learned_.seconds = before_.seconds + watch_.seconds();
        learned_.processor_seconds = before_.processor_seconds + watch_.processor_seconds();
    }

    base::Status keep() {
        count_time();
        auto kept = save_roap_checkpoint(options_.checkpoint, learned_, *engine_);
        since_kept_ = base::Stopwatch();
        return kept;
    }

    base::Status step() {
        const std::size_t index = learned_.steps++;
        const perception::Batch batch = perception::draw_batch(source_, options_.batch, index);
        const auto report = engine_->step(batch, step_options(index));
        if (!report) return base::failure(report.error());
        if (!report->finite) {
            ++learned_.skipped;
            return {};
        }
        const double share = std::max(0.01, 1 / static_cast<double>(++learned_.averaged));
        learned_.loss += share * (report->loss - learned_.loss);
        return {};
    }

    perception::RoapStepOptions step_options(std::size_t index) const {
        const double share = static_cast<double>(index) / static_cast<double>(options_.steps);
        const double rate = options_.falling_rate ? perception::half_cosine(share) : 1;
        // Adam's first steps are as long as later ones, though it knows next to nothing of the gradient.
        constexpr double warming_steps = 50;
        const double warmth = std::min(1.0, static_cast<double>(index + 1) / warming_steps);
        return {.relaxation = {.sharpness = options_.sharpness, .beta = beta(share), .noise = options_.noise},
                .prior = {.lambda = share >= options_.lambda_from ? options_.lambda : 0},
                .tasks = tasks_of(index),
                .pairs = options_.pairs,
                .samples = options_.noise ? options_.samples : 1,
                .noise_scale = options_.noise_first + share * (options_.noise_last - options_.noise_first),
                .learning_rate = warmth * rate * options_.learning_rate,
                .grounder_rate = warmth * rate * options_.grounder_rate,
                .largest_gradient = options_.largest_gradient,
                .seed = seed_of(problem_, options_),
                .index = index};
    }

    double beta(double share) const {
        if (share >= options_.beta_from) return options_.beta_last;
        if (!options_.beta_ramp) return options_.beta_first;
        return options_.beta_first *
               std::pow(options_.beta_last / options_.beta_first, share / options_.beta_from);
    }

    /// All tasks, or some without replacement.
    std::vector<std::size_t> tasks_of(std::size_t index) const {
        std::vector<std::size_t> order(problem_.tasks.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        if (options_.tasks_per_step == 0 || options_.tasks_per_step >= order.size()) return order;
        base::RandomStream random(seed_of(problem_, options_), base::Purpose::step_tasks, index);
        for (std::size_t i = 0; i < options_.tasks_per_step; ++i)
            std::swap(order[i], order[i + random.below64(order.size() - i)]);
        order.resize(options_.tasks_per_step);
        std::sort(order.begin(), order.end());
        return order;
    }

    base::Status look() {
        std::size_t right = 0;
        double nodes = 0;
        if (options_.model.has_programs()) {
            const perception::Batch batch =
                perception::draw_batch(source_, options_.batch, perception::reading_batch_number);
            const auto logits = engine_->propose(batch, options_.pairs);
            if (!logits) return base::failure(logits.error());
            learned_.programs = programs_of(*logits);
            right = count_right(problem_, learned_.programs);
            nodes = mean_size(learned_.programs, std::vector<bool>(learned_.programs.size(), true)).nodes;
        }
        if (learned_.curve.empty() || learned_.curve.back().step != learned_.steps)
            learned_.curve.push_back(
                {learned_.steps, before_.seconds + watch_.seconds(), learned_.loss, right, nodes});
        if (options_.progress)
            options_.progress(static_cast<long>(learned_.steps), static_cast<long>(options_.steps),
                              fmt::format("{} of {} programs right, loss {:.4f}", right,
                                          problem_.tasks.size(), learned_.loss));
        return {};
    }

    std::vector<formula::Program> programs_of(std::span<const float> logits) const {
        const formula::SketchShape shape = options_.model.sketch(problem_.pool.variables);
        std::vector<formula::Program> programs;
        for (std::size_t t = 0; t < problem_.tasks.size(); ++t)
            programs.push_back(formula::tidy(
                formula::argmax_program<float>(shape, logits.subspan(t * shape.choices(), shape.choices()))));
        return programs;
    }

    const perception::Problem& problem_;
    const RoapOptions& options_;
    perception::ExampleSource source_;
    std::unique_ptr<perception::RoapEngine> engine_;
    RoapProgress before_; ///< what earlier processes did
    RoapLearned learned_;
    const base::Stopwatch watch_;
    base::Stopwatch since_kept_;
};

} // namespace

base::Result<RoapLearned> learn_roap(const perception::Problem& problem, const RoapOptions& options) {
    if (const auto fits = check(problem, options); !fits) return base::failure(fits.error());
    auto source =
        perception::example_source(problem.dataset.train, problem.programs(), seed_of(problem, options));
    if (!source) return base::failure(source.error());
    const datasets::Images& images = problem.dataset.train;
    auto engine = perception::make_roap_engine({.engine = {.network = options.network,
                                                           .channels = images.channels,
                                                           .height = images.height,
                                                           .width = images.width,
                                                           .statistics = datasets::pixel_statistics(images),
                                                           .pool = {},
                                                           .sigma = problem.sigma,
                                                           .seed = seed_of(problem, options),
                                                           .threads = options.threads,
                                                           .device = options.device},
                                                .model = options.model,
                                                .variables = problem.pool.variables,
                                                .symbols_given = options.symbols_given});
    if (!engine) return base::failure(engine.error());
    Run run(problem, options, std::move(*source), std::move(*engine));
    return run.train().map([&] { return std::move(run).result(); });
}

} // namespace ropewalk::papers
