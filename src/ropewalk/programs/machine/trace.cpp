#include "ropewalk/programs/machine/trace.hpp"

#include <algorithm>

#include "ropewalk/programs/machine/kernels/reference.hpp"
#include "ropewalk/programs/machine/soft_run.hpp"

namespace ropewalk::machine {

namespace {

double agreement(const ExactState& exact, const SoftState& soft, int base) {
    double least = std::min(least_probability(soft.memory, base, exact.memory),
                            least_probability(soft.registers, base, exact.registers));
    if (!exact.halted) least = std::min(least, soft.line[static_cast<std::size_t>(exact.line)]);
    return least;
}

/// States before each of at most `steps` steps, and the last one.
std::vector<ExactState> exact_states(const assembly::Program& program, const Example& example, long steps) {
    std::vector<ExactState> states;
    const ExactState last = run_exact(program, example.memory, example.registers, steps,
                                      [&](const ExactState& state) { states.push_back(state); });
    states.push_back(last);
    return states;
}

} // namespace

Trace trace(const assembly::Program& program, const Configuration& configuration,
            std::span<const float> weights, const Example& example, long steps) {
    constexpr double surely = 0.999;
    const std::vector<ExactState> exact = exact_states(program, example, steps);
    const reference::Machine<double> machine(configuration);
    const std::vector<double> precise(weights.begin(), weights.end());
    reference::State<double> state = machine.initial_state(example);
    reference::Step<double> record;
    Trace trace;
    for (long t = 0; t <= steps; ++t) {
        TraceStep step{exact[std::min(static_cast<std::size_t>(t), exact.size() - 1)],
                       {state.line, state.memory, state.registers, state.halted}};
        step.agreement = agreement(step.exact, step.soft, configuration.base);
        if (!trace.parts && step.agreement < 0.5) trace.parts = trace.steps.size();
        const bool over = step.exact.halted && step.soft.halted > surely;
        trace.steps.push_back(std::move(step));
        if (over || t == steps) break;
        state = machine.step(precise, state, record);
    }
    return trace;
}

} // namespace ropewalk::machine
