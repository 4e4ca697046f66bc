#include "ropewalk/programs/tuning/initialise.hpp"

#include <algorithm>
#include <span>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/tuning/fit.hpp"

namespace ropewalk::tuning {

namespace {

/// The weights of a line's instructions, in the order of the set.
std::span<float> instruction_weights(compiler::Model& model, int line) {
    const machine::Layout layout = layout_of(model.configuration);
    return std::span(model.weights)
        .subspan(static_cast<std::size_t>(line * layout.columns + layout.instruction.offset),
                 static_cast<std::size_t>(layout.instruction.width));
}

/// Adds to the weight of an instruction, where the machine has it.
void add_to(compiler::Model& model, int line, assembly::Opcode opcode, double bias) {
    const int place = position(model.configuration.instruction_set, opcode);
    if (place >= 0)
        instruction_weights(model, line)[static_cast<std::size_t>(place)] += static_cast<float>(bias);
}

bool is_most_probable(compiler::Model& model, int line, assembly::Opcode opcode) {
    const int place = position(model.configuration.instruction_set, opcode);
    const auto weights = instruction_weights(model, line);
    return place >= 0 &&
           weights[static_cast<std::size_t>(place)] == *std::max_element(weights.begin(), weights.end());
}

base::Result<compiler::Model> random_model(const tasks::Task& task, const TuneOptions& options) {
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
    model.weights.resize(weight_count(model.configuration), 0);
    for (int line = 0; line < model.configuration.lines; ++line)
        add_to(model, line, assembly::Opcode::nop, options.start.idle_bias);
    return model;
}

base::Result<compiler::Model> program_model(const tasks::Task& task, const assembly::Program& initial,
                                            const TuneOptions& options, base::RandomStream& random) {
    return fit_to_task(initial, task).and_then([&](const assembly::Program& fitted) {
        return compile(fitted, options.compile, random);
    });
}

} // namespace

base::Result<compiler::Model> initial_model(const tasks::Task& task,
                                            const std::optional<assembly::Program>& initial,
                                            const TuneOptions& options, Start start,
                                            base::RandomStream& random) {
    auto model = initial ? program_model(task, *initial, options, random) : random_model(task, options);
    if (!model) return model;
    for (int line = 0; line < model->configuration.lines; ++line) {
        const bool halts = initial && is_most_probable(*model, line, assembly::Opcode::halt);
        const bool jumps = initial && is_most_probable(*model, line, assembly::Opcode::jump);
        if (!halts) add_to(*model, line, assembly::Opcode::halt, options.start.stop_bias);
        if (!jumps) add_to(*model, line, assembly::Opcode::jump, options.start.stop_bias);
    }
    const double spread = !initial                ? options.start.random_spread
                          : start == Start::again ? options.start.program_spread
                                                  : 0;
    if (spread > 0)
        for (float& weight : model->weights) weight += static_cast<float>(spread * random.normal());
    return model;
}

base::Result<std::vector<compiler::Model>> initialise(const tasks::Task& task,
                                                      const std::optional<assembly::Program>& initial,
                                                      const TuneOptions& options, int first, int last) {
    std::vector<compiler::Model> models;
    for (int restart = first; restart < last; ++restart) {
        base::RandomStream noise(options.run.seed, base::Purpose::compile_noise,
                                 static_cast<std::uint64_t>(restart));
        auto model = initial_model(task, initial, options, Start::first, noise);
        if (!model) return base::failure(std::move(model.error()));
        models.push_back(std::move(*model));
    }
    return models;
}

} // namespace ropewalk::tuning
