#include "ropewalk/tuning/initialise.hpp"

#include <cmath>

#include "ropewalk/tuning/fit.hpp"

namespace ropewalk::tuning {

namespace {

base::Result<compiler::Model> random_model(const tasks::Task& task, const TuneOptions& options,
                                           base::RandomStream& random) {
    machine::Configuration configuration{.base = task.base,
                                         .cells = task.cells,
                                         .registers = task.registers,
                                         .lines =
                                             options.compile.lines > 0 ? options.compile.lines : task.lines,
                                         .instruction_set = options.compile.instruction_set,
                                         .switches = options.compile.switches,
                                         .initial_registers = {}};
    auto checked = validated(configuration);
    if (!checked) return base::failure(std::move(checked.error()));
    compiler::Model model{
        .configuration = *checked, .weights = {}, .program_registers = task.registers, .steps = task.steps};
    model.weights.resize(weight_count(model.configuration));
    for (float& weight : model.weights)
        weight = static_cast<float>(std::log(random.uniform() + options.compile.epsilon));
    return model;
}

} // namespace

base::Result<compiler::Model> initial_model(const tasks::Task& task,
                                            const std::optional<assembly::Program>& initial,
                                            const TuneOptions& options, base::RandomStream& random) {
    if (!initial) return random_model(task, options, random);
    return fit_to_task(*initial, task).and_then([&](const assembly::Program& fitted) {
        return compile(fitted, options.compile, random);
    });
}

base::Result<std::vector<compiler::Model>> initialise(const tasks::Task& task,
                                                      const std::optional<assembly::Program>& initial,
                                                      const TuneOptions& options) {
    std::vector<compiler::Model> models;
    for (int restart = 0; restart < options.restarts; ++restart) {
        base::RandomStream noise(options.seed, base::Purpose::compile_noise,
                                 static_cast<std::uint64_t>(restart));
        auto model = initial_model(task, initial, options, noise);
        if (!model) return base::failure(std::move(model.error()));
        models.push_back(std::move(*model));
    }
    return models;
}

} // namespace ropewalk::tuning
