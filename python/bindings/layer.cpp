// Programs as layers of networks: distributions over memory in and out, and derivatives.
#include <string>
#include <utility>
#include <vector>

#include <nanobind/stl/pair.h>

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

machine::LayerRequest request_of(const compiler::Model& model, long steps, int threads) {
    return {.configuration = model.configuration, .steps = steps, .threads = threads};
}

template<class Weights, class Memory>
void check_shapes(const compiler::Model& model, const Weights& weights, const Memory& memory) {
    const auto& sizes = model.configuration;
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
Answer<Real> run(const compiler::Model& model, const Packed<Real, 2>& weights, const Packed<Real, 3>& memory,
                 long steps, int threads) {
    check_shapes(model, weights, memory);
    std::vector<Real> result(memory.size());
    {
        const nb::gil_scoped_release without_lock;
        machine::run_layer<Real>(request_of(model, steps, threads), span_of(weights), span_of(memory),
                                 result);
    }
    return array_of(std::move(result), {memory.shape(0), memory.shape(1), memory.shape(2)});
}

template<class Real>
std::pair<Answer<Real>, Answer<Real>>
run_adjoint(const compiler::Model& model, const Packed<Real, 2>& weights, const Packed<Real, 3>& memory,
            const Packed<Real, 3>& result_adjoint, long steps, int threads) {
    check_shapes(model, weights, memory);
    check_shapes(model, weights, result_adjoint);
    if (result_adjoint.shape(0) != memory.shape(0))
        fail("result_adjoint", "another number of examples", "that of memory");
    std::vector<Real> by_weights(weights.size()), by_memory(memory.size());
    {
        const nb::gil_scoped_release without_lock;
        machine::run_layer_adjoint<Real>(request_of(model, steps, threads), span_of(weights), span_of(memory),
                                         span_of(result_adjoint), by_weights, by_memory);
    }
    return {array_of(std::move(by_weights), {weights.shape(0), weights.shape(1)}),
            array_of(std::move(by_memory), {memory.shape(0), memory.shape(1), memory.shape(2)})};
}

template<class Real>
void bind_precision(nb::module_& module, const std::string& type) {
    module.def(("run_layer_" + type).c_str(), run<Real>, "machine"_a, "weights"_a.noconvert(),
               "memory"_a.noconvert(), "steps"_a, "threads"_a);
    module.def(("run_layer_adjoint_" + type).c_str(), run_adjoint<Real>, "machine"_a, "weights"_a.noconvert(),
               "memory"_a.noconvert(), "result_adjoint"_a.noconvert(), "steps"_a, "threads"_a);
}

} // namespace

void bind_layer(nb::module_& module) {
    bind_precision<float>(module, "float32");
    bind_precision<double>(module, "float64");
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
