// The values of one statement as a graph: equal values are one node, so a cell that occurs twice is read
// once. All values and addresses of a statement are taken before anything is written, which makes that sound.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "ropewalk/programs/assembly/assembly.hpp"
#include "ropewalk/programs/language/evaluate.hpp"
#include "ropewalk/programs/language/syntax.hpp"

namespace ropewalk::language {

enum class NodeKind { constant, variable, load, operation };

struct Node {
    NodeKind kind;
    /// Of a constant its value, of a variable its register.
    int value = 0;
    assembly::Opcode opcode = assembly::Opcode::nop;
    /// Operands; -1 where there is none. The first of a load is its address.
    int first = -1, second = -1;
    /// Readers that are still to come, and the register that holds the value (-1: none yet).
    int uses = 0, home = -1;
    /// Whether the register is free for others after the last use.
    bool temporary = false;
};

class ValueGraph {
public:
    /// `register_of` gives the register of a variable that is read.
    using RegisterOf = std::function<int(const std::string&)>;

    ValueGraph(const Machine& machine, const assembly::InstructionSet& instruction_set,
               RegisterOf register_of);

    /// Node of an expression without calls, or -1 when it holds a condition, a call or a hole.
    int build(const Expression& expression);
    /// Node of an address, a constant one within the cells.
    int build_address(const Expression& expression);

    int constant(int value);
    int variable(int register_index);
    /// Node of an instruction's result; instructions that are missing are composed of others, and what is
    /// known beforehand is worked out.
    int apply(assembly::Opcode opcode, int first, int second = -1);

    Node& operator[](int index) { return nodes_[static_cast<std::size_t>(index)]; }
    bool is_constant(int index, int value) const;
    /// Node of a variable's value before the statement, or -1 when nothing reads it.
    int find_variable(int register_index) const;

    int base() const { return machine_.base; }
    bool has(assembly::Opcode opcode) const { return assembly::position(instruction_set_, opcode) >= 0; }

private:
    int add(const Node& node);
    int simplified(assembly::Opcode opcode, int first, int second);
    int composed(assembly::Opcode opcode, int first, int second);
    const Node& at(int index) const { return nodes_[static_cast<std::size_t>(index)]; }

    Machine machine_;
    assembly::InstructionSet instruction_set_;
    RegisterOf register_of_;
    std::vector<Node> nodes_;
    std::map<std::tuple<NodeKind, int, assembly::Opcode, int, int>, int> index_;
};

} // namespace ropewalk::language
