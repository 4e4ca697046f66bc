// Tasks of the catalogue and of examples, certificates, tuning.
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

#include "bindings.hpp"
#include "errors.hpp"
#include "long_call.hpp"
#include "ropewalk/programs/tuning/tuning.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace ropewalk::python {

namespace {

using assembly::Program;
using tasks::Task;

tasks::Task of_examples(const std::string& lines, std::optional<int> base, std::optional<int> cells,
                        std::optional<int> registers, std::optional<int> line_count,
                        std::optional<long> steps) {
    return value_of(tasks::parse_examples(lines, "examples", {base, cells, registers, line_count, steps}));
}

tuning::Certificate certify(const Program& program, const Task& task, std::optional<long> steps,
                            std::uint64_t inputs, std::uint64_t seed, int threads) {
    Program fitted = value_of(tuning::fit_to_task(program, task));
    if (steps) fitted.steps = steps;
    LongCall call;
    auto certificate = call.run([&] {
        return tuning::certify(
            fitted, task, {.random_inputs = inputs, .seed = seed, .threads = threads, .stop = call.stop()});
    });
    if (call.interrupted()) throw Interrupted{};
    return certificate;
}

struct Tuned {
    tuning::TuneResult result;
    bool interrupted = false;

    const tuning::Restart* best() const { return result.found(); }
};

Tuned tune(const Task& task, const std::optional<Program>& initial, int pad, int restarts, int iterations,
           double gamma, int lines, long steps, bool repair, std::uint64_t seed, int threads,
           nb::object callback) {
    LongCall call(std::move(callback));
    tuning::TuneOptions options;
    options.restarts = restarts;
    options.iterations = iterations;
    options.compile.gamma = gamma;
    options.compile.lines = lines;
    options.steps = steps;
    options.repair = repair;
    options.run = {.seed = seed, .threads = threads, .progress = call.progress(), .stop = call.stop()};
    std::optional<Program> start = initial;
    if (start) start = assembly::padded_with_nops(*start, pad);
    if (start) options.compile.instruction_set = compiler::instruction_set_for(*start);
    Tuned tuned{value_of(call.run([&] { return tuning::tune(task, start, options); }))};
    tuned.interrupted = call.interrupted();
    return tuned;
}

/// Count, total, and the interval of the share.
std::tuple<int, int, double, double> plain(const base::Proportion& share) {
    return {share.count, share.total, share.low, share.high};
}

void bind_task(nb::module_& module) {
    nb::class_<Task>(module, "Task", "What a program is asked to do, on a machine of a given size.")
        .def_ro("name", &Task::name)
        .def_ro("summary", &Task::summary)
        .def_ro("base", &Task::base)
        .def_ro("cells", &Task::cells)
        .def_ro("registers", &Task::registers)
        .def_ro("lines", &Task::lines)
        .def_ro("steps", &Task::steps)
        .def_ro("domain_size", &Task::domain_size)
        .def(
            "example",
            [](const Task& self, std::uint64_t index) {
                if (index >= self.domain_size) throw nb::index_error("the domain ends before");
                const machine::Example example = self.example(index);
                return std::pair(example.memory, example.expected_memory);
            },
            "index"_a, "Memory before and after; -1 where anything goes.")
        .def("__repr__",
             [](const Task& self) { return "<ropewalk.Task " + self.name + ": " + self.summary + ">"; });
    module.def(
        "find_task", [](const std::string& name) { return value_of(tasks::find_task(name)); }, "name"_a);
    module.def("catalogue", [] { return tasks::catalogue(); });
    module.def("task_of_examples", of_examples, "lines"_a, nb::kw_only(), "base"_a.none(), "cells"_a.none(),
               "registers"_a.none(), "line_count"_a.none(), "steps"_a.none());
}

void bind_tuned(nb::module_& module) {
    nb::class_<Tuned>(module, "TuneOutcome")
        .def_prop_ro("program",
                     [](const Tuned& self) -> std::optional<Program> {
                         return self.best() == nullptr ? std::nullopt : std::optional(self.best()->program);
                     })
        .def_prop_ro("machine",
                     [](const Tuned& self) -> std::optional<compiler::Model> {
                         if (self.best() == nullptr) return std::nullopt;
                         return value_of(tuning::weights_of(*self.best()));
                     })
        .def_prop_ro("certificate",
                     [](const Tuned& self) -> std::optional<std::string> {
                         return self.result.certificate
                                    ? std::optional(tuning::to_json(*self.result.certificate))
                                    : std::nullopt;
                     })
        .def_prop_ro("repaired",
                     [](const Tuned& self) { return self.best() != nullptr && self.best()->repaired; })
        .def_prop_ro("soft", [](const Tuned& self) { return plain(self.result.recovered.soft); })
        .def_prop_ro("hard", [](const Tuned& self) { return plain(self.result.recovered.hard); })
        .def_prop_ro("certified", [](const Tuned& self) { return plain(self.result.recovered.certified); })
        .def_prop_ro("stopped_early", [](const Tuned& self) { return self.result.stopped_early; })
        .def_ro("interrupted", &Tuned::interrupted);
}

} // namespace

void bind_tasks(nb::module_& module) {
    bind_task(module);
    bind_tuned(module);
    module.def(
        "certify",
        [](const Program& program, const Task& task, std::optional<long> steps, std::uint64_t inputs,
           std::uint64_t seed,
           int threads) { return tuning::to_json(certify(program, task, steps, inputs, seed, threads)); },
        "program"_a, "task"_a, nb::kw_only(), "steps"_a.none(), "inputs"_a, "seed"_a, "threads"_a,
        "A certificate as JSON.");
    module.def(
        "read_certificate",
        [](const std::string& json) {
            return tuning::claim_of(value_of(tuning::parse_certificate(json, "certificate")));
        },
        "json"_a, "What a certificate says, in a sentence.");
    module.def("tune", tune, "task"_a, "initial"_a.none(), nb::kw_only(), "pad"_a, "restarts"_a,
               "iterations"_a, "gamma"_a, "lines"_a, "steps"_a, "repair"_a, "seed"_a, "threads"_a,
               "callback"_a.none());
}

} // namespace ropewalk::python
