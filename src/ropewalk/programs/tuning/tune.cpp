#include "ropewalk/programs/tuning/tune.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <new>

#include <fmt/format.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/tuning/certified_repair.hpp"
#include "ropewalk/programs/tuning/descend.hpp"
#include "ropewalk/programs/tuning/fit.hpp"
#include "ropewalk/programs/tuning/initialise.hpp"
#include "ropewalk/programs/tuning/recovery.hpp"

namespace ropewalk::tuning {

namespace {

/// Restarts that run together: whole groups, as many as make about one block per thread, because the vectors
/// of a large block stay full while its restarts finish. Of 100 restarts of parity from random weights,
/// vectors are 74 % full in one block, 54 % in blocks of 64. At most eight groups, whose weights and moments
/// take a few megabytes.
std::size_t block_size_for(std::size_t restarts, int threads) {
    const auto workers = static_cast<std::size_t>(threads > 0 ? threads : base::available_threads());
    const std::size_t groups = (restarts + group_size - 1) / group_size;
    return group_size * std::clamp<std::size_t>((groups + workers - 1) / workers, 1, 8);
}

/// The options with the time limit as part of their stop. Fails with all that is wrong with them.
base::Result<TuneOptions> checked(const TuneOptions& options) {
    base::Diagnostics errors = base::violations(options);
    const auto multiple_of_checks = [&](const char* name, int interval) {
        if (interval % std::max(1, options.check_interval) == 0) return;
        errors.push_back(
            {.file = fmt::format("setting `{}`", name),
             .found = std::to_string(interval),
             .expected = fmt::format("a multiple of {}, the steps between checks", options.check_interval)});
    };
    multiple_of_checks("population", options.population_interval);
    multiple_of_checks("reseed", options.reseed_interval);
    if (!errors.empty()) return base::failure(std::move(errors));
    TuneOptions within_time = options;
    within_time.run.stop = options.run.stop.or_after(options.run.seconds);
    return within_time;
}

std::vector<machine::Example> examples_for(const tasks::Task& task, int count, base::Purpose purpose,
                                           std::uint64_t seed) {
    base::RandomStream random(seed, purpose);
    return draw_examples(task, count, random);
}

/// Tells the listener about all blocks together.
class Progress {
public:
    Progress(const TuneOptions& options, long blocks) : options_(options), blocks_(blocks) {}

    void report(std::size_t block, int iteration_checks, int finished) {
        if (!options_.run.progress) return;
        const std::scoped_lock lock(mutex_);
        checks_[block] = iteration_checks;
        finished_[block] = finished;
        long done = 0, solved = 0;
        for (const auto& entry : checks_) done += entry.second;
        for (const auto& entry : finished_) solved += entry.second;
        const long per_block = (options_.iterations + options_.check_interval - 1) / options_.check_interval;
        options_.run.progress(done, blocks_ * per_block,
                              fmt::format("{} of {} restarts solved", solved, options_.restarts));
    }

private:
    const TuneOptions& options_;
    long blocks_;
    std::mutex mutex_;
    std::map<std::size_t, int> checks_, finished_;
};

/// What became of the restarts that began, in their order.
struct Descended {
    std::vector<Restart> restarts;
    bool out_of_memory = false;
};

/// Block by block, each made when its turn comes: what was asked for may be more than fits into memory, and
/// blocks that have not begun when it is time to stop leave nothing behind.
Descended descend_all(const tasks::Task& task, const std::optional<assembly::Program>& initial,
                      const DescentData& data, const Reseed& fresh, const TuneOptions& options) {
    const auto count = static_cast<std::size_t>(options.restarts);
    const std::size_t block_size = block_size_for(count, options.run.threads);
    const std::size_t blocks = (count + block_size - 1) / block_size;
    std::vector<std::vector<Restart>> results(blocks);
    std::atomic<bool> out_of_memory = false;
    Progress progress(options, static_cast<long>(blocks));
    base::parallel_for(blocks, options.run.threads, [&](std::size_t b) {
        // The first one always begins, so that there is something to answer with.
        if (out_of_memory || (b > 0 && options.run.stop.requested())) return;
        const std::size_t first = b * block_size, last = std::min(count, first + block_size);
        try {
            auto models = initialise(task, initial, options, static_cast<int>(first), static_cast<int>(last));
            for (compiler::Model& model : *models) model.steps = data.steps; // the first one could be made
            int checks = 0;
            results[b] = descend(std::move(*models), task, data, options, first, fresh,
                                 [&](int finished) { progress.report(b, ++checks, finished); });
            for (std::size_t r = 0; r < results[b].size(); ++r)
                results[b][r].number = static_cast<int>(first + r);
        } catch (const std::bad_alloc&) {
            out_of_memory = true;
        }
    });
    Descended all{.restarts = {}, .out_of_memory = out_of_memory};
    for (auto& block : results) {
        std::move(block.begin(), block.end(), std::back_inserter(all.restarts));
        block = {};
    }
    return all;
}

/// Soft and hard, on held-out examples. When it is time to stop, restarts that were wrong on the examples of
/// their checks count as wrong without being run again.
void judge(std::vector<Restart>& restarts, const tasks::Task& task, long steps, const TuneOptions& options) {
    const auto held_out =
        examples_for(task, options.held_out, base::Purpose::held_out_examples, options.run.seed);
    base::parallel_for(restarts.size(), options.run.threads, [&](std::size_t r) {
        Restart& restart = restarts[r];
        const bool all = !options.run.stop.requested();
        restart.soft = (all || restart.soft) && recovered_soft(restart.model, held_out, steps);
        restart.hard = (all || restart.hard) && recovered_hard(restart.program, held_out, steps);
    });
}

/// Random inputs that certify a restart where the domain is too large to exhaust. The program that tuning
/// answers with is certified on as many as CertifyOptions say.
constexpr std::uint64_t inputs_of_restart = std::uint64_t{1} << 16;

/// What becomes of a hard program: certified as it is or after repair, or neither.
struct Fate {
    assembly::Program program;
    bool certified = false;
    bool repaired = false;
};

Fate fate_of(const Restart& restart, const tasks::Task& task, const DescentData& data,
             const TuneOptions& options) {
    const CertifyOptions certify_options{
        .random_inputs = inputs_of_restart, .seed = options.run.seed, .threads = 1, .stop = options.run.stop};
    if (restart.hard && certify(restart.program, task, certify_options).holds)
        return {.program = restart.program, .certified = true};
    if (!options.repair || options.run.stop()) return {.program = restart.program};
    CertifiedRepair repaired = certified_repair(restart.program, task, data.check_examples, data.steps,
                                         {.instruction_set = restart.model.configuration.instruction_set,
                                          .most_candidates = options.repair_candidates,
                                          .stop = options.run.stop},
                                         certify_options);
    if (repaired.program) return {.program = std::move(*repaired.program), .certified = true, .repaired = true};
    return {.program = restart.program};
}

/// Repairs and certifies; restarts that ended in the same program share the work.
void settle(std::vector<Restart>& restarts, const tasks::Task& task, const DescentData& data,
            const TuneOptions& options) {
    std::map<std::string, std::vector<std::size_t>> same;
    for (std::size_t r = 0; r < restarts.size(); ++r) same[to_string(restarts[r].program)].push_back(r);
    std::vector<const std::vector<std::size_t>*> groups;
    for (const auto& entry : same) groups.push_back(&entry.second);
    base::parallel_for(groups.size(), options.run.threads, [&](std::size_t g) {
        const Fate fate = fate_of(restarts[groups[g]->front()], task, data, options);
        for (const std::size_t r : *groups[g]) {
            restarts[r].program = fate.program;
            restarts[r].certified = fate.certified;
            restarts[r].repaired = fate.repaired;
        }
    });
}

Recovered count(const std::vector<Restart>& restarts) {
    const auto proportion = [&](bool Restart::*member) {
        const auto count =
            std::count_if(restarts.begin(), restarts.end(), [&](const Restart& r) { return r.*member; });
        return base::wilson(static_cast<int>(count), static_cast<int>(restarts.size()));
    };
    return {proportion(&Restart::soft), proportion(&Restart::hard), proportion(&Restart::certified),
            proportion(&Restart::repaired).count};
}

std::optional<std::size_t> shortest_certified(const std::vector<Restart>& restarts) {
    std::optional<std::size_t> best;
    for (std::size_t r = 0; r < restarts.size(); ++r)
        if (restarts[r].certified && (!best || restarts[r].program.lines() < restarts[*best].program.lines()))
            best = r;
    return best;
}

/// Looks beside the program that the restarts began with for what none of them came to.
void repair_start(TuneResult& result, const tasks::Task& task, const assembly::Program& initial,
                  const DescentData& data, const TuneOptions& options) {
    auto fitted = fit_to_task(initial, task);
    if (!fitted || options.run.stop() || result.restarts.empty()) return;
    if (!fitted->steps) fitted->steps = data.steps;
    const compiler::Model& model = result.restarts.front().model;
    CertifiedRepair repaired = certified_repair(
        *fitted, task, data.check_examples, data.steps,
        {.instruction_set = model.configuration.instruction_set,
         .longest = std::max(fitted->lines() + 2, RepairOptions().longest),
         .most_candidates = options.repair_candidates,
         .stop = options.run.stop},
        {.seed = options.run.seed, .threads = options.run.threads, .stop = options.run.stop});
    if (!repaired.program) return;
    result.certificate = std::move(repaired.certificate);
    result.repaired_start = Restart{.model = model,
                                    .program = std::move(*repaired.program),
                                    .number = static_cast<int>(result.restarts.size()),
                                    .hard = true,
                                    .repaired = true,
                                    .certified = true};
}

/// Asks for the memory that all restarts will take in the end, and gives it back: better to know before the
/// work.
base::Status check_memory(const compiler::Model& model, const TuneOptions& options) {
    const std::size_t bytes =
        model.weights.size() * sizeof(float) * static_cast<std::size_t>(options.restarts);
    if (void* const piece = ::operator new(bytes, std::nothrow)) {
        ::operator delete(piece);
        return {};
    }
    return base::failure(
        "tune",
        fmt::format("not enough memory for {} restarts, which take {} MB", options.restarts, bytes >> 20),
        "fewer restarts, or more memory");
}

} // namespace

base::Result<TuneResult> tune(const tasks::Task& task, const std::optional<assembly::Program>& initial,
                              const TuneOptions& given) {
    const auto valid = checked(given);
    if (!valid) return base::failure(valid.error());
    const TuneOptions& options = *valid;
    const auto first = initialise(task, initial, options, 0, 1);
    if (!first) return base::failure(first.error());
    if (const auto fits = check_memory(first->front(), options); !fits) return base::failure(fits.error());

    const long steps = options.steps > 0 ? options.steps : first->front().steps.value_or(task.steps);
    const DescentData data{
        examples_for(task, options.check_examples, base::Purpose::training_examples, options.run.seed), steps,
        task.sets_registers};

    const Reseed fresh = [&](base::RandomStream& random) {
        auto model = initial_model(task, initial, options, Start::again,
                                   random); // as the models above, so it cannot fail
        return std::vector<float>(model->weights.begin(), model->weights.end());
    };

    Descended descended = descend_all(task, initial, data, fresh, options);
    TuneResult result{.restarts = std::move(descended.restarts), .steps = steps};
    result.out_of_memory = descended.out_of_memory;
    judge(result.restarts, task, steps, options);
    settle(result.restarts, task, data, options);
    while ((result.best = shortest_certified(result.restarts))) {
        Restart& best = result.restarts[*result.best];
        result.certificate = certify(
            best.program, task, {.seed = options.run.seed, .threads = options.run.threads, .stop = options.run.stop});
        if (result.certificate->holds || result.certificate->stopped) break;
        // Wrong on one of the further inputs, and so is every restart that ended in the same program.
        const assembly::Program wrong = best.program;
        for (Restart& restart : result.restarts)
            if (restart.program == wrong) restart.certified = restart.repaired = false;
        result.certificate.reset();
    }
    result.recovered = count(result.restarts);
    if (!result.best && initial && options.repair) repair_start(result, task, *initial, data, options);
    result.stopped_early = result.out_of_memory || options.run.stop();
    return result;
}

} // namespace ropewalk::tuning
