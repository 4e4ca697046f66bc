// Assembly in the making: labels without lines, registers without limit, constants on demand.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "ropewalk/programs/assembly/assembly.hpp"
#include "ropewalk/programs/language/lower.hpp"

namespace ropewalk::language {

/// A program with what counting its steps needs to know.
struct Emitted {
    assembly::Program program;
    /// For a jump of a condition the line where both ways meet again, for other lines -1.
    std::vector<int> meeting_lines;
};

class Emitter {
public:
    explicit Emitter(const LowerOptions& options);

    /// The register of a variable, its own for the whole program.
    int variable(const std::string& name);
    /// The register that holds a constant throughout the program.
    int constant(int value);
    /// A register for a while: the lowest that is free.
    int allocate();
    void release(int register_index);

    int new_label(const std::string& name);
    /// The label stands before the next instruction.
    void bind(int label);

    /// Puts the value of an instruction into a register; `first` and `second` as the instruction has them.
    void value(assembly::Opcode opcode, int first, int second, int destination);
    void write(int address, int value);
    /// Jumps when the register is 0. `meeting` is the label where both ways of a condition meet, or -1.
    void jump(int condition, int label, int meeting);
    void jump_always(int label);
    void copy(int from, int to);
    void clear(int register_index);
    void plain(assembly::Opcode opcode);

    void start_with(int register_index, int value) { initial_values_[register_index] = value; }
    void start_at_zero(int register_index) { cleared_first_.insert(register_index); }

    bool has(assembly::Opcode opcode) const {
        return assembly::position(options_.instruction_set, opcode) >= 0;
    }
    int line_count() const { return static_cast<int>(lines_.size()); }
    /// Whether the program is longer than the assembler allows already.
    bool is_too_long() const { return line_count() > assembly::largest_line_count; }

    base::Result<Emitted> finish() const;

private:
    struct Line {
        assembly::Opcode opcode = assembly::Opcode::nop;
        int first = -1, second = -1, destination = -1, label = -1, meeting = -1;
    };
    struct Label {
        std::string name;
        int line = -1;
    };

    int fresh_register() { return register_count_++; }
    std::vector<Line> preparation() const;
    void prepare_constant(int value, const std::map<int, int>& ready, std::vector<Line>& lines) const;

    LowerOptions options_;
    std::vector<Line> lines_;
    std::vector<Label> labels_;
    int register_count_ = 0;
    std::set<int> free_;
    std::map<std::string, int> variables_;
    std::map<int, int> constants_, initial_values_;
    std::set<int> cleared_first_;
};

} // namespace ropewalk::language
