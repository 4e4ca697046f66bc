// Assembly programs and differentiable machines as values.
#include <optional>
#include <string>
#include <vector>

#include <nanobind/operators.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "arrays.hpp"
#include "bindings.hpp"
#include "errors.hpp"
#include "long_call.hpp"
#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/compiler/compiler.hpp"
#include "ropewalk/programs/exports/exports.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace ropewalk::python {

namespace {

using assembly::Program;
using compiler::Model;

/// Where neither the call nor the program says how many.
constexpr long default_steps = 1000;

/// Numbers of an input, made as long as the machine's list by zeros.
std::vector<int> filled(std::vector<int> values, const std::string& name, int base, int length) {
    if (values.size() > static_cast<std::size_t>(length))
        fail(name, std::to_string(values.size()) + " values", "at most " + std::to_string(length));
    for (const int value : values)
        if (value < 0 || value >= base)
            fail(name, "the value " + std::to_string(value), "0 to " + std::to_string(base - 1));
    values.resize(static_cast<std::size_t>(length), 0);
    return values;
}

machine::Example input_of(const std::vector<int>& memory, const std::optional<std::vector<int>>& registers,
                          int base, int cells, int register_count) {
    machine::Example example{.memory = filled(memory, "memory", base, cells),
                             .registers = {},
                             .expected_memory = {},
                             .expected_registers = {}};
    if (registers) example.registers = filled(*registers, "registers", base, register_count);
    return example;
}

long steps_of(std::optional<long> asked, std::optional<long> own) {
    const long steps = asked.value_or(own.value_or(default_steps));
    if (steps < 0 || steps > assembly::largest_step_count)
        fail("steps", std::to_string(steps), "0 to " + std::to_string(assembly::largest_step_count));
    return steps;
}

Program parsed(const std::string& text, std::optional<int> base, std::optional<int> cells,
               std::optional<int> registers, const std::string& file) {
    return value_of(assembly::parse(text, file, {base, cells, registers}));
}

/// In parts, between which a signal is heard: a run of 10^9 steps takes seconds.
machine::ExactState run_exactly(const Program& program, const std::vector<int>& memory,
                                const std::optional<std::vector<int>>& registers, std::optional<long> steps) {
    const auto input = input_of(memory, registers, program.base, program.cells, program.registers);
    const long most = steps_of(steps, program.steps);
    constexpr long at_once = 1'000'000;
    if (most <= at_once) return machine::run_exact(program, input.memory, input.registers, most);
    LongCall call;
    return call.run([&] {
        const auto tracer = [stop = call.stop()](const machine::ExactState& state) {
            if (state.steps % at_once == 0 && stop.requested()) throw Interrupted{};
        };
        return machine::run_exact(program, input.memory, input.registers, most, tracer);
    });
}

std::vector<machine::ExactState> traced(const Program& program, const std::vector<int>& memory,
                                        const std::optional<std::vector<int>>& registers,
                                        std::optional<long> steps) {
    const auto input = input_of(memory, registers, program.base, program.cells, program.registers);
    const long most = steps_of(steps, program.steps);
    constexpr long longest = 1'000'000;
    if (most > longest) fail("steps", std::to_string(most), "at most 1000000 steps of a trace");
    std::vector<machine::ExactState> states;
    states.push_back(machine::run_exact(program, input.memory, input.registers, most,
                                        [&](const machine::ExactState& state) { states.push_back(state); }));
    return states;
}

Model compiled(const Program& program, double gamma, int lines,
               const std::optional<std::string>& instruction_set, const std::string& profile,
               std::uint64_t seed) {
    base::RandomStream noise(seed, base::Purpose::compile_noise);
    const compiler::CompileOptions options{
        .gamma = gamma,
        .lines = lines,
        .instruction_set = instruction_set ? value_of(assembly::parse_instruction_set(*instruction_set))
                                           : compiler::instruction_set_for(program),
        .switches = value_of(machine::find_profile(profile))};
    return value_of(compiler::compile(program, options, noise));
}

machine::SoftOutcome run_softly(const Model& model, const std::vector<int>& memory,
                                const std::optional<std::vector<int>>& registers, std::optional<long> steps) {
    const machine::Configuration& sizes = model.configuration;
    const auto input = input_of(memory, registers, sizes.base, sizes.cells, sizes.registers);
    const long most = steps_of(steps, model.steps);
    LongCall call;
    return call.run([&] { return machine::run_soft(sizes, model.weights, input, most); });
}

nb::ndarray<nb::numpy, float> weights_of(const Model& model) {
    const auto lines = static_cast<std::size_t>(model.configuration.lines);
    return array_of(model.weights, {lines, model.weights.size() / lines});
}

nb::bytes bytes_of(const Model& model) {
    const std::string bytes = compiler::to_safetensors(model);
    return nb::bytes(bytes.data(), bytes.size());
}

Model model_of(const nb::bytes& bytes, const std::string& file) {
    return value_of(compiler::from_safetensors({static_cast<const char*>(bytes.data()), bytes.size()}, file));
}

std::vector<std::string> lines_of(const Program& program) {
    std::vector<std::string> lines;
    for (const assembly::Instruction& each : program.instructions) lines.push_back(to_string(each, program));
    return lines;
}

void bind_program(nb::module_& module) {
    nb::class_<Program>(
        module, "Program",
        "An assembly program with the machine that it is written for: numbers are 0..base-1, memory has "
        "`cells` cells. A value: it never changes.")
        .def_static(
            "parse", parsed, "text"_a, nb::kw_only(), "base"_a.none() = nb::none(),
            "cells"_a.none() = nb::none(), "registers"_a.none() = nb::none(), "file"_a = "<text>",
            "The program that the text says; base, cells and registers take precedence over its directives. "
            "Raises InputError with every mistake and its place.")
        .def_static(
            "load", [](const std::string& path) { return value_of(assembly::parse_file(path)); }, "path"_a,
            "The program of a file.")
        .def_ro("base", &Program::base)
        .def_ro("cells", &Program::cells)
        .def_ro("registers", &Program::registers)
        .def_ro("steps", &Program::steps, "Steps that it is meant to run for; None: until it halts.")
        .def_ro("initial_registers", &Program::initial_registers)
        .def_prop_ro("lines", lines_of, "Its instructions as text.")
        .def("__len__", &Program::lines)
        .def("__str__", [](const Program& self) { return to_string(self); })
        .def("__repr__",
             [](const Program& self) {
                 return "<ropewalk.Program of " + std::to_string(self.lines()) + " lines, base " +
                        std::to_string(self.base) + ", " + std::to_string(self.cells) + " cells>";
             })
        .def(nb::self == nb::self, nb::sig("def __eq__(self, arg: object, /) -> bool"))
        .def("__hash__", [](const Program& self) { return std::hash<std::string>{}(to_string(self)); })
        .def("__getstate__", [](const Program& self) { return to_string(self); })
        .def("__setstate__",
             [](Program& self, const std::string& text) {
                 new (&self) Program(parsed(text, {}, {}, {}, "pickle"));
             })
        .def(
            "__call__",
            [](const Program& self, const std::vector<int>& memory) {
                return run_exactly(self, memory, {}, {}).memory;
            },
            "memory"_a, "Memory after the program; shorter lists are filled with 0.")
        .def("run", run_exactly, "memory"_a = std::vector<int>{}, "registers"_a.none() = nb::none(),
             nb::kw_only(), "steps"_a.none() = nb::none(),
             "State after at most `steps` steps: by default the program's own, else 1000.")
        .def("trace", traced, "memory"_a = std::vector<int>{}, "registers"_a.none() = nb::none(),
             nb::kw_only(), "steps"_a.none() = nb::none(), "The state before each step, and the final one.")
        .def("compile", compiled, nb::kw_only(), "gamma"_a = 0.0, "lines"_a = 0,
             "instruction_set"_a.none() = nb::none(), "profile"_a = "default", "random_state"_a = 0,
             "The program as weights of a differentiable machine, with uniform noise of magnitude `gamma`.");
    nb::class_<machine::ExactState>(module, "State", "Where a run stands.")
        .def_ro("memory", &machine::ExactState::memory)
        .def_ro("registers", &machine::ExactState::registers)
        .def_ro("line", &machine::ExactState::line, "The next line, from 0.")
        .def_ro("steps", &machine::ExactState::steps)
        .def_ro("halted", &machine::ExactState::halted);
}

void bind_machine(nb::module_& module) {
    nb::class_<machine::SoftOutcome>(module, "SoftOutcome", "The end of a soft run, read out.")
        .def_ro("memory", &machine::SoftOutcome::memory)
        .def_ro("registers", &machine::SoftOutcome::registers)
        .def_ro("confidence", &machine::SoftOutcome::confidence)
        .def_ro("halted", &machine::SoftOutcome::halted, "Probability of having halted.")
        .def_ro("line_visits", &machine::SoftOutcome::line_visits);
    nb::class_<compiler::Decompiled>(module, "Decompiled", "The most probable program of weights.")
        .def_ro("program", &compiler::Decompiled::program, "Without lines that no run reaches.")
        .def_ro("complete", &compiler::Decompiled::complete, "Every line of the machine.")
        .def_prop_ro(
            "confidence",
            [](const compiler::Decompiled& self) {
                std::vector<double> each;
                for (const auto& line : self.lines) each.push_back(line.confidence);
                return each;
            },
            "Of every line of `complete`: the smallest probability among its choices.")
        .def("__str__", [](const compiler::Decompiled& self) { return compiler::annotated(self); });
    nb::class_<Model>(module, "Machine",
                      "A differentiable machine: weights [lines, columns] and what they are for. A value.")
        .def_static("from_safetensors", model_of, "data"_a, "file"_a = "<bytes>")
        .def_static(
            "load", [](const std::string& path) { return value_of(compiler::load_model(path)); }, "path"_a)
        .def(
            "save",
            [](const Model& self, const std::string& path, bool overwrite) {
                value_of(compiler::save_model(self, path,
                                              overwrite ? base::Overwrite::allow : base::Overwrite::refuse));
            },
            "path"_a, nb::kw_only(), "overwrite"_a = false, "Writes a safetensors file.")
        .def("to_safetensors", bytes_of)
        .def(
            "export",
            [](const Model& self, const std::string& folder, std::optional<long> steps, bool overwrite) {
                LongCall call;
                value_of(call.run([&] {
                    return exports::export_machine(self, folder, steps,
                                                   overwrite ? base::Overwrite::allow : base::Overwrite::refuse);
                }));
            },
            "folder"_a, nb::kw_only(), "steps"_a.none() = nb::none(), "overwrite"_a = false,
            "Writes files that do without Ropewalk: the weights, C99 (`machine.c`, `machine.h`), a Python module "
            "of NumPy alone (`machine.py`) and test vectors, which both compute when they test themselves. `steps` "
            "are those that the machine runs for; None: its own.")
        .def_prop_ro("weights", weights_of, nb::rv_policy::automatic, "A copy, float32 [lines, columns].")
        .def_prop_ro("base", [](const Model& self) { return self.configuration.base; })
        .def_prop_ro("cells", [](const Model& self) { return self.configuration.cells; })
        .def_prop_ro("registers", [](const Model& self) { return self.configuration.registers; })
        .def_prop_ro("lines", [](const Model& self) { return self.configuration.lines; })
        .def_ro("steps", &Model::steps)
        .def("run", run_softly, "memory"_a, "registers"_a.none() = nb::none(), nb::kw_only(),
             "steps"_a.none() = nb::none(), "The most probable values after a soft run.")
        .def("decompile", [](const Model& self) { return compiler::decompile(self); })
        .def("__getstate__", bytes_of)
        .def("__setstate__",
             [](Model& self, const nb::bytes& bytes) { new (&self) Model(model_of(bytes, "pickle")); })
        .def("__repr__", [](const Model& self) {
            const auto& sizes = self.configuration;
            return "<ropewalk.Machine of " + std::to_string(sizes.lines) + " lines, " +
                   std::to_string(sizes.registers) + " registers, base " + std::to_string(sizes.base) + ", " +
                   std::to_string(sizes.cells) + " cells>";
        });
}

} // namespace

void bind_programs(nb::module_& module) {
    bind_program(module);
    bind_machine(module);
}

} // namespace ropewalk::python
