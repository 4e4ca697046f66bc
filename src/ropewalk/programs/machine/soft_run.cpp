#include "ropewalk/programs/machine/soft_run.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ropewalk/programs/machine/kernels/reference.hpp"

namespace ropewalk::machine {

namespace {

/// Largest distance of a row's sum from 1.
double mass_error(const std::vector<double>& rows, int width) {
    double error = 0;
    for (std::size_t start = 0; start < rows.size(); start += static_cast<std::size_t>(width)) {
        const auto first = rows.begin() + static_cast<std::ptrdiff_t>(start);
        error = std::max(error, std::abs(1 - std::accumulate(first, first + width, 0.0)));
    }
    return error;
}

} // namespace

bool agrees(const std::vector<int>& found, const std::vector<int>& expected) {
    for (std::size_t i = 0; i < expected.size(); ++i)
        if (expected[i] != not_scored && found[i] != expected[i]) return false;
    return true;
}

std::vector<int> most_probable(const std::vector<double>& rows, int width) {
    std::vector<int> values;
    for (auto row = rows.begin(); row != rows.end(); row += width)
        values.push_back(static_cast<int>(std::max_element(row, row + width) - row));
    return values;
}

double least_probability(const std::vector<double>& rows, int width, const std::vector<int>& values) {
    double least = 1;
    for (std::size_t i = 0; i < values.size(); ++i)
        least =
            std::min(least, rows[i * static_cast<std::size_t>(width) + static_cast<std::size_t>(values[i])]);
    return least;
}

SoftOutcome run_soft(const Configuration& configuration, std::span<const float> weights,
                     const Example& example, long steps) {
    const reference::Machine<double> machine(configuration);
    const std::vector<double> precise(weights.begin(), weights.end());
    reference::State<double> state = machine.initial_state(example);
    reference::Step<double> record;
    SoftOutcome outcome;
    outcome.line_visits.assign(static_cast<std::size_t>(configuration.lines), 0);
    for (long t = 0; t < steps; ++t) {
        for (std::size_t l = 0; l < state.line.size(); ++l)
            outcome.line_visits[l] += state.line[l] * (1 - state.halted);
        state = machine.step(precise, state, record);
        outcome.mass_error = std::max({outcome.mass_error, mass_error(state.memory, configuration.base),
                                       mass_error(state.registers, configuration.base),
                                       mass_error(state.line, configuration.lines)});
    }
    outcome.memory = most_probable(state.memory, configuration.base);
    outcome.registers = most_probable(state.registers, configuration.base);
    outcome.confidence = std::min(least_probability(state.memory, configuration.base, outcome.memory),
                                  least_probability(state.registers, configuration.base, outcome.registers));
    outcome.halted = state.halted;
    return outcome;
}

SoftState soft_state(const Configuration& configuration, std::span<const float> weights,
                     std::span<const double> memory, long steps) {
    const reference::Machine<double> machine(configuration);
    const std::vector<double> precise(weights.begin(), weights.end());
    reference::State<double> state =
        machine.initial_state({.memory = {}, .registers = {}, .expected_memory = {}, .expected_registers = {}});
    state.memory.assign(memory.begin(), memory.end());
    reference::Step<double> record;
    for (long t = 0; t < steps; ++t) state = machine.step(precise, state, record);
    return {std::move(state.line), std::move(state.memory), std::move(state.registers), state.halted};
}

bool matches(const SoftOutcome& outcome, const Example& example) {
    return agrees(outcome.memory, example.expected_memory) &&
           agrees(outcome.registers, example.expected_registers);
}

} // namespace ropewalk::machine
