// Operators on lists that take no function.
#include <fmt/format.h>

#include "ropewalk/programs/lowering/writer.hpp"

namespace ropewalk::lowering {

using functional::Expression;
using functional::Operator;

Held Writer::of_list(const Expression& expression, const std::vector<Held>& v) {
    using enum Operator;
    const Held from = v[0];
    switch (expression.op) {
    case length: {
        const Held to = code_.fresh();
        code_.read(from, to);
        return to;
    }
    case first: return element_at(from, code_.constant(0));
    case last: {
        const Held place = code_.fresh();
        code_.read(from, place);
        code_.apply(Opcode::dec, place, place);
        const Held to = element_at(from, place);
        code_.drop(place);
        return to;
    }
    case get: return element_at(from, v[1]);
    case sum:
    case product: {
        const Held to = code_.copied(code_.constant(expression.op == product)), element = code_.fresh();
        Walk walk = code_.walk(from, false);
        code_.read(walk.at, element);
        code_.number(expression.op == sum ? Opcode::add : Opcode::mul, to, element, to);
        code_.close(walk);
        for (const Held each : {walk.at, walk.end, element}) code_.drop(each);
        return to;
    }
    case from_digits: {
        const Held to = code_.copied(code_.constant(0)), element = code_.fresh();
        Walk walk = code_.walk(from, false);
        code_.read(walk.at, element);
        code_.number(Opcode::mul, to, code_.constant(10), to);
        code_.number(Opcode::add, to, element, to);
        code_.close(walk);
        for (const Held each : {walk.at, walk.end, element}) code_.drop(each);
        return to;
    }
    case maximum: return extreme(Opcode::max, from);
    case minimum: return extreme(Opcode::min, from);
    case count:
    case index:
    case contains: return found(expression.op, from, v[1]);
    default:
        refuse(functional::facts(expression.op).name, "an operator that can be lowered");
        return code_.constant(0);
    }
}

Held Writer::element_at(Held list, Held index) {
    const Held to = code_.fresh(), size = code_.fresh(), there = code_.fresh();
    const int none = code_.label("no_element"), done = code_.label("element_read");
    code_.read(list, size);
    code_.place(index, size, to, there);
    code_.jump_if_zero(there, none);
    code_.apply(Opcode::add, list, to, to);
    code_.apply(Opcode::inc, to, to);
    code_.read(to, to);
    code_.jump(done);
    code_.bind(none);
    code_.set(to, 0);
    code_.bind(done);
    code_.drop(size);
    code_.drop(there);
    return to;
}

Held Writer::extreme(Opcode opcode, Held list) {
    const Held to = element_at(list, code_.constant(0)), element = code_.fresh();
    Walk walk = code_.walk(list, false);
    code_.read(walk.at, element);
    code_.smaller_or_larger(opcode, to, element, to);
    code_.close(walk);
    for (const Held each : {walk.at, walk.end, element}) code_.drop(each);
    return to;
}

/// How often a value occurs, where first, or whether.
Held Writer::found(Operator op, Held list, Held value) {
    const bool place = op == Operator::index;
    const Held to = code_.copied(code_.constant(0)), element = code_.fresh();
    Walk walk = code_.walk(list, place);
    const int next = code_.label("other"), done = code_.label("found");
    code_.read(walk.at, element);
    code_.apply(Opcode::eq, element, value, element);
    if (op == Operator::count) {
        code_.apply(Opcode::add, to, element, to);
    } else {
        code_.jump_if_zero(element, next);
        if (place)
            code_.copy(walk.place, to);
        else
            code_.set(to, 1);
        code_.jump(done);
        code_.bind(next);
    }
    code_.close(walk);
    if (place) code_.number(Opcode::sub, code_.constant(0), code_.constant(1), to);
    if (op != Operator::count) code_.bind(done);
    for (const Held each : {walk.at, walk.end, walk.place, element}) code_.drop(each);
    return to;
}

Held Writer::lists_equal(Held a, Held b) {
    const Held to = code_.copied(code_.constant(0)), left = code_.fresh(), right = code_.fresh(), other = code_.fresh();
    const int done = code_.label("compared");
    code_.read(a, left);
    code_.read(b, right);
    code_.apply(Opcode::eq, left, right, left);
    code_.jump_if_zero(left, done);
    code_.apply(Opcode::inc, b, other);
    Walk walk = code_.walk(a, false);
    code_.read(walk.at, left);
    code_.read(other, right);
    code_.apply(Opcode::eq, left, right, left);
    code_.jump_if_zero(left, done);
    code_.apply(Opcode::inc, other, other);
    code_.close(walk);
    code_.set(to, 1);
    code_.bind(done);
    for (const Held each : {left, right, other, walk.at, walk.end}) code_.drop(each);
    return to;
}

Held Writer::built(const Expression& expression, const std::vector<Held>& v) {
    const Held list = code_.begin_list();
    build(expression, v, list);
    code_.end_list(list);
    return list;
}

void Writer::build(const Expression& expression, const std::vector<Held>& v, Held made) {
    using enum Operator;
    const Held zero = code_.constant(0), size = code_.fresh(), place = code_.fresh();
    if (expression.op != range && expression.op != repeat && expression.op != digits && expression.op != bits) code_.read(v[0], size);
    switch (expression.op) {
    case prepend:
        code_.push(v[1]);
        code_.push_list(v[0]);
        break;
    case append:
        code_.push_list(v[0]);
        code_.push(v[1]);
        break;
    case concat:
        code_.push_list(v[0]);
        code_.push_list(v[1]);
        break;
    case reverse: push_backwards(v[0]); break;
    case sort:
        code_.push_list(v[0]);
        sort_cells(made, {});
        break;
    case tail:
        code_.apply(Opcode::min, size, code_.constant(1), place);
        code_.push_slice(v[0], place, size);
        break;
    case init:
        code_.apply(Opcode::min, size, code_.constant(1), place);
        code_.apply(Opcode::sub, size, place, place);
        code_.push_slice(v[0], zero, place);
        break;
    case take:
        code_.prefix_length(v[1], size, place);
        code_.push_slice(v[0], zero, place);
        break;
    case drop:
        code_.prefix_length(v[1], size, place);
        code_.push_slice(v[0], place, size);
        break;
    case range: push_range(v[0], v[1]); break;
    case digits: push_digits(v[0], 10); break;
    case bits: push_digits(v[0], 2); break;
    case unique: push_unique(v[0], made); break;
    case repeat: {
        // From 0 up to how often.
        const Held end = code_.copied(v[1]);
        code_.set(place, 0);
        code_.count_up(place, end, size, [&] { code_.push(v[0]); });
        code_.drop(end);
        break;
    }
    default: build_edited(expression, v, made);
    }
    code_.drop(size);
    code_.drop(place);
}

void Writer::build_edited(const Expression& expression, const std::vector<Held>& v, Held made) {
    using enum Operator;
    const Held zero = code_.constant(0), size = code_.fresh(), place = code_.fresh(), there = code_.fresh();
    const int done = code_.label("edited");
    code_.read(v[0], size);
    switch (expression.op) {
    case insert:
        code_.prefix_length(v[1], size, place);
        code_.push_slice(v[0], zero, place);
        code_.push(v[2]);
        code_.push_slice(v[0], place, size);
        break;
    case set:
        code_.push_list(v[0]);
        code_.place(v[1], size, place, there);
        code_.jump_if_zero(there, done);
        code_.apply(Opcode::add, place, made, place);
        code_.apply(Opcode::inc, place, place);
        code_.write(place, v[2]);
        break;
    case remove_at: {
        const int known = code_.label("place_there");
        code_.place(v[1], size, place, there);
        code_.apply(Opcode::sub, code_.constant(1), there, there);
        code_.jump_if_zero(there, known);
        code_.copy(size, place);
        code_.bind(known);
        code_.push_slice(v[0], zero, place);
        code_.apply(Opcode::inc, place, place);
        code_.apply(Opcode::min, place, size, place);
        code_.push_slice(v[0], place, size);
        break;
    }
    case swap:
        code_.push_list(v[0]);
        exchange(made, v[1], v[2], size);
        break;
    case pad:
        code_.push_list(v[0]);
        code_.count_up(size, v[1], there, [&] { code_.push(v[2]); });
        break;
    default: refuse(functional::facts(expression.op).name, "an operator that can be lowered");
    }
    code_.bind(done);
    for (const Held each : {size, place, there}) code_.drop(each);
}

/// Exchanges neighbours until all stand in order: as often as there are elements. Where there are keys, by these, which
/// are exchanged too.
void Writer::sort_cells(Held list, Held keys) {
    const bool by_key = keys.at >= 0;
    const Held at = code_.fresh(), left = code_.fresh(), right = code_.fresh(), other = code_.fresh(), end = code_.copied(code_.heap);
    const Held start = code_.fresh();
    code_.apply(Opcode::inc, list, start);
    Walk round = code_.walk_cells(start, end, false);
    const int next = code_.label("pair"), check = code_.label("pairs"), ordered = code_.label("ordered");
    const Held key = code_.fresh();
    code_.apply(Opcode::inc, list, at);
    if (by_key) code_.apply(Opcode::inc, keys, key);
    code_.jump(check);
    code_.bind(next);
    const auto read_pair = [&](Held cell) {
        code_.apply(Opcode::dec, cell, other);
        code_.read(other, left);
        code_.read(cell, right);
    };
    if (by_key) {
        read_pair(key);
        const Held later = code_.fresh();
        code_.less(right, left, later);
        code_.jump_if_zero(later, ordered);
        code_.drop(later);
        code_.write(other, right);
        code_.write(key, left);
        read_pair(at);
        code_.write(other, right);
        code_.write(at, left);
        code_.bind(ordered);
    } else {
        read_pair(at);
        const Held smaller = code_.fresh();
        code_.smaller_or_larger(Opcode::min, left, right, smaller);
        code_.write(other, smaller);
        code_.smaller_or_larger(Opcode::max, left, right, smaller);
        code_.write(at, smaller);
        code_.drop(smaller);
    }
    code_.bind(check);
    code_.apply(Opcode::inc, at, at);
    if (by_key) code_.apply(Opcode::inc, key, key);
    const Held over = code_.fresh();
    code_.apply(Opcode::eq, at, round.end, over);
    code_.jump_if_zero(over, next);
    code_.drop(over);
    code_.close(round);
    for (const Held each : {at, left, right, other, round.at, round.end, key}) code_.drop(each);
}

void Writer::push_unique(Held from, Held list) {
    const Held element = code_.fresh(), other = code_.fresh();
    Walk walk = code_.walk(from, false);
    const int known = code_.label("known");
    code_.read(walk.at, element);
    const Held start = code_.fresh();
    code_.apply(Opcode::inc, list, start);
    Walk before = code_.walk_cells(start, code_.copied(code_.heap), false);
    code_.read(before.at, other);
    code_.apply(Opcode::eq, other, element, other);
    code_.apply(Opcode::sub, code_.constant(1), other, other);
    code_.jump_if_zero(other, known);
    code_.close(before);
    code_.push(element);
    code_.bind(known);
    code_.close(walk);
    for (const Held each : {element, other, walk.at, walk.end, before.at, before.end}) code_.drop(each);
}

void Writer::push_backwards(Held from) {
    const Held at = code_.fresh(), element = code_.fresh();
    const int next = code_.label("backwards"), check = code_.label("front");
    code_.read(from, at);
    code_.apply(Opcode::add, at, from, at);
    code_.jump(check);
    code_.bind(next);
    code_.read(at, element);
    code_.push(element);
    code_.apply(Opcode::dec, at, at);
    code_.bind(check);
    code_.apply(Opcode::eq, at, from, element);
    code_.jump_if_zero(element, next);
    code_.drop(at);
    code_.drop(element);
}

void Writer::push_range(Held from, Held to) {
    const Held number = code_.copied(from), over = code_.fresh();
    code_.count_up(number, to, over, [&] { code_.push(number); });
    code_.drop(number);
    code_.drop(over);
}

/// From the largest power of the base that is not beyond the number, down to 1.
void Writer::push_digits(Held number, std::int64_t base) {
    const Held left = code_.fresh(), power = code_.copied(code_.constant(1)), digit = code_.fresh(), last = code_.fresh();
    const Held of_base = code_.constant(base);
    const int larger = code_.label("larger_power"), written = code_.label("digit"), done = code_.label("digits_done");
    code_.magnitude(number, left);
    code_.bind(larger);
    code_.divide(left, power, digit);
    code_.less(digit, of_base, last);
    const int next = code_.label("not_yet");
    code_.jump_if_zero(last, next);
    code_.jump(written);
    code_.bind(next);
    code_.number(Opcode::mul, power, of_base, power);
    code_.jump(larger);
    code_.bind(written);
    code_.divide(left, power, digit);
    code_.remainder(digit, of_base, digit);
    code_.push(digit);
    code_.divide(power, of_base, power);
    code_.jump_if_zero(power, done);
    code_.jump(written);
    code_.bind(done);
    for (const Held each : {left, power, digit, last}) code_.drop(each);
}

void Writer::exchange(Held list, Held i, Held j, Held size) {
    const Held left = code_.fresh(), right = code_.fresh(), there = code_.fresh(), a = code_.fresh(), b = code_.fresh();
    const int done = code_.label("exchanged");
    for (const auto& [index, place] : {std::pair{i, left}, std::pair{j, right}}) {
        code_.place(index, size, place, there);
        code_.jump_if_zero(there, done);
        code_.apply(Opcode::add, place, list, place);
        code_.apply(Opcode::inc, place, place);
    }
    code_.read(left, a);
    code_.read(right, b);
    code_.write(left, b);
    code_.write(right, a);
    code_.bind(done);
    for (const Held each : {left, right, there, a, b}) code_.drop(each);
}

} // namespace ropewalk::lowering
