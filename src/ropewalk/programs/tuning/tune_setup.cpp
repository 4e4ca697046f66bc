#include "ropewalk/programs/tuning/tune_setup.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/tuning/initialise.hpp"

namespace ropewalk::tuning {

namespace {

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

} // namespace

base::Result<TuneSetup> tune_setup(const tasks::Task& task, const std::optional<assembly::Program>& initial,
                                   const TuneOptions& given) {
    auto options = checked(given);
    if (!options) return base::failure(options.error());
    auto first = initialise(task, initial, *options, 0, 1);
    if (!first) return base::failure(first.error());
    base::RandomStream random(options->run.seed, base::Purpose::training_examples);
    DescentData data{.check_examples = draw_examples(task, options->check_examples, random),
                     .steps = options->steps > 0 ? options->steps : first->front().steps.value_or(task.steps),
                     .sets_registers = task.sets_registers};
    return TuneSetup{std::move(*options), std::move(first->front()), std::move(data)};
}

} // namespace ropewalk::tuning
