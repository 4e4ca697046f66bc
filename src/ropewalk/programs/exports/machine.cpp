#include "ropewalk/programs/exports/machine.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/json.hpp"
#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/exports/machine_code.hpp"

namespace ropewalk::exports {

namespace {

using machine::Configuration;

constexpr std::array<const char*, 5> file_names{"machine.safetensors", "machine.h", "machine.c", "machine.py", "vectors.json"};

/// An input and what the machine makes of it.
struct Vector {
    std::vector<double> memory; ///< [cells, base]
    machine::SoftState state;
};

/// Steps of test vectors: long runs say no more, and take long.
long vector_steps(long steps) { return std::min(200L, steps); }

/// Half of the inputs are whole numbers, half distributions.
std::vector<Vector> vectors_of(const compiler::Model& model, long steps) {
    constexpr std::size_t count = 6;
    const auto base = static_cast<std::size_t>(model.configuration.base),
               cells = static_cast<std::size_t>(model.configuration.cells);
    std::vector<Vector> vectors;
    for (std::size_t v = 0; v < count; ++v) {
        base::RandomStream random(0, base::Purpose::exported_inputs, v);
        std::vector<double> memory(cells * base, 0);
        for (std::size_t a = 0; a < cells; ++a) {
            const auto row = memory.begin() + static_cast<std::ptrdiff_t>(a * base);
            if (v < count / 2) {
                row[random.below(static_cast<std::uint32_t>(base))] = 1;
                continue;
            }
            double sum = 0;
            for (std::size_t x = 0; x < base; ++x) sum += row[static_cast<std::ptrdiff_t>(x)] = random.uniform() + 0x1p-32;
            for (std::size_t x = 0; x < base; ++x) row[static_cast<std::ptrdiff_t>(x)] /= sum;
        }
        auto state = machine::soft_state(model.configuration, model.weights, memory, vector_steps(steps));
        vectors.push_back({std::move(memory), std::move(state)});
    }
    return vectors;
}

std::vector<std::string> names_of(const assembly::InstructionSet& set) {
    std::vector<std::string> names;
    for (const assembly::Opcode each : set) names.emplace_back(info(each).name);
    return names;
}

std::vector<int> initial_registers_of(const Configuration& c) {
    std::vector<int> values = c.initial_registers;
    values.resize(static_cast<std::size_t>(c.registers), 0);
    return values;
}

std::string description_of(const Configuration& c) {
    return fmt::format("A differentiable machine of {} lines, {} registers, base {} and {} cells, exported by Ropewalk.",
                       c.lines, c.registers, c.base, c.cells);
}

/// Wraps numbers that stand between commas into lines.
std::string wrapped(const std::vector<std::string>& numbers, const std::string& indent) {
    constexpr std::size_t width = 110;
    std::string text = indent;
    std::size_t length = 0;
    for (const std::string& each : numbers) {
        if (length + each.size() > width) {
            text += "\n" + indent;
            length = 0;
        }
        text += each + (&each == &numbers.back() ? "" : ", ");
        length += each.size() + 2;
    }
    return text;
}

template<class Number>
std::string wrapped(std::span<const Number> numbers, const std::string& indent) {
    std::vector<std::string> texts;
    // The shortest text from which the same number is read.
    for (const Number each : numbers) texts.push_back(fmt::format("{}", each));
    return wrapped(texts, indent);
}

std::string c_header(const Configuration& c, long steps) {
    return fmt::format("/* {} */\n#ifndef ROPEWALK_MACHINE_H\n#define ROPEWALK_MACHINE_H\n\nenum {{\n"
                       "    machine_base = {},\n    machine_cells = {},\n    machine_registers = {},\n"
                       "    machine_lines = {},\n    machine_steps = {}\n}};\n",
                       description_of(c), c.base, c.cells, c.registers, c.lines, steps) +
           machine_c_declarations;
}

/// Instructions, switches and weights.
std::string c_data(const compiler::Model& model) {
    const Configuration& c = model.configuration;
    const machine::Switches& s = c.switches;
    const machine::Layout layout = layout_of(c);
    constexpr std::array<const char*, 3> targets{"line_of_its_own", "line_in_register", "line_of_operand"};
    std::string text = fmt::format("enum {{ op_{} }};\n", fmt::join(names_of(assembly::all_instructions()), ", op_"));
    text += fmt::format("enum {{ {}, jumps_to = {} }};\n", fmt::join(targets, ", "), targets[static_cast<std::size_t>(s.target)]);
    text += fmt::format("enum {{\n    mixes_probabilities = {:d},\n    conserves_mass = {:d},\n    writes_zero = {:d},\n"
                        "    halts_by_maximum = {:d},\n    freezes = {:d}\n}};\n\n",
                        s.mix == machine::Mix::probabilities, s.mass == machine::Mass::conserve, s.mass == machine::Mass::zero,
                        s.halting == machine::Halting::maximum, s.freeze);
    text += "/* The weights have a row for every line, and in it columns for every choice of the controller: the instruction,\n"
            "   two registers that are read, one that is written, and a line to jump to. */\n";
    text += fmt::format("enum {{\n    instruction_count = {},\n    column_count = {},\n    first_at = {},\n    second_at = {},\n"
                        "    destination_at = {},\n    target_at = {}\n}};\n",
                        c.instruction_set.size(), layout.columns, layout.first.offset, layout.second.offset,
                        layout.destination.offset, layout.target.width == 0 ? 0 : layout.target.offset);
    text += fmt::format("static const int instructions[instruction_count] = {{op_{}}};\n",
                        fmt::join(names_of(c.instruction_set), ", op_"));
    text += fmt::format("static const int initial_registers[machine_registers] = {{{}}};\n",
                        fmt::join(initial_registers_of(c), ", "));
    text += "static const float weights[machine_lines][column_count] = {\n";
    const auto columns = static_cast<std::size_t>(layout.columns);
    for (std::size_t l = 0; l < static_cast<std::size_t>(c.lines); ++l)
        text += "    {\n" + wrapped(std::span(model.weights).subspan(l * columns, columns), "        ") + "},\n";
    return text + "};\n";
}

std::string c_vectors(const Configuration& c, const std::vector<Vector>& vectors, long steps) {
    std::string text = fmt::format("\n#ifdef ROPE_SELF_TEST\n#include <stdio.h>\n\nenum {{ vector_count = {}, vector_steps = {} }};\n"
                                   "static const struct {{\n    double memory[{}], result[{}], registers[{}], halted;\n}} "
                                   "vectors[vector_count] = {{\n",
                                   vectors.size(), vector_steps(steps), c.cells * c.base, c.cells * c.base, c.registers * c.base);
    for (const Vector& each : vectors) {
        text += "    {";
        for (const auto* values : {&each.memory, &each.state.memory, &each.state.registers})
            text += "\n        {\n" + wrapped(std::span<const double>(*values), "            ") + "},";
        text += fmt::format("\n        {}}},\n", each.state.halted);
    }
    return text + "};\n";
}

std::string c_source(const compiler::Model& model, const std::vector<Vector>& vectors, long steps) {
    return fmt::format("/* {}\n\n       cc -std=c99 -c machine.c\n\n   Its self-test computes test vectors and compares them with "
                       "Ropewalk's, to 1e-5:\n\n       cc -std=c99 -DROPE_SELF_TEST machine.c -lm -o machine && ./machine */\n"
                       "#include \"machine.h\"\n\n#include <math.h>\n\n",
                       description_of(model.configuration)) +
           c_data(model) + machine_c_functions + c_vectors(model.configuration, vectors, steps) + machine_c_self_test;
}

std::string python_source(const Configuration& c, long steps) {
    std::string text = fmt::format(
        "\"\"\"{}\n\n    from machine import run, values\n    state = run(memory)   # whole numbers [n, CELLS], or distributions "
        "[n, CELLS, BASE]\n    values(state)         # whole numbers [n, CELLS]\n\nNeeds NumPy alone. The weights are in "
        "machine.safetensors beside this file. `python3 machine.py` compares test vectors.\n\"\"\"\n\n"
        "import json\nimport sys\nfrom pathlib import Path\nfrom typing import NamedTuple\n\nimport numpy as np\n\n",
        description_of(c));
    text += fmt::format("BASE, CELLS, REGISTERS, LINES, STEPS, VECTOR_STEPS = {}, {}, {}, {}, {}, {}\n", c.base, c.cells,
                        c.registers, c.lines, steps, vector_steps(steps));
    text += fmt::format("INITIAL_REGISTERS = [{}]\n", fmt::join(initial_registers_of(c), ", "));
    text += fmt::format("INSTRUCTIONS = [\"{}\"]\n", fmt::join(names_of(c.instruction_set), "\", \""));
    text += fmt::format("SWITCHES = dict(each.split(\"=\") for each in \"{}\".split(\",\"))\n", to_string(c.switches));
    return text + machine_python_functions;
}

/// Rows of a matrix.
nlohmann::json rows_of(const std::vector<double>& values, int width) {
    nlohmann::json rows = nlohmann::json::array();
    for (auto row = values.begin(); row != values.end(); row += width) rows.push_back(std::vector<double>(row, row + width));
    return rows;
}

std::string vectors_json(const Configuration& c, const std::vector<Vector>& vectors) {
    nlohmann::json all = nlohmann::json::array();
    for (const Vector& each : vectors)
        all.push_back({{"memory", rows_of(each.memory, c.base)},
                       {"result", rows_of(each.state.memory, c.base)},
                       {"registers", rows_of(each.state.registers, c.base)},
                       {"halted", each.state.halted}});
    return base::json_text(all) + "\n";
}

} // namespace

base::Result<Files> machine_files(const compiler::Model& model, std::optional<long> steps) {
    const std::optional<long> run_for = steps ? steps : model.steps;
    if (!run_for) return base::failure("setting `steps`", "none, and the model states none", "how many steps the machine is to run");
    if (!std::all_of(model.weights.begin(), model.weights.end(), [](float each) { return std::isfinite(each); }))
        return base::failure("machine", "weights that are infinite or no numbers", "finite numbers");
    const std::vector<Vector> vectors = vectors_of(model, *run_for);
    const std::array contents{compiler::to_safetensors(model), c_header(model.configuration, *run_for),
                              c_source(model, vectors, *run_for), python_source(model.configuration, *run_for),
                              vectors_json(model.configuration, vectors)};
    Files files;
    for (std::size_t i = 0; i < file_names.size(); ++i) files.emplace_back(file_names[i], contents[i]);
    return files;
}

base::Status export_machine(const compiler::Model& model, const std::string& folder, std::optional<long> steps,
                            base::Overwrite overwrite) {
    if (const auto free = base::free_folder(folder, file_names, overwrite == base::Overwrite::allow); !free)
        return base::failure(free.error());
    const auto files = machine_files(model, steps);
    if (!files) return base::failure(files.error());
    return base::write_files(folder, *files, file_names, overwrite);
}

} // namespace ropewalk::exports
