#include "ropewalk/programs/tuning/tune_part.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <new>

#include <fmt/format.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/tuning/certified_repair.hpp"
#include "ropewalk/programs/tuning/descend.hpp"
#include "ropewalk/programs/tuning/initialise.hpp"
#include "ropewalk/programs/tuning/recovery.hpp"
#include "ropewalk/programs/tuning/tune_setup.hpp"

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

/// Tells the listener about all blocks together.
class Progress {
public:
    Progress(const TuneOptions& options, std::uint64_t restarts, long blocks)
        : options_(options), restarts_(restarts), blocks_(blocks) {}

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
                              fmt::format("{} of {} restarts solved", solved, restarts_));
    }

private:
    const TuneOptions& options_;
    std::uint64_t restarts_;
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
                      const TuneSetup& setup, const Reseed& fresh, base::UnitRange range) {
    const TuneOptions& options = setup.options;
    const auto count = static_cast<std::size_t>(range.count());
    const std::size_t block_size = block_size_for(count, options.run.threads);
    const std::size_t blocks = (count + block_size - 1) / block_size;
    std::vector<std::vector<Restart>> results(blocks);
    std::atomic<bool> out_of_memory = false;
    Progress progress(options, range.count(), static_cast<long>(blocks));
    base::parallel_for(blocks, options.run.threads, [&](std::size_t b) {
        // The first one always begins, so that there is something to answer with.
        if (out_of_memory || (b > 0 && options.run.stop.requested())) return;
        const std::size_t first = range.begin + b * block_size, last = std::min<std::size_t>(range.end, first + block_size);
        try {
            auto models = initialise(task, initial, options, static_cast<int>(first), static_cast<int>(last));
            for (compiler::Model& model : *models) model.steps = setup.data.steps; // the first one could be made
            int checks = 0;
            results[b] = descend(std::move(*models), task, setup.data, options, first, fresh,
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
    base::RandomStream random(options.run.seed, base::Purpose::held_out_examples);
    const auto held_out = draw_examples(task, options.held_out, random);
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

/// Asks for the memory that all restarts will take in the end, and gives it back: better to know before the
/// work.
base::Status check_memory(const compiler::Model& model, std::uint64_t restarts) {
    const std::size_t bytes = model.weights.size() * sizeof(float) * static_cast<std::size_t>(restarts);
    if (void* const piece = ::operator new(bytes, std::nothrow)) {
        ::operator delete(piece);
        return {};
    }
    return base::failure(
        "tune",
        fmt::format("not enough memory for {} restarts, which take {} MB", restarts, bytes >> 20),
        "fewer restarts, or more memory");
}

} // namespace

int restarts_per_unit(const TuneOptions& options) {
    return options.population_interval > 0 ? static_cast<int>(group_size) : 1;
}

base::UnitRange restarts_of(const base::Part& part, const TuneOptions& options) {
    const auto unit = static_cast<std::uint64_t>(restarts_per_unit(options)),
               restarts = static_cast<std::uint64_t>(options.restarts);
    const base::UnitRange units = range_of(part, (restarts + unit - 1) / unit);
    return {std::min(units.begin * unit, restarts), std::min(units.end * unit, restarts)};
}

base::Result<TunePart> tune_part(const tasks::Task& task, const std::optional<assembly::Program>& initial,
                                 const TuneOptions& given, base::UnitRange range) {
    const auto setup = tune_setup(task, initial, given);
    if (!setup) return base::failure(setup.error());
    const TuneOptions& options = setup->options;
    base::expects(range.begin <= range.end && range.end <= static_cast<std::uint64_t>(options.restarts) &&
                  range.begin % static_cast<std::uint64_t>(restarts_per_unit(options)) == 0);
    if (const auto fits = check_memory(setup->first, range.count()); !fits) return base::failure(fits.error());
    const Reseed fresh = [&](base::RandomStream& random) {
        auto model = initial_model(task, initial, options, Start::again,
                                   random); // as the models above, so it cannot fail
        return std::vector<float>(model->weights.begin(), model->weights.end());
    };
    Descended descended = descend_all(task, initial, *setup, fresh, range);
    TunePart part{.range = range, .restarts = std::move(descended.restarts), .out_of_memory = descended.out_of_memory};
    judge(part.restarts, task, setup->data.steps, options);
    settle(part.restarts, task, setup->data, options);
    part.stopped_early = part.out_of_memory || options.run.stop();
    return part;
}

} // namespace ropewalk::tuning
