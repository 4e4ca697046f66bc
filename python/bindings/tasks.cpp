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

/// What is tuned, from where and how, but for the threads and the time.
struct TuneProblem {
    Task task;
    std::optional<Program> initial;
    tuning::TuneOptions options;

    tuning::TuneOptions in(LongCall& call, int threads, double seconds) const {
        tuning::TuneOptions here = options;
        here.run.threads = threads;
        here.run.seconds = seconds;
        here.run.progress = call.progress();
        here.run.stop = call.stop();
        return here;
    }
};

TuneProblem tune_problem(const Task& task, const std::optional<Program>& initial, int pad, int restarts,
                         int iterations, double gamma, int lines, long steps, bool repair, std::uint64_t seed) {
    TuneProblem problem{.task = task, .initial = initial, .options = {}};
    problem.options.restarts = restarts;
    problem.options.iterations = iterations;
    problem.options.compile.gamma = gamma;
    problem.options.compile.lines = lines;
    problem.options.steps = steps;
    problem.options.repair = repair;
    problem.options.run.seed = seed;
    if (!initial) return problem;
    problem.initial = assembly::padded_with_nops(*initial, pad);
    problem.options.compile.instruction_set = compiler::instruction_set_for(*problem.initial);
    return problem;
}

Tuned tune(const TuneProblem& problem, int threads, double seconds, nb::object callback) {
    LongCall call(std::move(callback));
    const tuning::TuneOptions options = problem.in(call, threads, seconds);
    Tuned tuned{value_of(call.run([&] { return tuning::tune(problem.task, problem.initial, options); }))};
    tuned.interrupted = call.interrupted();
    return tuned;
}

std::string tune_part(const TuneProblem& problem, std::uint64_t begin, std::uint64_t end, int threads, double seconds) {
    LongCall call;
    const tuning::TuneOptions options = problem.in(call, threads, seconds);
    if (begin > end || end > static_cast<std::uint64_t>(options.restarts))
        fail("restarts", std::to_string(begin) + " to " + std::to_string(end), "restarts of the run");
    const auto part = value_of(
        call.run([&] { return tuning::tune_part(problem.task, problem.initial, options, {begin, end}); }));
    if (call.interrupted()) throw Interrupted{};
    return tuning::to_json(part);
}

/// Restarts whose part is missing count as those that never began.
Tuned tune_join(const TuneProblem& problem,
                const std::vector<std::tuple<std::uint64_t, std::uint64_t, std::optional<std::string>>>& texts, int threads) {
    LongCall call;
    const tuning::TuneOptions options = problem.in(call, threads, 0);
    Tuned tuned{value_of(call.run([&]() -> base::Result<tuning::TuneResult> {
        std::vector<tuning::TunePart> parts;
        for (const auto& [begin, end, text] : texts) {
            if (!text) {
                parts.push_back({.range = {begin, end}, .restarts = {}, .stopped_early = true});
                continue;
            }
            auto part = tuning::parse_tune_part(*text, "a worker's answer");
            if (!part) return base::failure(part.error());
            parts.push_back(std::move(*part));
        }
        return tuning::join(problem.task, problem.initial, options, std::move(parts));
    }))};
    tuned.interrupted = call.interrupted();
    return tuned;
}

std::string certify_part(const Program& fitted, const Task& task, std::uint64_t inputs, std::uint64_t seed,
                         std::uint64_t begin, std::uint64_t end, int threads) {
    LongCall call;
    const tuning::CertifyOptions options{.random_inputs = inputs, .seed = seed, .threads = threads, .stop = call.stop()};
    if (begin > end || end > tuning::input_count(task, options))
        fail("inputs", std::to_string(begin) + " to " + std::to_string(end), "inputs of the check");
    const auto part = call.run([&] { return tuning::certify_part(fitted, task, options, {begin, end}); });
    if (part.stopped) throw Interrupted{};
    return tuning::to_json(part);
}

std::string certify_join(const Program& fitted, const Task& task, std::uint64_t inputs, std::uint64_t seed,
                         const std::vector<std::string>& texts) {
    std::vector<tuning::CertifyPart> parts;
    for (const std::string& text : texts) parts.push_back(value_of(tuning::parse_certify_part(text, "a worker's answer")));
    return tuning::to_json(value_of(
        tuning::join(fitted, task, {.random_inputs = inputs, .seed = seed, .threads = 1, .stop = {}}, std::move(parts))));
}

/// Count, total, and the interval of the share.
std::tuple<int, int, double, double> plain(const base::Proportion& share) {
    return {share.count, share.total, share.low, share.high};
}

void bind_task(nb::module_& module) {
    nb::class_<Task>(module, "Task", nb::dynamic_attr(),
                     "What a program is asked to do, on a machine of a given size.")
        .def_ro("from_examples", &Task::from_examples)
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

void bind_tuning(nb::module_& module) {
    nb::class_<TuneProblem>(module, "TuneProblem", "What is tuned, from where and how.")
        .def(
            "__init__",
            [](TuneProblem* self, const Task& task, const std::optional<Program>& initial, int pad, int restarts,
               int iterations, double gamma, int lines, long steps, bool repair, std::uint64_t seed) {
                new (self) TuneProblem(
                    tune_problem(task, initial, pad, restarts, iterations, gamma, lines, steps, repair, seed));
            },
            "task"_a, "initial"_a.none(), nb::kw_only(), "pad"_a, "restarts"_a, "iterations"_a, "gamma"_a, "lines"_a,
            "steps"_a, "repair"_a, "seed"_a)
        .def("tune", tune, nb::kw_only(), "threads"_a, "seconds"_a, "callback"_a.none())
        .def("part", tune_part, "begin"_a, "end"_a, nb::kw_only(), "threads"_a, "seconds"_a, "Some restarts, as JSON.")
        .def("join", tune_join, "parts"_a, nb::kw_only(), "threads"_a,
             "What the parts come to: begin and end of each, and its JSON or None.");
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
    bind_tuning(module);
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
    module.def(
        "fitted",
        [](const Program& program, const Task& task, std::optional<long> steps) {
            Program fitted = value_of(tuning::fit_to_task(program, task));
            if (steps) fitted.steps = steps;
            return fitted;
        },
        "program"_a, "task"_a, "steps"_a.none(), "The program as the task's machine runs it.");
    module.def(
        "input_count",
        [](const Task& task, std::uint64_t inputs) { return tuning::input_count(task, {.random_inputs = inputs}); },
        "task"_a, "inputs"_a, "Inputs of a certificate.");
    module.def("certify_part", certify_part, "fitted"_a, "task"_a, nb::kw_only(), "inputs"_a, "seed"_a, "begin"_a, "end"_a,
               "threads"_a, "Some of a certificate's inputs, as JSON.");
    module.def("certify_join", certify_join, "fitted"_a, "task"_a, nb::kw_only(), "inputs"_a, "seed"_a, "parts"_a,
               "The certificate that all parts come to, as JSON.");
}

} // namespace ropewalk::python
