#include "ropewalk/images/proposing/amortise.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"
#include "ropewalk/images/proposing/amortise_checkpoint.hpp"
#include "ropewalk/images/proposing/lessons.hpp"

namespace ropewalk::proposing {

namespace {

/// Rising at first, then half a cosine down to none.
double rate_of(const AmortiseOptions& options, std::size_t step) {
    constexpr double rising = 200;
    const double share = static_cast<double>(step) / static_cast<double>(options.steps);
    return options.learning_rate * std::min(1.0, (static_cast<double>(step) + 1) / rising) *
           perception::half_cosine(share);
}

/// The teaching, with what its steps share.
class Teaching {
public:
    Teaching(const AmortiseOptions& options, Lessons& lessons, perception::Proposer& proposer)
        : options_(options), lessons_(lessons), proposer_(proposer) {}

    base::Status resume() {
        return load_amortise_checkpoint(state_, lessons_, proposer_, *options_.group, options_.settings,
                                        options_.resume ? options_.checkpoint_file : std::string());
    }

    base::Status run() {
        while (state_.step < options_.steps) {
            const auto stopped = all_stop();
            if (!stopped) return base::failure(stopped.error());
            if (*stopped) break;
            if (auto done = step(); !done) return done;
            if (auto saved = checkpoint(false); !saved) return saved;
            if (options_.look && options_.look_interval > 0 && state_.step % options_.look_interval == 0)
                if (auto looked = options_.look(proposer_, state_.step, watch_.seconds()); !looked)
                    return looked;
        }
        return checkpoint(true);
    }

    const AmortiseState& state() const { return state_; }

private:
    /// Whether any process was asked to stop.
    base::Result<bool> all_stop() const {
        const double asked = options_.stop() ? 1 : 0;
        return options_.group->gather({&asked, 1}).map([](const std::vector<double>& all) {
            return std::any_of(all.begin(), all.end(), [](double each) { return each > 0; });
        });
    }

    base::Status step() {
        const Lessons::Lesson lesson = lessons_.draw(state_.step);
        const auto losses = proposer_.teach(lesson.examples, lesson.tokens, rate_of(options_, state_.step));
        if (!losses) return base::failure(losses.error());
        ++state_.step;
        double mean = 0;
        for (const float loss : *losses)
            mean += static_cast<double>(loss) / static_cast<double>(losses->size());
        if (!std::isfinite(mean)) return {};
        lessons_.tell(lesson, *losses);
        state_.loss += std::max(0.02, 1 / static_cast<double>(state_.step)) * (mean - state_.loss);
        if (options_.progress)
            options_.progress(static_cast<long>(state_.step), static_cast<long>(options_.steps),
                              fmt::format("teaching the synthesizer, loss {:.3f}", state_.loss));
        return {};
    }

    base::Status checkpoint(bool now) {
        if (options_.checkpoint_file.empty()) return {};
        if (!now && since_checkpoint_.seconds() < options_.checkpoint_seconds) return {};
        since_checkpoint_ = {};
        const auto saved = save_amortise_checkpoint(state_, lessons_, proposer_, options_.settings,
                                                    options_.checkpoint_file);
        if (!saved) return base::failure(saved.error());
        return {};
    }

    const AmortiseOptions& options_;
    Lessons& lessons_;
    perception::Proposer& proposer_;
    AmortiseState state_;
    const base::Stopwatch watch_;
    base::Stopwatch since_checkpoint_;
};

} // namespace

base::Result<formula::Pool> pool_of(const Curriculum& curriculum, int variables) {
    return formula::formula_pool(
        {.variables = variables, .operators = curriculum.operators, .with_zero = false});
}

base::Result<Curriculum> curriculum_of(const perception::Problem& problem,
                                       std::span<const identification::Decision> decisions,
                                       std::size_t held_out, int operators) {
    Curriculum curriculum;
    curriculum.operators = std::max(operators, static_cast<int>(problem.pool.level_ends.size()) - 1);
    curriculum.tasks = identification::formulas_of(decisions);
    std::sort(curriculum.tasks.begin(), curriculum.tasks.end());
    curriculum.tasks.erase(std::unique(curriculum.tasks.begin(), curriculum.tasks.end()),
                           curriculum.tasks.end());
    const std::size_t formulas = problem.pool.formulas.size();
    const std::size_t most = std::min(held_out, (formulas - curriculum.tasks.size()) / 2);
    // The first of a random order of the whole pool that no task has.
    const auto order = formula::draw_tasks(problem.pool, formulas, problem.seed + 1);
    if (!order) return base::failure(order.error());
    for (const std::size_t formula : *order) {
        if (std::binary_search(curriculum.tasks.begin(), curriculum.tasks.end(), formula)) continue;
        auto& list = curriculum.held_out.size() < most ? curriculum.held_out : curriculum.dreamt;
        list.push_back(formula);
    }
    const auto pool = pool_of(curriculum, problem.pool.variables);
    if (!pool) return base::failure(pool.error());
    for (std::size_t i = formulas; i < pool->formulas.size(); ++i) curriculum.wider.push_back(i);
    return curriculum;
}

perception::ProposerOptions proposer_options_of(const perception::Problem& problem, int operators,
                                                const AmortiseOptions& options) {
    perception::ProposerOptions proposer;
    proposer.variables = problem.pool.variables;
    proposer.lines = operators;
    proposer.features = options.features;
    proposer.hidden = options.hidden;
    proposer.seed = problem.seed;
    proposer.threads = options.threads;
    proposer.device = options.device;
    proposer.parts = perception::parts_of(*options.group, options.ranks);
    proposer.group = options.group;
    return proposer;
}

base::Result<Amortised> amortise(const perception::Problem& problem,
                                 std::span<const identification::Decision> decisions,
                                 perception::Engine& engine, const AmortiseOptions& options) {
    const base::Stopwatch watch;
    auto curriculum = curriculum_of(problem, decisions, options.held_out, options.operators);
    if (!curriculum) return base::failure(curriculum.error());
    const auto pool = pool_of(*curriculum, problem.pool.variables);
    if (!pool) return base::failure(pool.error());
    auto read = read_examples(problem, engine, options.images, options.rows);
    if (!read) return base::failure(read.error());
    auto proposer = perception::make_proposer(proposer_options_of(problem, curriculum->operators, options));
    if (!proposer) return base::failure(proposer.error());
    const perception::ProgramCode code(problem.pool.variables, curriculum->operators);
    Lessons lessons(*curriculum, *pool, code, identification::formulas_of(decisions), std::move(*read),
                    options, problem.seed);
    Teaching teaching(options, lessons, **proposer);
    const auto taught =
        lessons.check().and_then([&] { return teaching.resume(); }).and_then([&] { return teaching.run(); });
    if (!taught) return base::failure(taught.error());
    Amortised amortised;
    amortised.proposer = std::move(*proposer);
    amortised.curriculum = std::move(*curriculum);
    amortised.pairs = options.pairs;
    amortised.steps = teaching.state().step;
    amortised.finished = amortised.steps >= options.steps;
    amortised.loss = teaching.state().loss;
    amortised.seconds = watch.seconds();
    amortised.processor = watch.processor_seconds();
    return amortised;
}

} // namespace ropewalk::proposing
