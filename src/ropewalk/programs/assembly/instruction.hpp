// The one table that says what an instruction is. Parser, printer, both machines, the neural compiler and the
// reference page are driven by it; adding an instruction is one row here (and a kernel if it is not a value).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace ropewalk::assembly {

enum class Opcode : std::uint8_t {
    halt,
    nop,
    zero,
    mov,
    inc,
    dec,
    add,
    sub,
    mul,
    div,
    mod,
    min,
    max,
    eq,
    lt,
    read,
    write,
    jump
};

/// Which head of the machine's controller an operand is encoded in.
enum class OperandRole : std::uint8_t { first, second, destination, label };

struct Operand {
    std::string_view name;
    OperandRole role;
};

/// Result of a value instruction for inputs x, y in 0..b-1; always in 0..b-1.
using ValueFunction = int (*)(int x, int y, int b);

struct InstructionInfo {
    Opcode opcode;
    std::string_view name;
    std::array<Operand, 3> operand_slots;
    int operand_count;
    /// Null for `read`, whose value comes from memory, and for instructions that produce no value.
    ValueFunction value;
    bool produces_value;
    bool commutative;
    std::string_view meaning;

    constexpr std::span<const Operand> operands() const {
        return {operand_slots.data(), static_cast<std::size_t>(operand_count)};
    }
    constexpr bool uses(OperandRole role) const {
        const auto all = operands();
        return std::any_of(all.begin(), all.end(), [role](const Operand& o) { return o.role == role; });
    }
};

namespace table {

constexpr Operand src{"src", OperandRole::first}, a{"a", OperandRole::first}, b{"b", OperandRole::second},
    dst{"dst", OperandRole::destination}, addr{"addr", OperandRole::first},
    value{"value", OperandRole::second}, cond{"cond", OperandRole::first}, label{"label", OperandRole::label},
    none{"", OperandRole::first};

constexpr bool yes = true, no = false;

// clang-format off
constexpr std::array<InstructionInfo, 18> instructions{{
    // opcode          name     operands           #  value function                                          value commutes meaning
    {Opcode::halt,  "halt",  {none, none, none},   0, nullptr,                                                   no,  no,  "stop for good"},
    {Opcode::nop,   "nop",   {none, none, none},   0, nullptr,                                                   no,  no,  "nothing"},
    {Opcode::zero,  "zero",  {dst, none, none},    1, [](int, int, int) { return 0; },                           yes, no,  "dst = 0"},
    {Opcode::mov,   "mov",   {src, dst, none},     2, [](int x, int, int) { return x; },                         yes, no,  "dst = src"},
    {Opcode::inc,   "inc",   {src, dst, none},     2, [](int x, int, int n) { return x + 1 == n ? 0 : x + 1; },  yes, no,  "dst = src + 1 (mod base)"},
    {Opcode::dec,   "dec",   {src, dst, none},     2, [](int x, int, int n) { return x == 0 ? n - 1 : x - 1; },  yes, no,  "dst = src - 1 (mod base)"},
    {Opcode::add,   "add",   {a, b, dst},          3, [](int x, int y, int n) { return (x + y) % n; },           yes, yes, "dst = a + b (mod base)"},
    {Opcode::sub,   "sub",   {a, b, dst},          3, [](int x, int y, int n) { return (x - y + n) % n; },       yes, no,  "dst = a - b (mod base)"},
    {Opcode::mul,   "mul",   {a, b, dst},          3, [](int x, int y, int n) { return x * y % n; },             yes, yes, "dst = a * b (mod base)"},
    {Opcode::div,   "div",   {a, b, dst},          3, [](int x, int y, int) { return y == 0 ? 0 : x / y; },      yes, no,  "dst = a / b rounded down; 0 when b is 0"},
    {Opcode::mod,   "mod",   {a, b, dst},          3, [](int x, int y, int) { return y == 0 ? 0 : x % y; },      yes, no,  "dst = remainder of a / b; 0 when b is 0"},
    {Opcode::min,   "min",   {a, b, dst},          3, [](int x, int y, int) { return x < y ? x : y; },           yes, yes, "dst = the smaller of a and b"},
    {Opcode::max,   "max",   {a, b, dst},          3, [](int x, int y, int) { return x > y ? x : y; },           yes, yes, "dst = the larger of a and b"},
    {Opcode::eq,    "eq",    {a, b, dst},          3, [](int x, int y, int n) { return (x == y ? 1 : 0) % n; },  yes, yes, "dst = 1 when a equals b, else 0"},
    {Opcode::lt,    "lt",    {a, b, dst},          3, [](int x, int y, int n) { return (x < y ? 1 : 0) % n; },   yes, no,  "dst = 1 when a is less than b, else 0"},
    {Opcode::read,  "read",  {addr, dst, none},    2, nullptr,                                                   yes, no,  "dst = memory[addr mod cells]"},
    {Opcode::write, "write", {addr, value, none},  2, nullptr,                                                   no,  no,  "memory[addr mod cells] = value"},
    {Opcode::jump,  "jump",  {cond, label, none},  2, nullptr,                                                   no,  no,  "continue at label when cond is 0, else at the next line"},
}};
// clang-format on

} // namespace table

constexpr std::span<const InstructionInfo> instruction_table() { return table::instructions; }

constexpr int instruction_count = static_cast<int>(table::instructions.size());

constexpr const InstructionInfo& info(Opcode opcode) {
    return table::instructions[static_cast<std::size_t>(opcode)];
}

/// The row with this name, or null.
const InstructionInfo* find_instruction(std::string_view name);

/// One line of a program. Operands the opcode does not use are 0. Registers and lines count from 0.
struct Instruction {
    Opcode opcode = Opcode::nop;
    std::uint8_t first = 0;
    std::uint8_t second = 0;
    std::uint8_t destination = 0;
    std::uint16_t target = 0;

    friend bool operator==(const Instruction&, const Instruction&) = default;
};

static_assert(std::is_trivially_copyable_v<Instruction> && sizeof(Instruction) <= 8);
static_assert(
    [] {
        for (int i = 0; i < instruction_count; ++i)
            if (static_cast<int>(instruction_table()[static_cast<std::size_t>(i)].opcode) != i) return false;
        return true;
    }(),
    "rows of the instruction table stand in the order of Opcode");

/// The operand of an instruction in the given role (register or line index, from 0).
constexpr int operand(const Instruction& instruction, OperandRole role) {
    switch (role) {
    case OperandRole::first: return instruction.first;
    case OperandRole::second: return instruction.second;
    case OperandRole::destination: return instruction.destination;
    case OperandRole::label: return instruction.target;
    }
    return 0;
}

constexpr void set_operand(Instruction& instruction, OperandRole role, int value) {
    switch (role) {
    case OperandRole::first: instruction.first = static_cast<std::uint8_t>(value); return;
    case OperandRole::second: instruction.second = static_cast<std::uint8_t>(value); return;
    case OperandRole::destination: instruction.destination = static_cast<std::uint8_t>(value); return;
    case OperandRole::label: instruction.target = static_cast<std::uint16_t>(value); return;
    }
}

} // namespace ropewalk::assembly
