#include "ropewalk/programs/compiler/decompile.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace ropewalk::compiler {

using assembly::Instruction;
using assembly::Opcode;
using assembly::OperandRole;
using assembly::Program;
using machine::Target;

namespace {

int most_probable(const std::vector<double>& p) {
    return static_cast<int>(std::max_element(p.begin(), p.end()) - p.begin());
}

/// The five distributions of one line.
struct Heads {
    std::vector<double> instruction, first, second, destination, target;
};

Heads heads_of(const Model& model, const machine::Layout& layout, int line) {
    const auto head = [&](machine::Head h) { return distribution(model, line, h); };
    return {head(layout.instruction), head(layout.first), head(layout.second), head(layout.destination),
            head(layout.target)};
}

int initial_value(const machine::Configuration& c, int index) {
    const auto i = static_cast<std::size_t>(index);
    return i < c.initial_registers.size() ? c.initial_registers[i] : 0;
}

/// The distribution a label is read from: over lines, or over the registers that name lines.
const std::vector<double>& label_distribution(const Heads& heads, Target target) {
    return target == Target::line ? heads.target : heads.second;
}

int label_line(int choice, const machine::Configuration& c) {
    if (c.switches.target == Target::register_value) return initial_value(c, choice) % c.lines;
    return choice % c.lines;
}

void read_operand(const std::string& head, const std::vector<double>& p, const auto& name,
                  const DecompileOptions& options, LineReading& reading) {
    const int best = most_probable(p);
    reading.confidence = std::min(reading.confidence, p[static_cast<std::size_t>(best)]);
    for (int i = 0; i < static_cast<int>(p.size()); ++i)
        if (i != best && p[static_cast<std::size_t>(i)] >= options.alternatives_from)
            reading.alternatives.push_back({head, name(i), p[static_cast<std::size_t>(i)]});
}

LineReading read_line(const Heads& heads, const machine::Configuration& c, const DecompileOptions& options) {
    const auto register_name = [](int r) { return fmt::format("r{}", r + 1); };
    const auto instruction_name = [&](int k) {
        return std::string(info(c.instruction_set[static_cast<std::size_t>(k)]).name);
    };
    const auto line_name = [&](int choice) { return fmt::format("line {}", label_line(choice, c) + 1); };
    LineReading reading;
    read_operand("instruction", heads.instruction, instruction_name, options, reading);
    reading.instruction.opcode =
        c.instruction_set[static_cast<std::size_t>(most_probable(heads.instruction))];
    for (const assembly::Operand& operand : info(reading.instruction.opcode).operands()) {
        switch (operand.role) {
        case OperandRole::first:
            read_operand("first", heads.first, register_name, options, reading);
            reading.instruction.first = static_cast<std::uint8_t>(most_probable(heads.first));
            break;
        case OperandRole::second:
            read_operand("second", heads.second, register_name, options, reading);
            reading.instruction.second = static_cast<std::uint8_t>(most_probable(heads.second));
            break;
        case OperandRole::destination:
            read_operand("destination", heads.destination, register_name, options, reading);
            reading.instruction.destination = static_cast<std::uint8_t>(most_probable(heads.destination));
            break;
        case OperandRole::label: {
            const auto& p = label_distribution(heads, c.switches.target);
            read_operand("target", p, line_name, options, reading);
            reading.instruction.target = static_cast<std::uint16_t>(label_line(most_probable(p), c));
            break;
        }
        }
    }
    reading.distributed = reading.confidence < options.distributed_below;
    return reading;
}

/// What the switches do beyond what assembly can express.
std::string note_of(const Heads& heads, const LineReading& reading, const Model& model,
                    const Program& complete) {
    const machine::Configuration& c = model.configuration;
    const auto& entry = info(reading.instruction.opcode);
    if (reading.instruction.opcode == Opcode::jump && c.switches.target == Target::register_value) {
        const int label_register = most_probable(heads.second);
        const bool written = std::any_of(
            complete.instructions.begin(), complete.instructions.end(), [&](const Instruction& each) {
                return info(each.opcode).produces_value && each.destination == label_register;
            });
        if (written)
            return fmt::format("the target is computed in r{} while the program runs", label_register + 1);
    }
    if (!entry.produces_value && c.switches.mass != machine::Mass::conserve) {
        const int destination = most_probable(heads.destination);
        if (destination < model.program_registers)
            return fmt::format("{} r{} as well", c.switches.mass == machine::Mass::zero ? "clears" : "drains",
                               destination + 1);
    }
    return {};
}

/// Helper registers of the label encodings are dropped unless an instruction uses them.
void trim_registers(Program& program, int program_registers) {
    int highest = program_registers - 1;
    for (const Instruction& each : program.instructions)
        for (const assembly::Operand& operand : info(each.opcode).operands())
            if (operand.role != OperandRole::label)
                highest = std::max(highest, assembly::operand(each, operand.role));
    program.registers = highest + 1;
    program.initial_registers.resize(static_cast<std::size_t>(program.registers), 0);
}

} // namespace

std::vector<double> distribution(const Model& model, int line, machine::Head head) {
    const std::size_t start =
        static_cast<std::size_t>(line * layout_of(model.configuration).columns + head.offset);
    const auto logits = std::span(model.weights).subspan(start, static_cast<std::size_t>(head.width));
    std::vector<double> p(logits.begin(), logits.end());
    if (p.empty()) return p;
    const double largest = *std::max_element(p.begin(), p.end());
    double sum = 0;
    for (double& value : p) sum += value = std::exp(value - largest);
    for (double& value : p) value /= sum;
    return p;
}

Decompiled decompile(const Model& model, const DecompileOptions& options) {
    const machine::Configuration& c = model.configuration;
    const machine::Layout layout = layout_of(c);
    Decompiled result;
    result.complete = {.base = c.base,
                       .cells = c.cells,
                       .registers = c.registers,
                       .steps = model.steps,
                       .initial_registers = c.initial_registers};
    result.complete.initial_registers.resize(static_cast<std::size_t>(c.registers), 0);
    for (int line = 0; line < c.lines; ++line) {
        result.lines.push_back(read_line(heads_of(model, layout, line), c, options));
        result.complete.instructions.push_back(result.lines.back().instruction);
    }
    for (int line = 0; line < c.lines; ++line) {
        LineReading& reading = result.lines[static_cast<std::size_t>(line)];
        reading.note = note_of(heads_of(model, layout, line), reading, model, result.complete);
    }
    trim_registers(result.complete, model.program_registers);
    const std::vector<bool> reachable = reachable_lines(result.complete, options.registers);
    for (std::size_t line = 0; line < reachable.size(); ++line)
        result.lines[line].reachable = reachable[line];
    result.program = without_unreachable_lines(result.complete, options.registers);
    return result;
}

std::string annotated(const Decompiled& decompiled, const std::vector<double>& visits) {
    // The printer gives the text; the instruction lines, which it indents, get the readings in order.
    std::vector<std::string> comments;
    for (std::size_t line = 0; line < decompiled.lines.size(); ++line) {
        const LineReading& reading = decompiled.lines[line];
        if (!reading.reachable) continue;
        std::string comment = fmt::format("; {:.3f}", reading.confidence);
        if (line < visits.size()) comment += fmt::format(", visited {:.2f} times", visits[line]);
        if (reading.distributed) comment += ", distributed";
        for (const Alternative& each : reading.alternatives)
            comment += fmt::format(", {} {} {:.3f}", each.head, each.choice, each.probability);
        if (!reading.note.empty()) comment += ", " + reading.note;
        comments.push_back(std::move(comment));
    }
    const std::string text = to_string(decompiled.program);
    std::string result;
    std::size_t next = 0;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = text.find('\n', start);
        const std::string line = text.substr(start, end - start);
        start = end + 1;
        const bool instruction = line.starts_with("    ") && next < comments.size();
        result += instruction ? fmt::format("{:<28}{}\n", line, comments[next++]) : line + '\n';
    }
    return result;
}

} // namespace ropewalk::compiler
