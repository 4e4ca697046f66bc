#include "ropewalk/tuning/recovery.hpp"

#include <algorithm>

namespace ropewalk::tuning {

bool recovered_soft(const compiler::Model& model, std::span<const machine::Example> examples, long steps) {
    return std::all_of(examples.begin(), examples.end(), [&](const machine::Example& example) {
        return matches(run_soft(model.configuration, model.weights, example, steps), example);
    });
}

bool recovered_hard(const assembly::Program& program, std::span<const machine::Example> examples,
                    long steps) {
    machine::ExactMachine machine(program);
    return std::all_of(examples.begin(), examples.end(), [&](const machine::Example& example) {
        machine.load(example);
        machine.run(steps);
        return machine.matches(example);
    });
}

} // namespace ropewalk::tuning
