#include "ropewalk/programs/language/emitter.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace ropewalk::language {

using assembly::Opcode;

Emitter::Emitter(const LowerOptions& options) : options_(options) {}

int Emitter::variable(const std::string& name) {
    const auto found = variables_.find(name);
    if (found != variables_.end()) return found->second;
    return variables_[name] = fresh_register();
}

int Emitter::constant(int value) {
    const auto found = constants_.find(value);
    if (found != constants_.end()) return found->second;
    return constants_[value] = fresh_register();
}

int Emitter::allocate() {
    if (free_.empty()) return fresh_register();
    const int lowest = *free_.begin();
    free_.erase(free_.begin());
    return lowest;
}

void Emitter::release(int register_index) { free_.insert(register_index); }

int Emitter::new_label(const std::string& name) {
    labels_.push_back({name, -1});
    return static_cast<int>(labels_.size()) - 1;
}

void Emitter::bind(int label) { labels_[static_cast<std::size_t>(label)].line = line_count(); }

void Emitter::value(Opcode opcode, int first, int second, int destination) {
    lines_.push_back({.opcode = opcode, .first = first, .second = second, .destination = destination});
}

void Emitter::write(int address, int value) {
    lines_.push_back({.opcode = Opcode::write, .first = address, .second = value});
}

void Emitter::jump(int condition, int label, int meeting) {
    lines_.push_back({.opcode = Opcode::jump, .first = condition, .label = label, .meeting = meeting});
}

void Emitter::jump_always(int label) { jump(constant(0), label, -1); }

void Emitter::copy(int from, int to) {
    if (from == to) return;
    if (has(Opcode::mov))
        value(Opcode::mov, from, -1, to);
    else
        value(Opcode::max, from, from, to);
}

void Emitter::clear(int register_index) {
    if (has(Opcode::zero))
        value(Opcode::zero, -1, -1, register_index);
    else
        value(Opcode::sub, register_index, register_index, register_index);
}

void Emitter::plain(Opcode opcode) { lines_.push_back({.opcode = opcode}); }

/// Computes a constant from those that are ready, smaller ones and 0 among them: the shortest of counting up,
/// counting down from 0, and doubling.
void Emitter::prepare_constant(int value, const std::map<int, int>& ready, std::vector<Line>& lines) const {
    const int target = constants_.at(value), base = options_.machine.base;
    const auto [below, below_register] = *std::prev(ready.upper_bound(value));
    const int up = value - below, down = base - value;
    for (const auto& [a, a_register] : ready)
        for (const auto& [b, b_register] : ready)
            if ((a + b) % base == value && up > 1 && (down > 1 || !has(Opcode::dec))) {
                lines.push_back({.opcode = Opcode::add,
                                 .first = a_register,
                                 .second = b_register,
                                 .destination = target});
                return;
            }
    int bits = 0;
    while (value >> bits != 0) ++bits;
    const int doubling = 1 + 2 * (bits - 1);
    const auto step = [&](Opcode opcode, int from) {
        lines.push_back({.opcode = opcode, .first = from, .destination = target});
    };
    if (up <= doubling && (up <= down || !has(Opcode::dec))) {
        for (int i = 0; i < up; ++i) step(Opcode::inc, i == 0 ? below_register : target);
    } else if (has(Opcode::dec) && down < doubling) {
        for (int i = 0; i < down; ++i) step(Opcode::dec, i == 0 ? ready.at(0) : target);
    } else {
        step(Opcode::inc, ready.at(0));
        for (int bit = bits - 2; bit >= 0; --bit) {
            lines.push_back(
                {.opcode = Opcode::add, .first = target, .second = target, .destination = target});
            if ((value >> bit & 1) != 0) step(Opcode::inc, target);
        }
    }
}

/// What must run first when registers may start with any value.
std::vector<Emitter::Line> Emitter::preparation() const {
    std::vector<Line> lines;
    if (options_.initial_registers) return lines;
    std::set<int> cleared = cleared_first_;
    std::map<int, int> ready;
    if (const auto zero = constants_.find(0); zero != constants_.end())
        cleared.insert(ready[0] = zero->second);
    else if (!constants_.empty() && !cleared.empty())
        ready[0] = *cleared.begin();
    for (const int each : cleared)
        if (has(Opcode::zero))
            lines.push_back({.opcode = Opcode::zero, .destination = each});
        else
            lines.push_back({.opcode = Opcode::sub, .first = each, .second = each, .destination = each});
    for (const auto& [value, register_index] : constants_) {
        if (value == 0) continue;
        if (ready.empty()) {
            // Nothing is 0 yet: the register of the constant is for a moment.
            lines.push_back({.opcode = Opcode::sub,
                             .first = register_index,
                             .second = register_index,
                             .destination = register_index});
            ready[0] = register_index;
            prepare_constant(value, ready, lines);
            ready.clear();
            ready[value] = register_index;
            continue;
        }
        if (!ready.contains(0)) {
            for (int reached = ready.rbegin()->first, from = ready.rbegin()->second; reached < value;
                 ++reached, from = register_index)
                lines.push_back({.opcode = Opcode::inc, .first = from, .destination = register_index});
        } else {
            prepare_constant(value, ready, lines);
        }
        ready[value] = register_index;
    }
    return lines;
}

base::Result<Emitted> Emitter::finish() const {
    std::vector<Line> lines = preparation();
    const int shift = static_cast<int>(lines.size());
    lines.insert(lines.end(), lines_.begin(), lines_.end());
    if (static_cast<int>(lines.size()) > assembly::largest_line_count)
        return base::failure("lowering", "a program of too many instructions",
                             fmt::format("at most {}", assembly::largest_line_count));

    Emitted result;
    assembly::Program& program = result.program;
    program.base = options_.machine.base;
    program.cells = options_.machine.cells;
    // Registers are numbered as they occur, so the names of temporaries do not depend on how they were found.
    std::map<int, int> numbers;
    const auto number = [&](int register_index) {
        return register_index < 0 ? 0 : numbers.try_emplace(register_index, numbers.size()).first->second;
    };
    const auto line_of = [&](int label) {
        return label < 0 ? -1 : labels_[static_cast<std::size_t>(label)].line + shift;
    };
    std::set<std::string> names;
    for (const Line& line : lines) {
        if (!has(line.opcode))
            return base::failure(
                "lowering", fmt::format("an instruction set without {}", assembly::info(line.opcode).name),
                "at least inc, add, sub, mul, div, min, max, read, write, jump and halt");
        const int first = number(line.first), second = number(line.second),
                  destination = number(line.destination);
        if (numbers.size() > assembly::largest_register_count)
            return base::failure("lowering", "a program that needs too many registers",
                                 fmt::format("at most {}", assembly::largest_register_count));
        assembly::Instruction instruction{.opcode = line.opcode,
                                          .first = static_cast<std::uint8_t>(first),
                                          .second = static_cast<std::uint8_t>(second),
                                          .destination = static_cast<std::uint8_t>(destination)};
        if (line.label >= 0) {
            const int target = line_of(line.label);
            instruction.target = static_cast<std::uint16_t>(target);
            std::string name = labels_[static_cast<std::size_t>(line.label)].name;
            if (!program.labels.contains(target)) {
                for (int copy = 2; names.contains(name); ++copy)
                    name = fmt::format("{}_{}", labels_[static_cast<std::size_t>(line.label)].name, copy);
                names.insert(name);
                program.labels[target] = name;
            }
        }
        program.instructions.push_back(instruction);
        result.meeting_lines.push_back(line_of(line.meeting));
    }
    program.registers = std::max(1, static_cast<int>(numbers.size()));
    program.initial_registers.assign(static_cast<std::size_t>(program.registers), 0);
    if (!options_.initial_registers) return result;
    const auto start_with = [&](int register_index, int value) {
        const auto used = numbers.find(register_index);
        if (used != numbers.end()) program.initial_registers[static_cast<std::size_t>(used->second)] = value;
    };
    for (const auto& [value, register_index] : constants_) start_with(register_index, value);
    for (const auto& [register_index, value] : initial_values_) start_with(register_index, value);
    return result;
}

} // namespace ropewalk::language
