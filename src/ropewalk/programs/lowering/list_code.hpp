// Assembly for lists in the making: numbers with signs, walks over lists, lists that are being written.
#pragma once

#include "ropewalk/programs/language/language.hpp"
#include "ropewalk/programs/lowering/layout.hpp"

namespace ropewalk::lowering {

using assembly::Opcode;

/// A register that holds a value, and whether it is free once that is no longer needed.
struct Held {
    int at = -1;
    bool own = false;
};

/// A loop over the cells `at` .. `end`, with the place of the element where it is asked for.
struct Walk {
    Held at, end, place;
    int top = -1, check = -1;
};

class ListCode {
public:
    ListCode(const Layout& layout, bool unbounded);

    language::Emitter emitter;
    /// Lines whose value is a number of the program.
    std::vector<bool> gives_number;

    Held fresh() { return {emitter.allocate(), true}; }
    void drop(Held held) {
        if (held.own) emitter.release(held.at);
    }
    Held constant(std::int64_t number);
    Held copied(Held held);
    void set(Held to, std::int64_t number) { emitter.copy(constant(number).at, to.at); }
    void copy(Held from, Held to) { emitter.copy(from.at, to.at); }
    void apply(Opcode opcode, Held a, Held b, Held to) { emitter.value(opcode, a.at, b.at, to.at); }
    void apply(Opcode opcode, Held a, Held to) { emitter.value(opcode, a.at, -1, to.at); }
    /// The same, and the value is a number of the program.
    void number(Opcode opcode, Held a, Held b, Held to);
    void read(Held address, Held to) { apply(Opcode::read, address, to); }
    void write(Held address, Held value) { emitter.write(address.at, value.at); }

    int label(const char* name) { return emitter.new_label(name); }
    void bind(int label) { emitter.bind(label); }
    void jump_if_zero(Held value, int label) { emitter.jump(value.at, label, -1); }
    void jump(int label) { emitter.jump_always(label); }

    // Numbers, which may be negative.
    void less(Held a, Held b, Held to);
    void is_negative(Held a, Held to);
    void smaller_or_larger(Opcode opcode, Held a, Held b, Held to);
    void divide(Held a, Held b, Held to);
    void remainder(Held a, Held b, Held to);
    void magnitude(Held a, Held to);
    /// How many of `size` elements a count takes from the front; a negative one leaves as many at the end.
    void prefix_length(Held count, Held size, Held to);
    /// The place from the front that an index names, and 1 in `there` where it is one.
    void place(Held index, Held size, Held to, Held there);

    /// Emits `body` for every value of the counter from what it holds up to the limit, which is not among them. `over`
    /// is overwritten.
    template<class Body>
    void count_up(Held counter, Held limit, Held over, const Body& body) {
        const int next = label("again"), check = label("times");
        jump(check);
        bind(next);
        body();
        apply(Opcode::inc, counter, counter);
        bind(check);
        less(counter, limit, over);
        apply(Opcode::sub, constant(1), over, over);
        jump_if_zero(over, next);
    }

    // Walks.
    Walk walk(Held list, bool with_place);
    /// The registers become the walk's own.
    Walk walk_cells(Held at, Held end, bool with_place, int first_place = 0);
    void close(Walk& walk);
    /// Opens a walk again where it stands: for the cells that are left.
    void go_on(Walk& walk);

    // The list that is being written is the last one in memory, so it can grow.
    Held begin_list();
    void push(Held value);
    void end_list(Held list);
    void push_cells(Held at, Held end);
    void push_list(Held list);
    /// The elements from one place up to another.
    void push_slice(Held list, Held from, Held to);

    Held heap;

private:
    /// The first cell of a list's elements, and the one behind them.
    std::pair<Held, Held> cells_of(Held list);

    bool signs() const { return unbounded_ || layout_.negative; }
    Held raised(Held a);

    Layout layout_;
    bool unbounded_;
};

} // namespace ropewalk::lowering
