#include "ropewalk/programs/tuning/tune.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ropewalk/programs/tuning/certified_repair.hpp"
#include "ropewalk/programs/tuning/fit.hpp"
#include "ropewalk/programs/tuning/tune_part.hpp"
#include "ropewalk/programs/tuning/tune_setup.hpp"

namespace ropewalk::tuning {

namespace {

/// The restarts of all parts in order.
base::Result<TunePart> gathered(std::vector<TunePart> parts, int restarts) {
    const auto units = static_cast<std::uint64_t>(restarts);
    if (const auto ordered = base::put_in_order(parts, units, "restarts"); !ordered) return base::failure(ordered.error());
    TunePart all{.range = {0, units}};
    for (TunePart& part : parts) {
        all.stopped_early |= part.stopped_early;
        all.out_of_memory |= part.out_of_memory;
        std::move(part.restarts.begin(), part.restarts.end(), std::back_inserter(all.restarts));
    }
    return all;
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
                  const TuneSetup& setup) {
    const TuneOptions& options = setup.options;
    const DescentData& data = setup.data;
    auto fitted = fit_to_task(initial, task);
    if (!fitted || options.run.stop() || result.restarts.empty()) return;
    if (!fitted->steps) fitted->steps = data.steps;
    const compiler::Model& model = setup.first;
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

/// The shortest certified program on further inputs. Where it is wrong on one, every restart that ended in it is, and the
/// next one is looked at.
void choose_best(TuneResult& result, const tasks::Task& task, const base::Run& run) {
    while ((result.best = shortest_certified(result.restarts))) {
        const Restart& best = result.restarts[*result.best];
        result.certificate = certify(best.program, task, {.seed = run.seed, .threads = run.threads, .stop = run.stop});
        if (result.certificate->holds || result.certificate->stopped) return;
        const assembly::Program wrong = best.program;
        for (Restart& restart : result.restarts)
            if (restart.program == wrong) restart.certified = restart.repaired = false;
        result.certificate.reset();
    }
}

} // namespace

base::Result<TuneResult> join(const tasks::Task& task, const std::optional<assembly::Program>& initial,
                              const TuneOptions& options, std::vector<TunePart> parts) {
    const auto setup = tune_setup(task, initial, options);
    if (!setup) return base::failure(setup.error());
    auto all = gathered(std::move(parts), options.restarts);
    if (!all) return base::failure(all.error());
    TuneResult result{.restarts = std::move(all->restarts), .steps = setup->data.steps};
    result.out_of_memory = all->out_of_memory;
    choose_best(result, task, setup->options.run);
    result.recovered = count(result.restarts);
    if (!result.best && initial && options.repair) repair_start(result, task, *initial, *setup);
    result.stopped_early = all->stopped_early || setup->options.run.stop();
    return result;
}

base::Result<TuneResult> tune(const tasks::Task& task, const std::optional<assembly::Program>& initial,
                              const TuneOptions& options) {
    TuneOptions within_time = options;
    within_time.run.stop = options.run.stop.or_after(options.run.seconds);
    return tune_part(task, initial, within_time, {0, static_cast<std::uint64_t>(std::max(options.restarts, 0))})
        .and_then([&](TunePart whole) {
            std::vector<TunePart> parts;
            parts.push_back(std::move(whole));
            return join(task, initial, within_time, std::move(parts));
        });
}

} // namespace ropewalk::tuning
