#include "ropewalk/programs/lowering/list_code.hpp"

namespace ropewalk::lowering {

ListCode::ListCode(const Layout& layout, bool unbounded)
    : emitter({.machine = {layout.base, layout.cells}, .instruction_set = assembly::all_instructions()}),
      layout_(layout), unbounded_(unbounded) {
    heap = {emitter.variable("heap"), false};
    emitter.start_with(heap.at, layout.free);
}

Held ListCode::constant(std::int64_t number) {
    return {emitter.constant(static_cast<int>(number < 0 && !unbounded_ ? number + layout_.base : number)), false};
}

Held ListCode::copied(Held held) {
    const Held copy_of = fresh();
    copy(held, copy_of);
    return copy_of;
}

void ListCode::number(Opcode opcode, Held a, Held b, Held to) {
    gives_number.resize(static_cast<std::size_t>(emitter.line_count()) + 1, false);
    gives_number.back() = true;
    apply(opcode, a, b, to);
}

/// Half of the base more, so that the order of numbers is that of a machine, which knows none below 0.
Held ListCode::raised(Held a) {
    const Held result = fresh();
    apply(Opcode::add, a, constant(layout_.base / 2), result);
    return result;
}

void ListCode::less(Held a, Held b, Held to) {
    if (unbounded_ || !layout_.negative) return apply(Opcode::lt, a, b, to);
    const Held left = raised(a), right = raised(b);
    apply(Opcode::lt, left, right, to);
    drop(left);
    drop(right);
}

void ListCode::is_negative(Held a, Held to) {
    if (unbounded_)
        apply(Opcode::lt, a, constant(0), to);
    else if (layout_.negative)
        apply(Opcode::lt, constant(layout_.base / 2 - 1), a, to);
    else
        set(to, 0);
}

void ListCode::smaller_or_larger(Opcode opcode, Held a, Held b, Held to) {
    if (unbounded_ || !layout_.negative) return apply(opcode, a, b, to);
    const Held left = raised(a), right = raised(b);
    apply(opcode, left, right, to);
    apply(Opcode::add, to, constant(layout_.base / 2), to);
    drop(left);
    drop(right);
}

void ListCode::divide(Held a, Held b, Held to) {
    if (unbounded_ || !layout_.negative) return apply(Opcode::div, a, b, to);
    const Held x = copied(a), y = copied(b), sign = fresh(), zero = constant(0);
    const int positive_divisor = label("positive_divisor"), positive = label("positive"), done = label("divided");
    is_negative(y, sign);
    jump_if_zero(sign, positive_divisor);
    apply(Opcode::sub, zero, x, x);
    apply(Opcode::sub, zero, y, y);
    bind(positive_divisor);
    is_negative(x, sign);
    jump_if_zero(sign, positive);
    // Rounded down: -((-x + y - 1) / y).
    apply(Opcode::sub, zero, x, x);
    apply(Opcode::add, x, y, x);
    apply(Opcode::dec, x, x);
    apply(Opcode::div, x, y, x);
    apply(Opcode::sub, zero, x, to);
    jump(done);
    bind(positive);
    apply(Opcode::div, x, y, to);
    bind(done);
    for (const Held each : {x, y, sign}) drop(each);
}

/// a - b * (a // b), which is a where b is 0.
void ListCode::remainder(Held a, Held b, Held to) {
    const Held quotient = fresh();
    divide(a, b, quotient);
    apply(Opcode::mul, quotient, b, quotient);
    apply(Opcode::sub, a, quotient, to);
    drop(quotient);
}

void ListCode::magnitude(Held a, Held to) {
    const int positive = label("positive");
    const Held sign = fresh();
    copy(a, to);
    is_negative(a, sign);
    jump_if_zero(sign, positive);
    number(Opcode::sub, constant(0), a, to);
    bind(positive);
    drop(sign);
}

void ListCode::prefix_length(Held count, Held size, Held to) {
    if (!signs()) return apply(Opcode::min, count, size, to);
    const Held sign = fresh();
    const int from_front = label("from_front"), done = label("length_known");
    is_negative(count, sign);
    jump_if_zero(sign, from_front);
    apply(Opcode::add, count, size, to);
    is_negative(to, sign);
    jump_if_zero(sign, done);
    set(to, 0);
    jump(done);
    bind(from_front);
    apply(Opcode::min, count, size, to);
    bind(done);
    drop(sign);
}

void ListCode::place(Held index, Held size, Held to, Held there) {
    copy(index, to);
    if (signs()) {
        const int from_front = label("place_known");
        is_negative(index, there);
        jump_if_zero(there, from_front);
        apply(Opcode::add, index, size, to);
        bind(from_front);
    }
    // On a machine a place below 0 is a large number.
    apply(Opcode::lt, to, size, there);
    if (!unbounded_) return;
    const Held sign = fresh();
    is_negative(to, sign);
    apply(Opcode::sub, there, sign, there);
    drop(sign);
}

std::pair<Held, Held> ListCode::cells_of(Held list) {
    const Held at = fresh(), end = fresh();
    read(list, end);
    apply(Opcode::inc, list, at);
    apply(Opcode::add, at, end, end);
    return {at, end};
}

Walk ListCode::walk(Held list, bool with_place) {
    const auto [at, end] = cells_of(list);
    return walk_cells(at, end, with_place);
}

Walk ListCode::walk_cells(Held at, Held end, bool with_place, int first_place) {
    Walk walk{.at = at, .end = end, .place = {}};
    if (with_place) set(walk.place = fresh(), first_place);
    go_on(walk);
    return walk;
}

void ListCode::go_on(Walk& walk) {
    walk.top = label("element");
    walk.check = label("next");
    jump(walk.check);
    bind(walk.top);
}

void ListCode::close(Walk& walk) {
    apply(Opcode::inc, walk.at, walk.at);
    if (walk.place.at >= 0) apply(Opcode::inc, walk.place, walk.place);
    bind(walk.check);
    const Held over = fresh();
    apply(Opcode::eq, walk.at, walk.end, over);
    jump_if_zero(over, walk.top);
    drop(over);
}

Held ListCode::begin_list() {
    const Held list = copied(heap);
    apply(Opcode::inc, heap, heap);
    return list;
}

void ListCode::push(Held value) {
    write(heap, value);
    apply(Opcode::inc, heap, heap);
}

void ListCode::end_list(Held list) {
    const Held length = fresh();
    apply(Opcode::sub, heap, list, length);
    apply(Opcode::dec, length, length);
    write(list, length);
    drop(length);
}

void ListCode::push_cells(Held at, Held end) {
    Walk cells = walk_cells(at, end, false);
    const Held element = fresh();
    read(cells.at, element);
    push(element);
    close(cells);
    for (const Held each : {cells.at, cells.end, element}) drop(each);
}

void ListCode::push_list(Held list) {
    const auto [at, end] = cells_of(list);
    push_cells(at, end);
}

void ListCode::push_slice(Held list, Held from, Held to) {
    const Held at = fresh(), end = fresh();
    apply(Opcode::inc, list, at);
    apply(Opcode::add, at, to, end);
    apply(Opcode::add, at, from, at);
    push_cells(at, end);
}

} // namespace ropewalk::lowering
