#include "ropewalk/programs/language/value_graph.hpp"

#include <utility>

#include "ropewalk/programs/language/modulo.hpp"

namespace ropewalk::language {

using assembly::Opcode;

namespace {

/// The instruction an operator stands for; `nop` for those that give a condition.
Opcode opcode_of(Operator operation) {
    switch (operation) {
    case Operator::add: return Opcode::add;
    case Operator::subtract: return Opcode::sub;
    case Operator::multiply: return Opcode::mul;
    case Operator::divide: return Opcode::div;
    case Operator::remainder: return Opcode::mod;
    case Operator::minimum: return Opcode::min;
    case Operator::maximum: return Opcode::max;
    case Operator::equal_value: return Opcode::eq;
    case Operator::less_value: return Opcode::lt;
    default: return Opcode::nop;
    }
}

} // namespace

ValueGraph::ValueGraph(const Machine& machine, const assembly::InstructionSet& instruction_set,
                       RegisterOf register_of)
    : machine_(machine), instruction_set_(instruction_set), register_of_(std::move(register_of)) {}

int ValueGraph::add(const Node& node) {
    int first = node.first, second = node.second;
    if (second >= 0 && assembly::info(node.opcode).commutative && first > second) std::swap(first, second);
    const auto [entry, fresh] = index_.try_emplace({node.kind, node.value, node.opcode, first, second},
                                                   static_cast<int>(nodes_.size()));
    if (fresh) nodes_.push_back(node);
    return entry->second;
}

int ValueGraph::constant(int value) {
    return add({.kind = NodeKind::constant, .value = modulo(value, machine_.base)});
}

int ValueGraph::variable(int register_index) {
    return add({.kind = NodeKind::variable, .value = register_index, .home = register_index});
}

bool ValueGraph::is_constant(int index, int value) const {
    return at(index).kind == NodeKind::constant && at(index).value == modulo(value, machine_.base);
}

int ValueGraph::find_variable(int register_index) const {
    const auto entry = index_.find({NodeKind::variable, register_index, Opcode::nop, -1, -1});
    return entry == index_.end() ? -1 : entry->second;
}

int ValueGraph::build(const Expression& expression) {
    switch (expression.kind) {
    case ExpressionKind::constant: return constant(modulo(expression.number, machine_.base));
    case ExpressionKind::size: return constant(machine_.cells);
    case ExpressionKind::variable: return variable(register_of_(expression.name));
    case ExpressionKind::load: {
        const int address = build_address(expression.operands[0]);
        return address < 0 ? -1 : add({.kind = NodeKind::load, .first = address});
    }
    case ExpressionKind::operation: {
        const Opcode opcode = opcode_of(expression.operation);
        if (opcode == Opcode::nop) return -1;
        const int first = build(expression.operands[0]);
        const int second = first < 0 ? -1 : build(expression.operands[1]);
        return second < 0 ? -1 : apply(opcode, first, second);
    }
    case ExpressionKind::call:
    case ExpressionKind::hole: return -1;
    }
    return -1;
}

int ValueGraph::build_address(const Expression& expression) {
    const int address = build(expression);
    if (address < 0 || at(address).kind != NodeKind::constant) return address;
    return constant(at(address).value % machine_.cells);
}

int ValueGraph::apply(Opcode opcode, int first, int second) {
    const assembly::InstructionInfo& row = assembly::info(opcode);
    const int base = machine_.base;
    const bool known =
        at(first).kind == NodeKind::constant && (second < 0 || at(second).kind == NodeKind::constant);
    if (known) return constant(row.value(at(first).value, second < 0 ? 0 : at(second).value, base));
    const int simple = simplified(opcode, first, second);
    if (simple >= 0) return simple;
    if (row.commutative && at(first).kind == NodeKind::constant) std::swap(first, second);
    if (!has(opcode)) {
        const int other = composed(opcode, first, second);
        if (other >= 0) return other;
    }
    return add({.kind = NodeKind::operation, .opcode = opcode, .first = first, .second = second});
}

/// A node that is there already, or a cheaper instruction; -1 when there is neither.
int ValueGraph::simplified(Opcode opcode, int first, int second) {
    const int largest = machine_.base - 1;
    const auto either_is = [&](int value) { return is_constant(first, value) || is_constant(second, value); };
    // For an instruction whose operands may be exchanged: the one that is not the given constant.
    const auto other = [&](int value) { return is_constant(first, value) ? second : first; };
    switch (opcode) {
    case Opcode::inc:
    case Opcode::dec: {
        const Opcode inverse = opcode == Opcode::inc ? Opcode::dec : Opcode::inc;
        if (at(first).kind == NodeKind::operation && at(first).opcode == inverse) return at(first).first;
        return -1;
    }
    case Opcode::add:
        if (either_is(0)) return other(0);
        if (either_is(1)) return apply(Opcode::inc, other(1));
        if (either_is(largest) && has(Opcode::dec)) return apply(Opcode::dec, other(largest));
        return -1;
    case Opcode::sub:
        if (first == second) return constant(0);
        if (is_constant(second, 0)) return first;
        if (is_constant(second, largest)) return apply(Opcode::inc, first);
        if (is_constant(second, 1) && has(Opcode::dec)) return apply(Opcode::dec, first);
        return -1;
    case Opcode::mul:
        if (either_is(0)) return constant(0);
        if (either_is(1)) return other(1);
        return -1;
    case Opcode::div:
        if (is_constant(second, 1)) return first;
        if (is_constant(first, 0) || is_constant(second, 0)) return constant(0);
        return -1;
    case Opcode::mod:
        if (is_constant(first, 0) || is_constant(second, 0) || is_constant(second, 1)) return constant(0);
        return first == second ? constant(0) : -1;
    case Opcode::min:
        if (first == second) return first;
        if (either_is(0)) return constant(0);
        return either_is(largest) ? other(largest) : -1;
    case Opcode::max:
        if (first == second) return first;
        if (either_is(largest)) return constant(largest);
        return either_is(0) ? other(0) : -1;
    case Opcode::eq: return first == second ? constant(1) : -1;
    case Opcode::lt:
        return first == second || is_constant(second, 0) || is_constant(first, largest) ? constant(0) : -1;
    default: return -1;
    }
}

/// The same value by other instructions, or -1 when there is no other way.
int ValueGraph::composed(Opcode opcode, int first, int second) {
    switch (opcode) {
    case Opcode::dec: return apply(Opcode::sub, first, constant(1));
    case Opcode::mod: {
        const int multiple = apply(Opcode::mul, apply(Opcode::div, first, second), second);
        const int rest = apply(Opcode::sub, first, multiple);
        // The remainder by 0 is 0, while nothing is subtracted then.
        const bool never_zero = at(second).kind == NodeKind::constant;
        return never_zero ? rest : apply(Opcode::mul, rest, apply(Opcode::min, second, constant(1)));
    }
    case Opcode::eq: {
        const int different = apply(Opcode::min, apply(Opcode::sub, first, second), constant(1));
        return apply(Opcode::sub, constant(1), different);
    }
    case Opcode::lt: {
        // The larger of both is more than the first exactly when the second is.
        const int excess = apply(Opcode::sub, apply(Opcode::max, first, second), first);
        return apply(Opcode::min, excess, constant(1));
    }
    default: return -1;
    }
}

} // namespace ropewalk::language
