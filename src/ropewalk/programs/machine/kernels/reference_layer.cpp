#include "ropewalk/programs/machine/kernels/reference_layer.hpp"

#include <algorithm>
#include <functional>
#include <vector>

#include "ropewalk/programs/machine/kernels/reference.hpp"

namespace ropewalk::machine::reference {

namespace {

std::size_t memory_size(const Configuration& c) {
    return static_cast<std::size_t>(c.cells) * static_cast<std::size_t>(c.base);
}

template<class Real>
Tape<Real> taped(const Machine<Real>& machine, std::span<const Real> weights,
                 std::span<const Real> memory, long steps) {
    const Configuration& c = machine.configuration();
    const Example zeros{.memory = std::vector<int>(static_cast<std::size_t>(c.cells)),
                        .registers = {},
                        .expected_memory = {},
                        .expected_registers = {}};
    Tape<Real> tape;
    tape.states.push_back(machine.initial_state(zeros));
    tape.states.back().memory.assign(memory.begin(), memory.end());
    for (long t = 0; t < steps; ++t) {
        auto next = machine.step(weights, tape.states.back(), tape.steps.emplace_back());
        tape.states.push_back(std::move(next));
    }
    return tape;
}

/// Derivatives by the states, all zero but for the last one's memory.
template<class Real>
StateAdjoints<Real> adjoints_of(const Tape<Real>& tape, std::span<const Real> result_adjoint) {
    State<Real> zero = tape.states.front();
    for (auto* part : {&zero.line, &zero.memory, &zero.registers})
        std::fill(part->begin(), part->end(), Real{0});
    zero.halted = 0;
    StateAdjoints<Real> adjoints(tape.states.size(), zero);
    adjoints.back().memory.assign(result_adjoint.begin(), result_adjoint.end());
    return adjoints;
}

} // namespace

template<class Real>
void run_layer(const LayerRequest& request, std::span<const Real> weights, std::span<const Real> memory,
               std::span<Real> result) {
    const Machine<Real> machine(request.configuration);
    const std::size_t size = memory_size(request.configuration);
    base::expects(weights.size() == weight_count(request.configuration) && memory.size() % size == 0 &&
                  result.size() == memory.size());
    base::parallel_for(memory.size() / size, request.threads, [&](std::size_t example) {
        State<Real> state = taped(machine, weights, memory.subspan(example * size, size), 0).states.front();
        for (long t = 0; t < request.steps; ++t) {
            Step<Real> record;
            state = machine.step(weights, state, record);
        }
        std::copy(state.memory.begin(), state.memory.end(),
                  result.begin() + static_cast<std::ptrdiff_t>(example * size));
    });
}

template<class Real>
void run_layer_adjoint(const LayerRequest& request, std::span<const Real> weights,
                       std::span<const Real> memory, std::span<const Real> result_adjoint,
                       std::span<Real> weight_adjoint, std::span<Real> memory_adjoint) {
    const Machine<Real> machine(request.configuration);
    const std::size_t size = memory_size(request.configuration), examples = memory.size() / size;
    base::expects(weights.size() == weight_count(request.configuration) &&
                  (weight_adjoint.empty() || weight_adjoint.size() == weights.size()) && result_adjoint.size() == memory.size() &&
                  memory_adjoint.size() == memory.size());
    // Blocks of examples have a gradient each, so that sums have one order whatever the threads.
    constexpr std::size_t block = 16;
    const std::size_t blocks = (examples + block - 1) / block;
    std::vector<std::vector<Real>> gradients(blocks, std::vector<Real>(weights.size(), Real{0}));
    base::parallel_for(blocks, request.threads, [&](std::size_t b) {
        for (std::size_t example = b * block; example < std::min(examples, (b + 1) * block); ++example) {
            const auto tape = taped(machine, weights, memory.subspan(example * size, size), request.steps);
            auto adjoints = adjoints_of(tape, result_adjoint.subspan(example * size, size));
            machine.backward(weights, tape, adjoints, gradients[b]);
            const auto& first = adjoints.front().memory;
            std::copy(first.begin(), first.end(),
                      memory_adjoint.begin() + static_cast<std::ptrdiff_t>(example * size));
        }
    });
    std::fill(weight_adjoint.begin(), weight_adjoint.end(), Real{0});
    if (weight_adjoint.empty()) return;
    for (const auto& gradient : gradients)
        std::transform(gradient.begin(), gradient.end(), weight_adjoint.begin(), weight_adjoint.begin(),
                       std::plus<>());
}

template void run_layer(const LayerRequest&, std::span<const float>, std::span<const float>,
                        std::span<float>);
template void run_layer(const LayerRequest&, std::span<const double>, std::span<const double>,
                        std::span<double>);
template void run_layer_adjoint(const LayerRequest&, std::span<const float>, std::span<const float>,
                                std::span<const float>, std::span<float>, std::span<float>);
template void run_layer_adjoint(const LayerRequest&, std::span<const double>, std::span<const double>,
                                std::span<const double>, std::span<double>, std::span<double>);

} // namespace ropewalk::machine::reference
