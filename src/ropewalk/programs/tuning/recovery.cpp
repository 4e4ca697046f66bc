#include "ropewalk/programs/tuning/recovery.hpp"

#include <algorithm>

namespace ropewalk::tuning {

bool recovered_soft(const compiler::Model& model, std::span<const machine::Example> examples, long steps) {
    const machine::EvaluationRequest request{
        .configuration = model.configuration, .loss = machine::mistakes(), .steps = steps};
    float share_wrong = 1;
    machine::evaluate(request, std::span<const float>(model.weights), examples, {&share_wrong, 1}, {});
    return share_wrong == 0;
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
