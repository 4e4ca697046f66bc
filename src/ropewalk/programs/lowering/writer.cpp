#include "ropewalk/programs/lowering/writer.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ropewalk::lowering {

using functional::Expression;
using functional::Operator;

std::vector<Operator> not_lowered() {
    using enum Operator;
    return {group, split, prefixes, windows, chunks, transpose, zip, flatten, join, numbers, to_text, upper, lower};
}

Writer::Writer(const functional::Program& program, const Layout& layout, bool unbounded)
    : program_(program), layout_(layout), unbounded_(unbounded), code_(layout, unbounded), types_(functional::types_of(program)) {}

base::Result<Lowered> Writer::write() {
    for (std::size_t i = 0; i < program_.parameters.size(); ++i) {
        const Held cell = code_.constant(layout_.arguments[i]);
        if (program_.parameters[i].type.is_list()) {
            variables_.push_back(cell);
            continue;
        }
        variables_.push_back(code_.fresh());
        code_.read(cell, variables_.back());
    }
    leave(value(program_.body));
    code_.emitter.plain(Opcode::halt);
    if (wrong_) return base::failure({*wrong_});
    return code_.emitter.finish().map([&](language::Emitted emitted) {
        code_.gives_number.resize(emitted.program.instructions.size(), false);
        return Lowered{.program = std::move(emitted.program), .layout = layout_, .gives_number = code_.gives_number};
    });
}

/// Puts the value where the layout has it. The lists that it may be part of stand behind the cells that are written.
void Writer::leave(Held value) {
    const Held to = code_.copied(code_.constant(0));
    if (program_.result.depth == 0) {
        code_.write(to, value);
        return;
    }
    const Held length = code_.fresh();
    code_.read(value, length);
    Walk cells = code_.walk(value, false);
    const Held element = code_.fresh();
    code_.read(cells.at, element);
    code_.apply(Opcode::inc, to, to);
    code_.write(to, element);
    code_.close(cells);
    code_.write(code_.constant(0), length);
}

void Writer::refuse(std::string found, std::string expected) {
    if (!wrong_) wrong_ = base::Diagnostic{.file = "lowering", .found = std::move(found), .expected = std::move(expected)};
}

bool Writer::is_list(const Expression& expression) const {
    const auto type = types_.find(&expression);
    return type != types_.end() && type->second.is_list();
}

bool Writer::makes_lists(const Expression& expression) const {
    return (is_list(expression) && expression.op != Operator::variable) ||
           std::any_of(expression.arguments.begin(), expression.arguments.end(), [this](const Expression& each) { return makes_lists(each); });
}

Held Writer::value(const Expression& expression) {
    if (code_.emitter.is_too_long()) refuse("a program of too many instructions", fmt::format("at most {}", assembly::largest_line_count));
    if (wrong_) return code_.constant(0);
    const auto type = types_.find(&expression);
    const bool flat_map_body = type != types_.end() && type->second.depth > 1;
    if (flat_map_body) {
        refuse(fmt::format("{}, a list of lists", functional::facts(expression.op).name),
               "numbers and lists of numbers: a machine has no lists of lists");
        return code_.constant(0);
    }
    // Lists that were only made for a number are gone with it.
    if (is_list(expression) || !makes_lists(expression)) return written(expression);
    const Held before = code_.copied(code_.heap);
    const Held result = written(expression);
    code_.copy(before, code_.heap);
    code_.drop(before);
    return result;
}

Held Writer::written(const Expression& expression) {
    using enum Operator;
    switch (expression.op) {
    case variable: return {variables_[static_cast<std::size_t>(expression.number)].at, false};
    case number:
        expect_number(expression.number);
        if (std::abs(expression.number) > INT32_MAX) refuse(fmt::format("the number {}", expression.number), "at most 255");
        return wrong_ ? code_.constant(0) : code_.constant(expression.number);
    case truth: return code_.constant(expression.number);
    case list: return literal(expression);
    case condition: return chosen(expression);
    case let: {
        const Held named = value(expression.arguments[0]);
        variables_.push_back(named);
        const Held inner = value(expression.arguments[1]);
        variables_.pop_back();
        if (inner.at == named.at) return named;
        code_.drop(named);
        return inner;
    }
    default: return functional::facts(expression.op).parameters > 0 ? with_function(expression) : called(expression);
    }
}

Held Writer::literal(const Expression& expression) {
    const bool at_once = std::none_of(expression.arguments.begin(), expression.arguments.end(),
                                      [this](const Expression& each) { return makes_lists(each); });
    std::vector<Held> elements;
    if (!at_once)
        for (const Expression& each : expression.arguments) elements.push_back(value(each));
    const Held list = code_.begin_list();
    for (std::size_t i = 0; i < expression.arguments.size(); ++i) {
        const Held element = at_once ? value(expression.arguments[i]) : elements[i];
        code_.push(element);
        code_.drop(element);
    }
    code_.end_list(list);
    return list;
}

Held Writer::chosen(const Expression& expression) {
    const Held condition = value(expression.arguments[0]), result = code_.fresh();
    const int otherwise = code_.label("otherwise"), done = code_.label("chosen");
    code_.jump_if_zero(condition, otherwise);
    code_.drop(condition);
    for (const std::size_t branch : {1u, 2u}) {
        const Held each = value(expression.arguments[branch]);
        code_.copy(each, result);
        code_.drop(each);
        if (branch == 1) {
            code_.jump(done);
            code_.bind(otherwise);
        }
    }
    code_.bind(done);
    return result;
}

Held Writer::called(const Expression& expression) {
    std::vector<Held> arguments;
    for (const Expression& each : expression.arguments) arguments.push_back(value(each));
    if (wrong_) return code_.constant(0);
    const Operator op = expression.op;
    if (op == Operator::digits || op == Operator::from_digits) expect_number(10);
    Held result;
    const bool of_lists = !arguments.empty() && is_list(expression.arguments[0]);
    if (op <= Operator::odd && !of_lists)
        result = of_numbers(expression, arguments[0], arguments.size() > 1 ? arguments[1] : arguments[0]);
    else if (op == Operator::equal || op == Operator::not_equal)
        result = lists_equal(arguments[0], arguments[1]);
    else
        result = is_list(expression) ? built(expression, arguments) : of_list(expression, arguments);
    if (op == Operator::not_equal && of_lists) code_.apply(Opcode::sub, code_.constant(1), result, result);
    for (const Held each : arguments)
        if (each.at != result.at) code_.drop(each);
    return result;
}

Held Writer::of_numbers(const Expression& expression, Held a, Held b) {
    using enum Operator;
    const Held to = code_.fresh();
    const auto inverted = [&] { code_.apply(Opcode::sub, code_.constant(1), to, to); };
    switch (expression.op) {
    case add: code_.number(Opcode::add, a, b, to); break;
    case subtract: code_.number(Opcode::sub, a, b, to); break;
    case multiply: code_.number(Opcode::mul, a, b, to); break;
    case divide: code_.divide(a, b, to); break;
    case remainder: code_.remainder(a, b, to); break;
    case negate: code_.number(Opcode::sub, code_.constant(0), a, to); break;
    case absolute: code_.magnitude(a, to); break;
    case minimum_of: code_.smaller_or_larger(Opcode::min, a, b, to); break;
    case maximum_of: code_.smaller_or_larger(Opcode::max, a, b, to); break;
    case common_divisor: common_divisor_of(a, b, to); break;
    case less: code_.less(a, b, to); break;
    case at_most:
        code_.less(b, a, to);
        inverted();
        break;
    case equal: code_.apply(Opcode::eq, a, b, to); break;
    case not_equal:
        code_.apply(Opcode::eq, a, b, to);
        inverted();
        break;
    case negation:
        code_.copy(a, to);
        inverted();
        break;
    case both: code_.apply(Opcode::mul, a, b, to); break;
    case either: code_.apply(Opcode::max, a, b, to); break;
    case even:
    case odd:
        code_.remainder(a, code_.constant(2), to);
        if (expression.op == even) inverted();
        break;
    default: code_.copy(a, to); // from_truth
    }
    return to;
}

void Writer::expect_number(std::int64_t number) {
    if (!unbounded_ && (number < layout_.least_number() || number > layout_.largest_number()))
        refuse(fmt::format("the number {}", number),
               fmt::format("{} to {} in base {}", layout_.least_number(), layout_.largest_number(), layout_.base));
}

/// Euclid's algorithm.
void Writer::common_divisor_of(Held a, Held b, Held to) {
    const Held smaller = code_.fresh(), rest = code_.fresh();
    const int again = code_.label("divided_again"), done = code_.label("divides_both");
    code_.magnitude(a, to);
    code_.magnitude(b, smaller);
    code_.bind(again);
    code_.jump_if_zero(smaller, done);
    code_.remainder(to, smaller, rest);
    code_.copy(smaller, to);
    code_.copy(rest, smaller);
    code_.jump(again);
    code_.bind(done);
    code_.drop(smaller);
    code_.drop(rest);
}

base::Result<Lowered> lower(const functional::Program& program, const Layout& layout) {
    return Writer(program, layout, false).write();
}

base::Result<Lowered> lower_unbounded(const functional::Program& program, const Layout& layout) {
    return Writer(program, layout, true).write();
}

} // namespace ropewalk::lowering
