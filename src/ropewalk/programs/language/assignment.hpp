#pragma once

#include <functional>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "ropewalk/programs/language/emitter.hpp"
#include "ropewalk/programs/language/value_graph.hpp"

namespace ropewalk::language {

/// Emits a node of a graph and those below it; temporaries share registers once they are dead.
class NodeEmitter {
public:
    NodeEmitter(ValueGraph& graph, Emitter& out) : graph_(graph), out_(out) {}

    /// Announces one more reader of the node. All readers are announced before anything is emitted.
    void announce(int node);
    /// The register that holds the node's value; emits what it takes to have it there.
    int place(int node);
    /// One reader is done with the node.
    void release(int node);
    /// Registers that computing the node takes, as far as it shares nothing with others.
    int need(int node) const;

    /// Asked for the register an operation's result should go to; -1 for any.
    using Destination = std::function<int(int node)>;
    void set_destination(Destination destination) { destination_ = std::move(destination); }

    /// Cells that are still to be read.
    int loads_to_come() const { return loads_to_come_; }

private:
    ValueGraph& graph_;
    Emitter& out_;
    Destination destination_;
    /// By node, worked out once: values are shared so much that walking all paths could take for ever.
    std::map<int, int> needs_;
    int loads_to_come_ = 0;
};

/// Several assignments at once: all values and addresses are taken before anything is written.
class Assignment {
public:
    Assignment(ValueGraph& graph, Emitter& out);

    void add_write(int address, int value) { writes_.push_back({address, value}); }
    void add_move(int register_index, int value) { moves_.push_back({register_index, value}); }

    /// Called for a variable whose value is constant.
    using LoadConstant = std::function<void(int register_index, int value)>;
    void emit(const LoadConstant& load_constant);

private:
    struct Write {
        int address, value;
        bool placed = false, done = false;
    };
    struct Move {
        int register_index, value;
        bool done = false;
    };

    int destination(int node);
    void write_out();
    void compute_values();
    void move(const LoadConstant& load_constant);
    bool is_free(int register_index) const;
    int uses_below(int node, int variable, std::set<int>& seen) const;
    void set(Move& move, const LoadConstant& load_constant);

    ValueGraph& graph_;
    Emitter& out_;
    NodeEmitter nodes_;
    std::vector<Write> writes_;
    std::vector<Move> moves_;
};

} // namespace ropewalk::language
