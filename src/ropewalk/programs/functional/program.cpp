#include "ropewalk/programs/functional/program.hpp"

#include <algorithm>

namespace ropewalk::functional {

Expression variable(std::int64_t which) { return {.op = Operator::variable, .number = which, .arguments = {}}; }

Expression number(std::int64_t value) { return {.op = Operator::number, .number = value, .arguments = {}}; }

Expression call(Operator op, std::vector<Expression> arguments) {
    return {.op = op, .number = 0, .arguments = std::move(arguments)};
}

std::size_t size(const Expression& expression) {
    std::size_t nodes = 1;
    for (const Expression& each : expression.arguments) nodes += size(each);
    return nodes;
}

bool uses(const Expression& expression, std::int64_t variable) {
    if (expression.op == Operator::variable) return expression.number == variable;
    return std::any_of(expression.arguments.begin(), expression.arguments.end(),
                       [variable](const Expression& each) { return uses(each, variable); });
}

bool uses(const Expression& expression, Operator op) {
    return expression.op == op || std::any_of(expression.arguments.begin(), expression.arguments.end(),
                                              [op](const Expression& each) { return uses(each, op); });
}

bool uses_from(const Expression& expression, std::int64_t from) {
    if (expression.op == Operator::variable) return expression.number >= from;
    return std::any_of(expression.arguments.begin(), expression.arguments.end(),
                       [from](const Expression& each) { return uses_from(each, from); });
}

Expression shifted(Expression expression, std::int64_t from, std::int64_t by) {
    if (expression.op == Operator::variable && expression.number >= from) expression.number += by;
    for (Expression& each : expression.arguments) each = shifted(std::move(each), from, by);
    return expression;
}

} // namespace ropewalk::functional
