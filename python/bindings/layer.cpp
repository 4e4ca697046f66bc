// Programs as layers of networks: distributions over memory in and out, and derivatives. The machine is given as
// numbers and words, so that compilers of networks can carry them in a graph.
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include "arrays.hpp"
#include "bindings.hpp"
#include "errors.hpp"
#include "long_call.hpp"
#include "ropewalk/programs/compiler/compiler.hpp"
#include "ropewalk/programs/machine/layer.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace ropewalk::python {

namespace {

/// Numbers one after the other, of NumPy, PyTorch or whoever speaks DLPack.
template<class Real, std::size_t dimensions>
using Packed = nb::ndarray<const Real, nb::ndim<dimensions>, nb::c_contig, nb::device::cpu>;
template<class Real>
using Answer = nb::ndarray<nb::numpy, Real>;

template<class Array>
auto span_of(const Array& array) {
    return std::span(array.data(), array.size());
}

/// What says which machine runs: base, cells, registers and lines; initial registers; instructions; switches.
using PlainConfiguration = std::tuple<std::vector<int>, std::vector<int>, std::string, std::string>;

PlainConfiguration plain_configuration(const compiler::Model& model) {
    const machine::Configuration& c = model.configuration;
    return {{c.base, c.cells, c.registers, c.lines},
            c.initial_registers,
            to_string(c.instruction_set),
            to_string(c.switches)};
}

machine::LayerRequest request_of(const PlainConfiguration& plain, long steps, int threads) {
    const auto& [sizes, initial_registers, instructions, switches] = plain;
    if (sizes.size() != 4)
        fail("configuration", std::to_string(sizes.size()) + " sizes", "base, cells, registers and lines");
    const machine::Configuration configuration{
        .base = sizes[0],
        .cells = sizes[1],
        .registers = sizes[2],
        .lines = sizes[3],
        .instruction_set = value_of(assembly::parse_instruction_set(instructions)),
        .switches = value_of(machine::parse_switches(switches, {})),
        .initial_registers = initial_registers};
    return {.configuration = value_of(machine::validated(configuration)), .steps = steps, .threads = threads};
}

template<class Weights, class Memory>
void check_shapes(const machine::Configuration& sizes, const Weights& weights, const Memory& memory) {
    if (weights.size() != machine::weight_count(sizes))
        fail("weights", std::to_string(weights.size()) + " of them",
             std::to_string(machine::weight_count(sizes)));
    if (memory.shape(1) != static_cast<std::size_t>(sizes.cells) ||
        memory.shape(2) != static_cast<std::size_t>(sizes.base))
        fail("memory",
             "shape [.., " + std::to_string(memory.shape(1)) + ", " + std::to_string(memory.shape(2)) + "]",
             "[.., " + std::to_string(sizes.cells) + ", " + std::to_string(sizes.base) + "]");
}

template<class Real>
Answer<Real> run(const PlainConfiguration& configuration, const Packed<Real, 2>& weights,
                 const Packed<Real, 3>& memory, long steps, int threads) {
    const machine::LayerRequest request = request_of(configuration, steps, threads);
    check_shapes(request.configuration, weights, memory);
    std::vector<Real> result(memory.size());
    {
        const nb::gil_scoped_release without_lock;
        machine::run_layer<Real>(request, span_of(weights), span_of(memory), result);
    }
    return array_of(std::move(result), {memory.shape(0), memory.shape(1), memory.shape(2)});
}

/// Derivatives by the weights, where they are wanted, and by the memory.
template<class Real>
std::pair<std::optional<Answer<Real>>, Answer<Real>>
run_adjoint(const PlainConfiguration& configuration, const Packed<Real, 2>& weights,
            const Packed<Real, 3>& memory, const Packed<Real, 3>& result_adjoint, long steps, int threads,
            bool by_weights) {
    const machine::LayerRequest request = request_of(configuration, steps, threads);
    check_shapes(request.configuration, weights, memory);
    check_shapes(request.configuration, weights, result_adjoint);
    if (result_adjoint.shape(0) != memory.shape(0))
        fail("result_adjoint", "another number of examples", "that of memory");
    std::vector<Real> weight_adjoint(by_weights ? weights.size() : 0), memory_adjoint(memory.size());
    {
        const nb::gil_scoped_release without_lock;
        machine::run_layer_adjoint<Real>(request, span_of(weights), span_of(memory), span_of(result_adjoint),
                                         weight_adjoint, memory_adjoint);
    }
    std::optional<Answer<Real>> of_weights;
    if (by_weights) of_weights = array_of(std::move(weight_adjoint), {weights.shape(0), weights.shape(1)});
    return {of_weights, array_of(std::move(memory_adjoint), {memory.shape(0), memory.shape(1), memory.shape(2)})};
}

template<class Real>
void bind_precision(nb::module_& module, const std::string& type) {
    module.def(("run_layer_" + type).c_str(), run<Real>, "configuration"_a, "weights"_a.noconvert(),
               "memory"_a.noconvert(), "steps"_a, "threads"_a);
    module.def(("run_layer_adjoint_" + type).c_str(), run_adjoint<Real>, "configuration"_a,
               "weights"_a.noconvert(), "memory"_a.noconvert(), "result_adjoint"_a.noconvert(), "steps"_a,
               "threads"_a, "by_weights"_a);
}

} // namespace

void bind_layer(nb::module_& module) {
    bind_precision<float>(module, "float32");
    bind_precision<double>(module, "float64");
    module.def("plain_configuration", plain_configuration, "machine"_a,
               "Base, cells, registers and lines; initial registers; instructions; switches.");
    module.def(
        "with_weights",
        [](const compiler::Model& model, const Packed<float, 2>& weights) {
            if (weights.size() != model.weights.size())
                fail("weights", std::to_string(weights.size()) + " of them",
                     std::to_string(model.weights.size()));
            compiler::Model other = model;
            other.weights.assign(weights.data(), weights.data() + weights.size());
            return other;
        },
        "machine"_a, "weights"_a.noconvert(), "The machine with other weights.");
}

} // namespace ropewalk::python
