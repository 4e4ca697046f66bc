#include "ropewalk/programs/language/syntax.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace ropewalk::language {

Expression constant(int number) { return {.kind = ExpressionKind::constant, .number = number}; }

Expression size() { return {.kind = ExpressionKind::size}; }

Expression variable(std::string name) { return {.kind = ExpressionKind::variable, .name = std::move(name)}; }

Expression load(Expression address) {
    Expression result{.kind = ExpressionKind::load};
    result.operands.push_back(std::move(address));
    return result;
}

Expression operation(Operator op, Expression a, Expression b) {
    Expression result{.kind = ExpressionKind::operation, .operation = op};
    result.operands.push_back(std::move(a));
    result.operands.push_back(std::move(b));
    return result;
}

Expression negation(Expression condition) {
    Expression result{.kind = ExpressionKind::operation, .operation = Operator::negation};
    result.operands.push_back(std::move(condition));
    return result;
}

Expression call(std::string function, std::vector<Expression> arguments) {
    return {.kind = ExpressionKind::call, .name = std::move(function), .operands = std::move(arguments)};
}

Statement assign(Expression target, Expression value) {
    Statement result{.kind = StatementKind::assign};
    result.targets.push_back(std::move(target));
    result.values.push_back(std::move(value));
    return result;
}

namespace {

/// The body with every parameter replaced by its argument; both are free of calls.
Expression substituted(const Expression& body, const std::vector<std::string>& parameters,
                       const std::vector<Expression>& arguments) {
    if (body.kind == ExpressionKind::variable) {
        const auto found = std::find(parameters.begin(), parameters.end(), body.name);
        const auto index = static_cast<std::size_t>(found - parameters.begin());
        return index < arguments.size() ? arguments[index] : body;
    }
    Expression result = body;
    for (Expression& operand : result.operands) operand = substituted(operand, parameters, arguments);
    return result;
}

/// `functions` are free of calls.
Expression expanded(const Expression& expression, const std::vector<Function>& functions) {
    Expression result = expression;
    for (Expression& operand : result.operands) operand = expanded(operand, functions);
    if (expression.kind != ExpressionKind::call) return result;
    const auto function = std::find_if(functions.begin(), functions.end(),
                                       [&](const Function& each) { return each.name == expression.name; });
    if (function == functions.end()) return result;
    return substituted(function->body, function->parameters, result.operands);
}

/// Functions use those before them, so one pass in order frees all of them from calls.
std::vector<Function> without_calls(const std::vector<Function>& functions) {
    std::vector<Function> result;
    for (const Function& each : functions)
        result.push_back({each.name, each.parameters, expanded(each.body, result)});
    return result;
}

void expand(Statement& statement, const std::vector<Function>& functions) {
    for (auto* list : {&statement.targets, &statement.values, &statement.expressions})
        for (Expression& each : *list) each = expanded(each, functions);
    for (auto* list : {&statement.body, &statement.otherwise})
        for (Statement& each : *list) expand(each, functions);
}

template<class Item>
int sum_of_counts(const std::vector<Item>& items) {
    return std::accumulate(items.begin(), items.end(), 0,
                           [](int sum, const Item& item) { return sum + node_count(item); });
}

} // namespace

Expression inlined(const Expression& expression, const std::vector<Function>& functions) {
    return expanded(expression, without_calls(functions));
}

Program inlined(const Program& program) {
    Program result{.functions = {}, .statements = program.statements};
    if (program.functions.empty()) return result;
    const std::vector<Function> functions = without_calls(program.functions);
    for (Statement& each : result.statements) expand(each, functions);
    return result;
}

int node_count(const Expression& expression) { return 1 + sum_of_counts(expression.operands); }

int node_count(const Statement& statement) {
    return 1 + sum_of_counts(statement.targets) + sum_of_counts(statement.values) +
           sum_of_counts(statement.expressions) + sum_of_counts(statement.body) +
           sum_of_counts(statement.otherwise);
}

int node_count(const Program& program) {
    return std::accumulate(
        program.functions.begin(), program.functions.end(), sum_of_counts(program.statements),
        [](int sum, const Function& function) { return sum + 1 + node_count(function.body); });
}

} // namespace ropewalk::language
