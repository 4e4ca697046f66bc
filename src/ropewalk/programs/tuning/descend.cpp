#include "ropewalk/programs/tuning/descend.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/tuning/recovery.hpp"

namespace ropewalk::tuning {

namespace {

/// Losses in an order: one that is not a number is worse than any.
float finite(float loss) { return std::isfinite(loss) ? loss : std::numeric_limits<float>::max(); }

/// How good a restart was at a check; larger is better.
struct Standing {
    bool hard = false;
    bool soft = false;
    double loss = 0;

    bool better_than(const Standing& other) const {
        return std::tuple(hard, soft, -loss) > std::tuple(other.hard, other.soft, -other.loss);
    }
};

/// The program of a model, for a task whose inputs may set registers.
compiler::Decompiled harden(const compiler::Model& model, const DescentData& data) {
    return decompile(model, {.registers = data.sets_registers ? assembly::StartingRegisters::any
                                                              : assembly::StartingRegisters::fixed});
}

/// What one gradient step runs on.
struct Minibatch {
    std::vector<machine::Example> examples;
    long steps;
};

Minibatch minibatch(const tasks::Task& task, long steps, const TuneOptions& options, int iteration) {
    const auto index = static_cast<std::uint64_t>(iteration);
    base::RandomStream random(options.run.seed, base::Purpose::minibatch, index);
    if (!options.random_steps || task.stages < 2) return {draw_examples(task, options.batch, random), steps};
    base::RandomStream schedule(options.run.seed, base::Purpose::schedule, index);
    const int stage = 1 + static_cast<int>(schedule.below(static_cast<std::uint32_t>(task.stages)));
    return {draw_prefixes(task, stage, options.batch, random), std::max(1L, steps * stage / task.stages)};
}

/// The restarts of a block side by side, as the kernels want them.
class Block {
public:
    Block(std::vector<compiler::Model> models, const DescentData& data, const TuneOptions& options,
          std::uint64_t first_restart)
        : data_(data), seed_(options.run.seed),
          first_restart_(first_restart), request_{.configuration = models[0].configuration,
                                                  .loss = options.loss,
                                                  .steps = data.steps,
                                                  .lanes = machine::Lanes::reproducible},
          size_(weight_count(request_.configuration)), weights_(models.size() * size_),
          losses_(models.size()), running_(models.size()), gradient_(weights_.size()), best_(models.size()),
          best_standing_(models.size()), finished_(models.size(), false) {
        std::iota(running_.begin(), running_.end(), std::size_t{0});
        for (std::size_t r = 0; r < models.size(); ++r) {
            std::copy(models[r].weights.begin(), models[r].weights.end(), program_weights(r).begin());
            adam_.emplace_back(size_, options.adam);
            best_[r].model = std::move(models[r]);
        }
    }

    void gradient_step(const Minibatch& minibatch, const TuneOptions& options, int iteration) {
        const double progress = progress_at(options, iteration);
        sharpness_ = static_cast<float>(sharpness_at(options.schedules, progress));
        evaluate_running(minibatch.examples, minibatch.steps, true);
        const double rate = learning_rate_at(options.schedules, options.adam.learning_rate, progress);
        const double noise = weight_noise_at(options.schedules, progress);
        for (std::size_t i = 0; i < running_.size(); ++i) {
            const std::size_t r = running_[i];
            // The chain rule's factor sharpness is left out: Adam divides it out again.
            const auto gradient = std::span(gradient_).subspan(i * size_, size_);
            if (options.schedules.normalise_gradient) normalise(gradient);
            adam_[r].step(program_weights(r), gradient, rate);
            if (noise > 0)
                add_noise(program_weights(r), noise, stream_of(base::Purpose::weight_noise, r, iteration));
            ++iterations_[r];
        }
    }

    /// Reads every restart out and keeps it where it is the best so far.
    void check(bool first) {
        evaluate_running(data_.check_examples, data_.steps, false);
        const std::vector<bool> soft = right_on_check_examples();
        for (std::size_t i = 0; i < running_.size(); ++i) {
            const std::size_t r = running_[i];
            compiler::Model model = best_[r].model;
            const auto weights = std::span(packed_).subspan(i * size_, size_);
            model.weights.assign(weights.begin(), weights.end());
            assembly::Program program = harden(model, data_).program;
            const Standing standing{.hard = recovered_hard(program, data_.check_examples, data_.steps),
                                    .soft = soft[i],
                                    .loss = std::isfinite(losses_[r]) ? losses_[r] : 1e30};
            if (first || standing.better_than(best_standing_[r])) {
                best_standing_[r] = standing;
                best_[r].model = std::move(model);
                best_[r].program = std::move(program);
                best_[r].loss = standing.loss;
                best_[r].soft = standing.soft;
                best_[r].hard = standing.hard;
            }
            finished_[r] = standing.hard && standing.soft;
        }
        std::erase_if(running_, [this](std::size_t r) { return finished_[r]; });
    }

    /// Replaces the worst quarter of each group by perturbed copies of its best restart. Finished restarts
    /// may be copied but are never replaced; what became of a copy is decided by its own further descent.
    void population_step(const TuneOptions& options, int iteration) {
        for (std::size_t first = 0; first < best_.size(); first += group_size)
            population_step(first, std::min(group_size, best_.size() - first), options, iteration);
    }

    /// Starts restarts anew whose loss has not fallen since the last call.
    void reseed(const Reseed& fresh, const TuneOptions& options, int iteration) {
        for (std::size_t r = 0; r < best_.size(); ++r) {
            const bool falls = finite(losses_[r]) < 0.99F * reseed_loss_[r];
            reseed_loss_[r] = finite(losses_[r]);
            if (finished_[r] || falls) continue;
            base::RandomStream random = stream_of(base::Purpose::reseed, r, iteration);
            const std::vector<float> weights = fresh(random);
            std::copy(weights.begin(), weights.end(), program_weights(r).begin());
            adam_[r] = Adam<float>(size_, options.adam);
            reseed_loss_[r] = std::numeric_limits<float>::max();
        }
    }

    int finished() const { return static_cast<int>(std::count(finished_.begin(), finished_.end(), true)); }
    bool done() const { return finished() == static_cast<int>(best_.size()); }

    std::vector<Restart> take() {
        for (std::size_t r = 0; r < best_.size(); ++r) best_[r].iterations = iterations_[r];
        return std::move(best_);
    }

private:
    void population_step(std::size_t first, std::size_t count, const TuneOptions& options, int iteration) {
        std::vector<std::size_t> order(count);
        std::iota(order.begin(), order.end(), first);
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return std::pair(!finished_[a], finite(losses_[a])) <
                   std::pair(!finished_[b], finite(losses_[b]));
        });
        const auto parent = program_weights(order.front());
        for (std::size_t i = order.size() - order.size() / 4; i < order.size(); ++i) {
            const std::size_t r = order[i];
            if (finished_[r]) continue;
            const auto child = program_weights(r);
            std::copy(parent.begin(), parent.end(), child.begin());
            add_noise(child, options.population_noise, stream_of(base::Purpose::population, r, iteration));
            adam_[r] = Adam<float>(size_, options.adam);
        }
    }

    static double progress_at(const TuneOptions& options, int iteration) {
        return options.iterations > 1 ? static_cast<double>(iteration) / (options.iterations - 1) : 1.0;
    }

    base::RandomStream stream_of(base::Purpose purpose, std::size_t r, int iteration) const {
        return {seed_, purpose, (first_restart_ + r) << 32 | static_cast<std::uint64_t>(iteration)};
    }

    static void add_noise(std::span<float> weights, double deviation, base::RandomStream random) {
        for (float& weight : weights) weight += static_cast<float>(deviation * random.normal());
    }

    /// Losses, and gradients side by side, of the restarts that still run: finished ones cost nothing.
    void evaluate_running(std::span<const machine::Example> examples, long steps, bool wants_gradient) {
        request_.steps = steps;
        packed_.resize(running_.size() * size_);
        packed_losses_.resize(running_.size());
        for (std::size_t i = 0; i < running_.size(); ++i) {
            const auto weights = program_weights(running_[i]);
            std::transform(weights.begin(), weights.end(),
                           packed_.begin() + static_cast<std::ptrdiff_t>(i * size_),
                           [this](float weight) { return sharpness_ * weight; });
        }
        evaluate(request_, packed_, examples, packed_losses_,
                 wants_gradient ? std::span(gradient_).first(packed_.size()) : std::span<float>());
        for (std::size_t i = 0; i < running_.size(); ++i) losses_[running_[i]] = packed_losses_[i];
    }

    /// Which of the running restarts are right on all check examples. Most that are not are wrong on the
    /// first few, so those alone are run first.
    std::vector<bool> right_on_check_examples() const {
        constexpr std::size_t few = 4;
        const std::span examples(data_.check_examples);
        std::vector<std::size_t> candidates(running_.size());
        std::iota(candidates.begin(), candidates.end(), std::size_t{0});
        const std::size_t first = std::min(few, examples.size());
        for (const auto& part : {examples.first(first), examples.subspan(first)}) {
            std::vector<float> weights;
            for (const std::size_t i : candidates) {
                const auto of_restart = std::span(packed_).subspan(i * size_, size_);
                weights.insert(weights.end(), of_restart.begin(), of_restart.end());
            }
            machine::EvaluationRequest counting = request_;
            counting.loss = machine::mistakes();
            std::vector<float> wrong(candidates.size());
            evaluate(counting, weights, part, wrong, {});
            std::vector<std::size_t> still_right;
            for (std::size_t c = 0; c < candidates.size(); ++c)
                if (wrong[c] == 0) still_right.push_back(candidates[c]);
            candidates = std::move(still_right);
        }
        std::vector<bool> right(running_.size(), false);
        for (const std::size_t i : candidates) right[i] = true;
        return right;
    }

    std::span<float> program_weights(std::size_t r) { return std::span(weights_).subspan(r * size_, size_); }

    const DescentData& data_;
    std::uint64_t seed_, first_restart_;
    machine::EvaluationRequest request_;
    std::size_t size_;
    std::vector<float> weights_, losses_;
    /// Restarts that are not finished, and their weights as the machine sees them, their losses and
    /// gradients.
    std::vector<std::size_t> running_;
    std::vector<float> packed_, packed_losses_, gradient_;
    float sharpness_ = 1;
    std::vector<Adam<float>> adam_;
    std::vector<Restart> best_;
    std::vector<Standing> best_standing_;
    std::vector<bool> finished_;
    std::vector<int> iterations_ = std::vector<int>(best_.size(), 0);
    std::vector<float> reseed_loss_ = std::vector<float>(best_.size(), std::numeric_limits<float>::max());
};

} // namespace

std::vector<Restart> descend(std::vector<compiler::Model> models, const tasks::Task& task,
                             const DescentData& data, const TuneOptions& options, std::uint64_t first_restart,
                             const Reseed& fresh, const std::function<void(int)>& progress) {
    Block block(std::move(models), data, options, first_restart);
    block.check(true);
    for (int i = 0; i < options.iterations && !block.done() && !options.run.stop(); ++i) {
        block.gradient_step(minibatch(task, data.steps, options, i), options, i);
        const int made = i + 1;
        const bool last = made == options.iterations;
        if (made % options.check_interval != 0 && !last) continue;
        block.check(false);
        const auto due = [&](int interval) { return interval > 0 && made % interval == 0 && !last; };
        if (due(options.population_interval)) block.population_step(options, made);
        if (due(options.reseed_interval)) block.reseed(fresh, options, made);
        if (progress) progress(block.finished());
    }
    return block.take();
}

} // namespace ropewalk::tuning
