#include "ropewalk/programs/functional/simplify.hpp"

#include <algorithm>
#include <optional>

namespace ropewalk::functional {

namespace {

using enum Operator;

bool is_number(const Expression& expression, std::int64_t value) {
    return expression.op == Operator::number && expression.number == value;
}

bool is_constant(const Expression& expression) {
    return expression.op == Operator::number || expression.op == truth;
}

Expression truth_of(bool value) { return {.op = truth, .number = value, .arguments = {}}; }

/// Calls of numbers and truth values alone.
std::optional<Expression> computed(const Expression& expression) {
    const auto& arguments = expression.arguments;
    if (expression.op < add || expression.op > odd) return std::nullopt;
    if (!std::all_of(arguments.begin(), arguments.end(), is_constant)) return std::nullopt;
    values::Word words[3] = {arguments[0].number, arguments.size() > 1 ? arguments[1].number : 0, 0};
    values::Lists lists;
    const values::Word value = apply(expression.op, words, lists);
    if (value == values::undefined) return std::nullopt;
    return expression.op >= less ? truth_of(value != 0) : Expression(functional::number(value));
}

std::optional<Expression> simpler_sum(const Expression& expression) {
    const Expression &a = expression.arguments[0], &b = expression.arguments[1];
    switch (expression.op) {
    case add:
        if (is_number(a, 0)) return b;
        if (is_number(b, 0)) return a;
        if (b.op == negate) return call(subtract, {a, b.arguments[0]});
        if (b.op == Operator::number && b.number < 0) return call(subtract, {a, functional::number(-b.number)});
        if (a.op == Operator::number && b.op != Operator::number) return call(add, {b, a});
        break;
    case subtract:
        if (is_number(b, 0)) return a;
        if (is_number(a, 0)) return call(negate, {b});
        if (b.op == Operator::number && b.number < 0) return call(add, {a, functional::number(-b.number)});
        break;
    case multiply:
        if (is_number(a, 1)) return b;
        if (is_number(b, 1)) return a;
        if (is_number(a, -1)) return call(negate, {b});
        if (is_number(b, -1)) return call(negate, {a});
        if (b.op == Operator::number && a.op != Operator::number) return call(multiply, {b, a});
        break;
    case divide:
        if (is_number(b, 1)) return a;
        break;
    default:
        if (is_number(b, 2) && expression.op == remainder) return std::nullopt;
    }
    return std::nullopt;
}

/// The opposite of a condition where one operator says it.
std::optional<Expression> opposite(const Expression& expression) {
    const auto& arguments = expression.arguments;
    switch (expression.op) {
    case negation: return arguments[0];
    case less: return call(at_most, {arguments[1], arguments[0]});
    case at_most: return call(less, {arguments[1], arguments[0]});
    case equal: return call(not_equal, arguments);
    case not_equal: return call(equal, arguments);
    case even: return call(odd, arguments);
    case odd: return call(even, arguments);
    default: return std::nullopt;
    }
}

std::optional<Expression> simpler_condition(const Expression& expression) {
    const auto& arguments = expression.arguments;
    if (arguments[0].op == truth) return arguments[arguments[0].number != 0 ? 1 : 2];
    if (arguments[1] == arguments[2]) return arguments[1];
    if (arguments[0].op == negation) return call(condition, {arguments[0].arguments[0], arguments[2], arguments[1]});
    if (is_number(arguments[1], 1) && is_number(arguments[2], 0)) return call(from_truth, {arguments[0]});
    return std::nullopt;
}

/// Calls around one list whose inner call makes no difference, or that one operator says.
std::optional<Expression> simpler_list_call(const Expression& expression) {
    const Expression& inner = expression.arguments[0];
    const auto of = [&](Operator op) { return call(op, {inner.arguments[0]}); };
    switch (expression.op) {
    case negate:
        if (inner.op == negate) return inner.arguments[0];
        break;
    case reverse:
        if (inner.op == reverse) return inner.arguments[0];
        break;
    case sort:
        if (inner.op == sort || inner.op == reverse) return of(sort);
        break;
    case unique:
        if (inner.op == unique) return inner;
        break;
    case first:
        if (inner.op == reverse) return of(last);
        if (inner.op == sort) return of(minimum);
        break;
    case last:
        if (inner.op == reverse) return of(first);
        if (inner.op == sort) return of(maximum);
        break;
    case length:
        if (inner.op == reverse || inner.op == sort || inner.op == map || inner.op == sort_by) return of(length);
        if (inner.op == filter) return call(count_if, inner.arguments);
        break;
    case sum:
        if (inner.op == map && inner.arguments[1].op == from_truth)
            return call(count_if, {inner.arguments[0], inner.arguments[1].arguments[0]});
        [[fallthrough]];
    case maximum:
    case minimum:
        if (inner.op == reverse || inner.op == sort) return of(expression.op);
        break;
    case get:
        if (is_number(expression.arguments[1], 0)) return call(first, {inner});
        if (is_number(expression.arguments[1], -1)) return call(last, {inner});
        break;
    case drop:
        if (is_number(expression.arguments[1], 1)) return call(tail, {inner});
        break;
    case take:
        if (is_number(expression.arguments[1], -1)) return call(init, {inner});
        break;
    case flatten:
        if (inner.op == map) return call(flat_map, inner.arguments);
        break;
    default: break;
    }
    return std::nullopt;
}

/// One step, where there is one; `outside` variables stand around the expression.
std::optional<Expression> step(const Expression& expression, std::int64_t outside) {
    const auto& arguments = expression.arguments;
    if (auto value = computed(expression)) return value;
    if (expression.op >= add && expression.op <= remainder) return simpler_sum(expression);
    if (expression.op == negation)
        if (auto turned = opposite(arguments[0])) return turned;
    if (expression.op == condition) return simpler_condition(expression);
    if (expression.op == map && arguments[1] == functional::variable(outside)) return arguments[0];
    if (expression.op == filter && arguments[1] == truth_of(true)) return arguments[0];
    if (expression.op == let && !uses_from(arguments[0], 0)) return std::nullopt;
    return expression.op > list && expression.op != let ? simpler_list_call(expression) : std::nullopt;
}

Expression simplified(Expression expression, std::int64_t outside) {
    const bool binds = facts(expression.op).parameters > 0;
    for (std::size_t i = 0; i < expression.arguments.size(); ++i) {
        const bool body = binds && i + 1 == expression.arguments.size();
        expression.arguments[i] = simplified(std::move(expression.arguments[i]),
                                             body ? outside + facts(expression.op).parameters : outside);
    }
    // Every step makes the expression smaller or moves a constant to its place, so this ends.
    for (int steps = 0; steps < 8; ++steps) {
        auto simpler = step(expression, outside);
        if (!simpler) break;
        expression = std::move(*simpler);
    }
    return expression;
}

/// How often a part stands in a program that names nothing but the `names` outermost variables and those of its
/// own functions.
struct Part {
    Expression expression;
    int times = 1;
};

bool names_between(const Expression& expression, std::int64_t from, std::int64_t to) {
    if (expression.op == Operator::variable) return expression.number >= from && expression.number < to;
    return std::any_of(expression.arguments.begin(), expression.arguments.end(),
                       [&](const Expression& each) { return names_between(each, from, to); });
}

/// The part, which stands below `outside` variables, as it is written below the outermost `names`, where its own
/// parameters have other numbers. Nothing where it names a variable between.
std::optional<Expression> standing_alone(const Expression& part, std::int64_t names, std::int64_t outside) {
    if (names_between(part, names, outside)) return std::nullopt;
    return outside == names ? part : shifted(part, outside, names - outside);
}

/// Parts that are not small. What stands in one branch only of an `if` is not counted: naming it would compute it
/// always.
void count_parts(const Expression& expression, std::int64_t names, std::int64_t outside, std::vector<Part>& parts) {
    constexpr std::size_t small = 4;
    const bool large = size(expression) >= small && uses_from(expression, 0);
    if (const auto alone = large ? standing_alone(expression, names, outside) : std::nullopt) {
        const auto known = std::find_if(parts.begin(), parts.end(),
                                        [&](const Part& each) { return each.expression == *alone; });
        if (known == parts.end())
            parts.push_back({*alone});
        else
            ++known->times;
    }
    if (expression.op == condition) return count_parts(expression.arguments[0], names, outside, parts);
    const int parameters = facts(expression.op).parameters;
    for (std::size_t i = 0; i < expression.arguments.size(); ++i) {
        const bool body = parameters > 0 && i + 1 == expression.arguments.size();
        count_parts(expression.arguments[i], names, body ? outside + parameters : outside, parts);
    }
}

/// The expression with the variable `name` for the part, and one more variable before all others from there on.
Expression replaced(const Expression& expression, const Expression& part, std::int64_t name, std::int64_t outside) {
    if (const auto alone = standing_alone(expression, name, outside); alone && *alone == part) return functional::variable(name);
    Expression result = expression;
    if (result.op == Operator::variable && result.number >= name) ++result.number;
    const int parameters = facts(expression.op).parameters;
    for (std::size_t i = 0; i < result.arguments.size(); ++i) {
        const bool body = parameters > 0 && i + 1 == result.arguments.size();
        result.arguments[i] = replaced(expression.arguments[i], part, name, body ? outside + parameters : outside);
    }
    return result;
}

} // namespace

Program simplify(Program program) {
    program.body = simplified(std::move(program.body), static_cast<std::int64_t>(program.parameters.size()));
    return program;
}

Program with_names(Program program) {
    auto outside = static_cast<std::int64_t>(program.parameters.size());
    std::vector<Expression> given;
    for (;; ++outside) {
        std::vector<Part> parts;
        count_parts(program.body, outside, outside, parts);
        const auto gain = [](const Part& each) { return each.times > 1 ? size(each.expression) : 0; };
        const auto largest = std::max_element(parts.begin(), parts.end(),
                                              [&](const Part& a, const Part& b) { return gain(a) < gain(b); });
        if (largest == parts.end() || largest->times < 2) break;
        program.body = replaced(program.body, largest->expression, outside, outside);
        given.push_back(largest->expression);
    }
    while (!given.empty()) {
        program.body = call(let, {std::move(given.back()), std::move(program.body)});
        given.pop_back();
    }
    return program;
}

} // namespace ropewalk::functional
