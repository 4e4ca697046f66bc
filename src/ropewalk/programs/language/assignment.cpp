#include "ropewalk/programs/language/assignment.hpp"

#include <algorithm>

namespace ropewalk::language {

namespace {

/// Whether the node still has to be emitted.
bool is_open(const Node& node) {
    return node.home < 0 && (node.kind == NodeKind::load || node.kind == NodeKind::operation);
}

} // namespace

void NodeEmitter::announce(int node) {
    if (++graph_[node].uses > 1) return;
    const Node& each = graph_[node];
    if (!is_open(each)) return;
    if (each.kind == NodeKind::load) ++loads_to_come_;
    announce(each.first);
    if (each.second >= 0) announce(each.second);
    const int first = need(each.first), second = each.second < 0 ? 0 : need(each.second);
    needs_[node] = first == second && first > 0 ? first + 1 : std::max({first, second, 1});
}

int NodeEmitter::need(int node) const {
    const auto found = needs_.find(node);
    return found == needs_.end() || graph_[node].home >= 0 ? 0 : found->second;
}

int NodeEmitter::place(int node) {
    if (graph_[node].kind == NodeKind::constant && graph_[node].home < 0)
        graph_[node].home = out_.constant(graph_[node].value);
    if (!is_open(graph_[node])) return graph_[node].home;
    const auto [kind, value, opcode, first, second, uses, home, temporary] = graph_[node];
    // The side that needs more registers goes first, while fewer are taken.
    if (second >= 0 && need(second) > need(first)) place(second);
    const int first_register = place(first), second_register = second < 0 ? -1 : place(second);
    release(first);
    if (second >= 0) release(second);
    int destination = destination_ ? destination_(node) : -1;
    Node& done = graph_[node];
    done.temporary = destination < 0;
    if (destination < 0) destination = out_.allocate();
    done.home = destination;
    if (kind == NodeKind::load) {
        --loads_to_come_;
        out_.value(assembly::Opcode::read, first_register, -1, destination);
    } else {
        out_.value(opcode, first_register, second_register, destination);
    }
    return destination;
}

void NodeEmitter::release(int node) {
    Node& each = graph_[node];
    if (--each.uses == 0 && each.temporary) out_.release(each.home);
}

Assignment::Assignment(ValueGraph& graph, Emitter& out) : graph_(graph), out_(out), nodes_(graph, out) {}

void Assignment::emit(const LoadConstant& load_constant) {
    for (const Write& each : writes_) nodes_.announce(each.address), nodes_.announce(each.value);
    for (const Move& each : moves_) nodes_.announce(each.value);
    nodes_.set_destination([this](int node) { return destination(node); });
    for (Write& each : writes_) {
        if (nodes_.need(each.address) > nodes_.need(each.value)) nodes_.place(each.address);
        nodes_.place(each.value);
        nodes_.place(each.address);
        each.placed = true;
        write_out();
    }
    compute_values();
    write_out();
    move(load_constant);
}

/// An operation goes right to the variable that becomes its value once nothing reads what is there now.
int Assignment::destination(int node) {
    for (Move& each : moves_) {
        if (each.done || each.value != node || !is_free(each.register_index)) continue;
        each.done = true;
        --graph_[node].uses;
        return each.register_index;
    }
    return -1;
}

/// Whether nothing reads the value any more that the variable had before.
bool Assignment::is_free(int register_index) const {
    const int before = graph_.find_variable(register_index);
    return before < 0 || graph_[before].uses == 0 || graph_[before].home != register_index;
}

/// Writes what is ready, in order, unless a cell is still to be read.
void Assignment::write_out() {
    if (nodes_.loads_to_come() > 0) return;
    for (Write& each : writes_) {
        if (each.done) continue;
        if (!each.placed) return;
        out_.write(graph_[each.address].home, graph_[each.value].home);
        nodes_.release(each.address);
        nodes_.release(each.value);
        each.done = true;
    }
}

/// How many readers of the variable stand at or below the node and are not emitted yet.
int Assignment::uses_below(int node, int variable, std::set<int>& seen) const {
    const Node& each = graph_[node];
    if (!is_open(each) || !seen.insert(node).second) return 0;
    int count = 0;
    for (const int operand : {each.first, each.second})
        if (operand >= 0) count += operand == variable ? 1 : uses_below(operand, variable, seen);
    return count;
}

/// Emits the values of variables, those first that can go right to their variable.
void Assignment::compute_values() {
    while (true) {
        Move* next = nullptr;
        for (Move& each : moves_) {
            if (each.done || !is_open(graph_[each.value])) continue;
            if (next == nullptr) next = &each;
            const int before = graph_.find_variable(each.register_index);
            std::set<int> seen;
            if (before >= 0 && uses_below(each.value, before, seen) < graph_[before].uses) continue;
            next = &each;
            break;
        }
        if (next == nullptr) return;
        nodes_.place(next->value);
        write_out();
    }
}

void Assignment::set(Move& each, const LoadConstant& load_constant) {
    const Node& node = graph_[each.value];
    if (node.kind == NodeKind::constant && node.home < 0)
        load_constant(each.register_index, node.value);
    else
        out_.copy(node.home, each.register_index);
    nodes_.release(each.value);
    each.done = true;
}

/// The moves that are left, each after those that read what it overwrites; a circle is broken by a copy.
void Assignment::move(const LoadConstant& load_constant) {
    while (true) {
        bool progress = false, left = false;
        for (Move& each : moves_) {
            if (each.done) continue;
            const int before = graph_.find_variable(each.register_index);
            if (before == each.value && graph_[before].home == each.register_index) {
                nodes_.release(each.value);
                each.done = progress = true;
            } else if (is_free(each.register_index)) {
                set(each, load_constant);
                progress = true;
            } else {
                left = true;
            }
        }
        if (!left) return;
        if (progress) continue;
        const auto stuck = std::find_if(moves_.begin(), moves_.end(), [](const Move& m) { return !m.done; });
        Node& before = graph_[graph_.find_variable(stuck->register_index)];
        const int copy = out_.allocate();
        out_.copy(before.home, copy);
        before.home = copy;
        before.temporary = true;
    }
}

} // namespace ropewalk::language
