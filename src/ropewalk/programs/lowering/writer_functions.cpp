// Operators that take a function: its body stands in a loop.
#include "ropewalk/programs/lowering/writer.hpp"

namespace ropewalk::lowering {

using functional::Expression;
using functional::Operator;

bool Writer::names(const Expression& expression, std::size_t parameter) const {
    return functional::uses(expression.arguments.back(), static_cast<std::int64_t>(variables_.size() + parameter));
}

Held Writer::body(const Expression& expression, std::initializer_list<Held> parameters) {
    variables_.insert(variables_.end(), parameters);
    const Held result = value(expression.arguments.back());
    variables_.resize(variables_.size() - parameters.size());
    return result;
}

Held Writer::with_function(const Expression& expression) {
    using enum Operator;
    const Held x = value(expression.arguments[0]);
    if (wrong_) return code_.constant(0);
    Held result;
    switch (expression.op) {
    case map:
    case filter:
    case take_while:
    case drop_while: result = kept(expression, x); break;
    case count_if:
    case any:
    case all: result = counted(expression, x); break;
    case max_by:
    case min_by: result = best(expression, x); break;
    case sort_by: result = sorted_by(expression, x); break;
    case flat_map: result = flat(expression, x); break;
    case cancel: result = cancelled(expression, x); break;
    case zip_with:
    case pairwise: result = joined(expression, x); break;
    case iterate: result = iterated(expression, x); break;
    default: result = states(expression, x);
    }
    if (result.at != x.at) code_.drop(x);
    return result;
}

/// `map`, and what keeps some of the elements.
Held Writer::kept(const Expression& expression, Held x) {
    using enum Operator;
    const Held made = code_.begin_list(), element = code_.fresh();
    Walk walk = code_.walk(x, names(expression, 1));
    const int skip = code_.label("skip"), done = code_.label("kept");
    code_.read(walk.at, element);
    const Held answer = body(expression, {element, walk.place});
    switch (expression.op) {
    case map: code_.push(answer); break;
    case filter:
        code_.jump_if_zero(answer, skip);
        code_.push(element);
        code_.bind(skip);
        break;
    case take_while:
        code_.jump_if_zero(answer, done);
        code_.push(element);
        break;
    default: code_.jump_if_zero(answer, done); // drop_while
    }
    code_.drop(answer);
    code_.close(walk);
    code_.bind(done);
    if (expression.op == drop_while) {
        code_.go_on(walk);
        code_.read(walk.at, element);
        code_.push(element);
        code_.close(walk);
    }
    code_.end_list(made);
    for (const Held each : {walk.at, walk.end, walk.place, element}) code_.drop(each);
    return made;
}

Held Writer::counted(const Expression& expression, Held x) {
    using enum Operator;
    const Held to = code_.copied(code_.constant(expression.op == all)), element = code_.fresh();
    Walk walk = code_.walk(x, names(expression, 1));
    code_.read(walk.at, element);
    const Held answer = body(expression, {element, walk.place});
    code_.apply(expression.op == count_if ? Opcode::add : expression.op == any ? Opcode::max : Opcode::min, to, answer, to);
    code_.drop(answer);
    code_.close(walk);
    for (const Held each : {walk.at, walk.end, walk.place, element}) code_.drop(each);
    return to;
}

Held Writer::best(const Expression& expression, Held x) {
    const Held to = code_.copied(code_.constant(0)), element = code_.fresh(), key = code_.fresh(), better = code_.fresh();
    const Held none_yet = code_.copied(code_.constant(1));
    code_.set(key, 0);
    Walk walk = code_.walk(x, names(expression, 1));
    const int skip = code_.label("no_better");
    code_.read(walk.at, element);
    const Held answer = body(expression, {element, walk.place});
    if (expression.op == Operator::max_by)
        code_.less(key, answer, better);
    else
        code_.less(answer, key, better);
    code_.apply(Opcode::max, better, none_yet, better);
    code_.jump_if_zero(better, skip);
    code_.copy(answer, key);
    code_.copy(element, to);
    code_.set(none_yet, 0);
    code_.bind(skip);
    code_.drop(answer);
    code_.close(walk);
    for (const Held each : {walk.at, walk.end, walk.place, element, key, better, none_yet}) code_.drop(each);
    return to;
}

Held Writer::sorted_by(const Expression& expression, Held x) {
    const Held keys = code_.begin_list(), element = code_.fresh();
    Walk walk = code_.walk(x, names(expression, 1));
    code_.read(walk.at, element);
    const Held answer = body(expression, {element, walk.place});
    code_.push(answer);
    code_.drop(answer);
    code_.close(walk);
    const Held list = code_.begin_list();
    code_.push_list(x);
    sort_cells(list, keys);
    code_.end_list(list);
    for (const Held each : {walk.at, walk.end, walk.place, element, keys}) code_.drop(each);
    return list;
}

/// Where the lists of the body stand is noted first; then their elements are put one behind the other.
Held Writer::flat(const Expression& expression, Held x) {
    const Held size = code_.fresh(), element = code_.fresh(), note = code_.copied(code_.heap), notes = code_.copied(code_.heap);
    code_.read(x, size);
    code_.apply(Opcode::add, code_.heap, size, code_.heap);
    Walk walk = code_.walk(x, names(expression, 1));
    code_.read(walk.at, element);
    const Held answer = body(expression, {element, walk.place});
    code_.write(note, answer);
    code_.apply(Opcode::inc, note, note);
    code_.drop(answer);
    code_.close(walk);
    const Held list = code_.begin_list();
    Walk noted = code_.walk_cells(notes, note, false);
    code_.read(noted.at, element);
    code_.push_list(element);
    code_.close(noted);
    code_.end_list(list);
    for (const Held each : {walk.at, walk.end, walk.place, element, size, noted.at, noted.end}) code_.drop(each);
    return list;
}

Held Writer::cancelled(const Expression& expression, Held x) {
    const Held list = code_.begin_list(), element = code_.fresh(), last = code_.fresh(), at = code_.fresh();
    Walk walk = code_.walk(x, false);
    const int keep = code_.label("keep"), next = code_.label("cancelled");
    code_.read(walk.at, element);
    code_.apply(Opcode::dec, code_.heap, at);
    // Nothing is left that it could meet.
    code_.apply(Opcode::eq, at, list, last);
    code_.apply(Opcode::sub, code_.constant(1), last, last);
    code_.jump_if_zero(last, keep);
    code_.read(at, last);
    const Held answer = body(expression, {last, element});
    code_.jump_if_zero(answer, keep);
    code_.drop(answer);
    code_.apply(Opcode::dec, code_.heap, code_.heap);
    code_.jump(next);
    code_.bind(keep);
    code_.push(element);
    code_.bind(next);
    code_.close(walk);
    code_.end_list(list);
    for (const Held each : {walk.at, walk.end, element, last, at}) code_.drop(each);
    return list;
}

/// Two elements at a time: of two lists, or neighbours of one.
Held Writer::joined(const Expression& expression, Held x) {
    const bool neighbours = expression.op == Operator::pairwise;
    const Held y = neighbours ? Held{} : value(expression.arguments[1]);
    const Held list = code_.begin_list(), other = code_.fresh(), at = code_.fresh(), end = code_.fresh();
    const Held element = code_.fresh(), second = code_.fresh();
    code_.read(x, end);
    code_.apply(Opcode::inc, x, at);
    if (neighbours) {
        code_.apply(Opcode::min, end, code_.constant(1), other);
        code_.apply(Opcode::sub, end, other, end);
        code_.apply(Opcode::inc, at, other);
    } else {
        code_.read(y, other);
        code_.apply(Opcode::min, end, other, end);
        code_.apply(Opcode::inc, y, other);
    }
    code_.apply(Opcode::add, at, end, end);
    Walk walk = code_.walk_cells(at, end, names(expression, 2));
    code_.read(walk.at, element);
    code_.read(other, second);
    const Held answer = body(expression, {element, second, walk.place});
    code_.push(answer);
    code_.drop(answer);
    code_.apply(Opcode::inc, other, other);
    code_.close(walk);
    code_.end_list(list);
    for (const Held each : {y, other, walk.at, walk.end, walk.place, element, second}) code_.drop(each);
    return list;
}

Held Writer::states(const Expression& expression, Held x) {
    using enum Operator;
    const bool from_first = expression.op == accumulate, shows = expression.op != fold;
    Held state;
    if (from_first) {
        state = element_at(x, code_.constant(0));
    } else {
        const Held start = value(expression.arguments[1]);
        state = code_.copied(start);
        code_.drop(start);
    }
    const Held made = shows ? code_.begin_list() : Held{};
    const Held at = code_.fresh(), end = code_.fresh(), element = code_.fresh();
    const int empty = code_.label("no_states");
    code_.read(x, end);
    if (from_first) {
        code_.jump_if_zero(end, empty);
        code_.push(state);
    }
    code_.apply(Opcode::inc, x, at);
    code_.apply(Opcode::add, at, end, end);
    if (from_first) code_.apply(Opcode::inc, at, at);
    Walk walk = code_.walk_cells(at, end, names(expression, 2), from_first);
    code_.read(walk.at, element);
    const Held next = body(expression, {state, element, walk.place});
    code_.copy(next, state);
    code_.drop(next);
    if (shows) code_.push(state);
    code_.close(walk);
    code_.bind(empty);
    if (shows) code_.end_list(made);
    for (const Held each : {walk.at, walk.end, walk.place, element}) code_.drop(each);
    if (!shows) return state;
    code_.drop(state);
    return made;
}

Held Writer::iterated(const Expression& expression, Held times) {
    const Held start = value(expression.arguments[1]), state = code_.copied(start), place = code_.copied(code_.constant(0));
    const Held over = code_.fresh();
    code_.drop(start);
    code_.count_up(place, times, over, [&] {
        const Held next = body(expression, {state, place});
        code_.copy(next, state);
        code_.drop(next);
    });
    code_.drop(place);
    code_.drop(over);
    return state;
}

} // namespace ropewalk::lowering
