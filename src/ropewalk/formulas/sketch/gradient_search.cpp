#include "ropewalk/formulas/sketch/gradient_search.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <numeric>
#include <set>

#include "ropewalk/base/random_order.hpp"
#include "ropewalk/formulas/sketch/kernels/executor_dispatch.hpp"
#include "ropewalk/formulas/sketch/sketch_shape.hpp"

namespace ropewalk::formula {

namespace {

/// Restarts that a thread takes through their steps together; their state stays in the second cache.
constexpr std::size_t group = 8;

base::Status check(const Problem& problem, const GradientSearchOptions& options) {
    const auto wrong = [](const std::string& found, const std::string& expected) {
        return base::failure("formula search", found, expected);
    };
    if (problem.inputs.empty()) return wrong("no input columns", "at least one");
    if (problem.target.empty()) return wrong("no rows", "at least one");
    if (!problem.units.empty())
        return wrong("columns with units", "columns without: descent does not know units");
    const auto finite = [](const std::vector<double>& column) {
        return std::all_of(column.begin(), column.end(), [](double x) { return std::isfinite(x); });
    };
    for (const std::vector<double>& column : problem.inputs) {
        if (column.size() != problem.target.size())
            return wrong("an input column of " + std::to_string(column.size()) + " rows",
                         std::to_string(problem.target.size()) + ", as in the target");
        if (!finite(column)) return wrong("an input that is not finite", "finite numbers");
    }
    if (!finite(problem.target)) return wrong("a target that is not finite", "finite numbers");
    const DescentOptions& d = options.descent;
    const SketchShape shape{static_cast<int>(problem.inputs.size()), d.lines};
    if (const auto fits = checked(shape); !fits) return tl::make_unexpected(fits.error());
    return base::check_settings(options);
}

/// Restarts that descend together, in groups; everything a step needs.
class Round {
public:
    Round(const Problem& problem, const GradientSearchOptions& options, std::uint64_t round)
        : problem_(problem),
          o_(options), shape_{static_cast<int>(problem.inputs.size()), options.descent.lines},
          size_(shape_.choices()), restarts_(static_cast<std::size_t>(options.restarts_per_round)),
          first_(round * restarts_) {
        draw_rows(round);
        logits_.reserve(restarts_ * size_);
        for (std::size_t r = 0; r < restarts_; ++r)
            for (const double logit :
                 random_logits(shape_, o_.descent.start_deviation, o_.run.seed, first_ + r))
                logits_.push_back(static_cast<float>(logit));
        first_moment_.assign(logits_.size(), 0.0f);
        second_moment_.assign(logits_.size(), 0.0f);
        noise_.assign(o_.descent.noise ? logits_.size() : 0, 0.0f);
    }

    /// Takes every restart through steps from..to-1, unless `expired` says stop.
    template<class Expired>
    void descend(int from, int to, const Expired& expired) {
        base::parallel_for((restarts_ + group - 1) / group, o_.run.threads, [&](std::size_t g) {
            const std::size_t begin = g * group, count = std::min(group, restarts_ - begin);
            Work work(count, size_);
            for (int step = from; step < to && !expired(); ++step) take_step(step, begin, count, work);
        });
    }

    /// The programs of restart r: the most likely one, and the one that its last noise makes most likely.
    std::vector<Program> programs(std::size_t r) const {
        const std::span<const float> logits = std::span<const float>(logits_).subspan(r * size_, size_);
        std::vector<Program> found{argmax_program<float>(shape_, logits)};
        if (noise_.empty()) return found;
        std::vector<float> noisy(logits.begin(), logits.end());
        for (std::size_t i = 0; i < size_; ++i) noisy[i] += noise_[r * size_ + i];
        found.push_back(argmax_program<float>(shape_, noisy));
        return found;
    }

    std::size_t restarts() const { return restarts_; }

private:
    struct Work {
        Work(std::size_t count, std::size_t size)
            : data(count), length(count), gradient(count * size), finite(count) {}
        std::vector<float> data, length, gradient;
        std::vector<unsigned char> finite;
    };

    /// Rows of the round: all of them, or as many as a step looks at, without replacement.
    void draw_rows(std::uint64_t round) {
        std::vector<std::size_t> order(problem_.target.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        rows_ = std::min(order.size(), static_cast<std::size_t>(o_.descent.rows));
        base::RandomStream random(o_.run.seed, base::Purpose::subsample, round);
        if (rows_ < order.size()) base::shuffle_front(order, rows_, random);
        double mean = 0, variance = 0, largest = 0;
        for (std::size_t i = 0; i < rows_; ++i) {
            for (const std::vector<double>& column : problem_.inputs)
                symbols_.push_back(static_cast<float>(column[order[i]]));
            mean += problem_.target[order[i]] / static_cast<double>(rows_);
            largest = std::max(largest, std::abs(problem_.target[order[i]]));
        }
        for (std::size_t i = 0; i < rows_; ++i) {
            const double difference = problem_.target[order[i]] - mean;
            variance += difference * difference / static_cast<double>(rows_);
        }
        // A constant target has no spread to measure errors by; its size serves.
        const double scale = variance > 0 ? std::sqrt(variance) : largest > 0 ? largest : 1;
        for (std::size_t r = 0; r < std::min(group, restarts_); ++r) {
            for (std::size_t i = 0; i < rows_; ++i)
                targets_.push_back(static_cast<float>(problem_.target[order[i]]));
            sigma_.push_back(static_cast<float>(scale));
        }
    }

    void take_step(int step, std::size_t begin, std::size_t count, Work& work) {
        const DescentOptions& d = o_.descent;
        const std::span<float> logits = std::span<float>(logits_).subspan(begin * size_, count * size_);
        std::span<float> noise;
        if (!noise_.empty()) {
            noise = std::span<float>(noise_).subspan(begin * size_, count * size_);
            for (std::size_t r = 0; r < count; ++r)
                gumbel_noise<float>(o_.run.seed,
                                    (first_ + begin + r) * static_cast<std::uint64_t>(d.steps) +
                                        static_cast<std::uint64_t>(step),
                                    noise.subspan(r * size_, size_));
        }
        const double progress = d.steps > 1 ? step / static_cast<double>(d.steps - 1) : 1;
        const double beta = d.beta_start * std::pow(d.beta_end / d.beta_start, progress);
        // Sizes fit by construction.
        (void)sketch_loss<float>({.shape = shape_,
                                  .tasks = count,
                                  .rows = rows_,
                                  .logits = logits,
                                  .symbols = symbols_,
                                  .targets = std::span<const float>(targets_).first(count * rows_),
                                  .sigma = std::span<const float>(sigma_).first(count),
                                  .noise = noise,
                                  .threads = 1},
                                 {.sharpness = d.sharpness, .beta = beta, .noise = d.noise},
                                 {.lambda = progress >= d.lambda_from ? d.lambda : 0},
                                 {.data = work.data,
                                  .length = work.length,
                                  .logit_gradient = work.gradient,
                                  .finite = work.finite});
        // The loss is a mean over the group; clipping is for sketches near the limit, whose gradients have
        // any size.
        const AdamStep adam{.rate =
                                static_cast<float>(d.learning_rate * std::sqrt(1 - std::pow(0.99, step + 1)) /
                                                   (1 - std::pow(0.9, step + 1))),
                            .scale = static_cast<float>(count)};
        for (std::size_t r = 0; r < count; ++r) {
            const std::size_t at = (begin + r) * size_;
            active_adam_kernel()(adam, &work.gradient[r * size_], size_, &logits_[at], &first_moment_[at],
                                 &second_moment_[at]);
        }
    }

    const Problem& problem_;
    const GradientSearchOptions& o_;
    SketchShape shape_;
    std::size_t size_, restarts_, rows_ = 0;
    std::uint64_t first_;
    std::vector<float> logits_, first_moment_, second_moment_, noise_;
    std::vector<float> symbols_, targets_, sigma_; ///< targets and sigma once per restart of a group
};

} // namespace

base::Result<FormulaReport> search_by_gradient(const Problem& problem, const GradientSearchOptions& options) {
    if (const auto fits = check(problem, options); !fits) return tl::make_unexpected(fits.error());
    using Clock = std::chrono::steady_clock;
    const Clock::time_point start = Clock::now();
    const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
    const auto stopped = [&] { return options.run.stop(); };
    std::atomic<bool> over = false;
    const auto expired = [&] {
        if (!over && ((options.run.seconds > 0 && elapsed() > options.run.seconds))) over = true;
        return over.load();
    };

    FormulaReport report;
    Front front;
    std::set<std::string> tried;
    const auto try_program = [&](const Program& whole) {
        const Program program = simplified(whole);
        if (static_cast<int>(program.lines.size()) > options.descent.lines) return;
        std::string key;
        for (const Line& line : program.lines) {
            key.push_back(static_cast<char>(line.operation));
            key += std::to_string(line.left) + "," + std::to_string(line.right) + ";";
        }
        if (program.lines.empty()) key = std::to_string(program.result_variable);
        if (!tried.insert(std::move(key)).second) return;
        front.offer(
            {program, size(program).operators, fit_of(evaluate(program, problem.inputs), problem.target)});
    };

    const auto steps = options.descent.steps, every = options.descent.check_every;
    report.stop_reason = StopReason::exhausted;
    bool done = false;
    for (std::uint64_t round = 0; !done; ++round) {
        const auto per_round = static_cast<std::uint64_t>(options.restarts_per_round);
        if (options.restarts > 0 && round * per_round >= options.restarts) break;
        Round restarts(problem, options, round);
        for (int from = 0; from < steps && !done; from += every) {
            const int to = std::min(from + every, steps);
            restarts.descend(from, to, expired);
            report.candidates += static_cast<std::uint64_t>(to - from) * restarts.restarts();
            for (std::size_t r = 0; r < restarts.restarts(); ++r)
                for (const Program& program : restarts.programs(r)) try_program(program);
            if (front.exact_operators())
                report.stop_reason = StopReason::found, done = true;
            else if (stopped())
                report.stop_reason = StopReason::interrupted, done = true;
            else if (expired())
                report.stop_reason = StopReason::seconds, done = true;
        }
        if (options.run.progress && !front.formulas().empty()) {
            const Found& best = front.formulas().back();
            options.run.progress(static_cast<long>((round + 1) * per_round),
                                 static_cast<long>(options.restarts),
                                 "best rmse " + std::to_string(best.fit.rmse) + " with " +
                                     std::to_string(best.operators) + " operators");
        }
    }
    report.front = front.formulas();
    report.seconds = elapsed();
    return report;
}

} // namespace ropewalk::formula
