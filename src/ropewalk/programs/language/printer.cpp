#include <tuple>

#include <fmt/format.h>

#include "ropewalk/programs/language/operators.hpp"
#include "ropewalk/programs/language/parser.hpp"

namespace ropewalk::language {

namespace {

Binding binding_of(const Expression& expression) {
    if (expression.kind == ExpressionKind::operation) return text_of(expression.operation).binding;
    // There are no negative numbers in the text form; one is written as a difference.
    if (expression.kind == ExpressionKind::constant && expression.number < 0) return Binding::sum;
    return Binding::atom;
}

/// Operands of `+` and the like chain to the left, so only the right one needs parentheses at equal binding.
std::string operand(const Expression& expression, Binding loosest) {
    const std::string text = to_string(expression);
    return binding_of(expression) < loosest ? "(" + text + ")" : text;
}

std::string list(const std::vector<Expression>& expressions) {
    std::string text;
    for (const Expression& each : expressions) text += (text.empty() ? "" : ", ") + to_string(each);
    return text;
}

std::string operation_text(const Expression& expression) {
    const auto& [operation, text, binding] = text_of(expression.operation);
    if (binding == Binding::atom) return fmt::format("{}({})", text, list(expression.operands));
    if (operation == Operator::negation) return "not " + operand(expression.operands[0], binding);
    const auto tighter = static_cast<Binding>(static_cast<int>(binding) + 1);
    return fmt::format("{} {} {}", operand(expression.operands[0], binding), text,
                       operand(expression.operands[1], tighter));
}

bool is_swap(const Statement& statement) {
    const auto& [targets, values] = std::tie(statement.targets, statement.values);
    return targets.size() == 2 && values.size() == 2 && targets[0] == values[1] && targets[1] == values[0];
}

/// A statement without blocks.
std::string plain(const Statement& statement) {
    if (statement.kind == StatementKind::nop) return "nop";
    if (is_swap(statement)) return "swap " + list(statement.targets);
    return list(statement.targets) + " = " + list(statement.values);
}

bool is_plain(const Statement& statement) {
    return statement.kind == StatementKind::assign || statement.kind == StatementKind::nop;
}

void print(const std::vector<Statement>& statements, std::size_t depth, std::string& text);

void print_block(const std::string& header, const std::vector<Statement>& block, bool one_line,
                 std::size_t depth, std::string& text) {
    text += std::string(4 * depth, ' ') + header + ':';
    if (block.empty())
        text += " nop\n";
    else if (one_line && block.size() == 1 && is_plain(block[0]))
        text += ' ' + plain(block[0]) + '\n';
    else {
        text += '\n';
        print(block, depth + 1, text);
    }
}

std::string header(const Statement& statement) {
    const auto& expressions = statement.expressions;
    if (statement.kind == StatementKind::while_do) return "while " + list(expressions);
    if (statement.kind == StatementKind::if_else) return "if " + list(expressions);
    const std::string range = expressions.size() == 2 ? operand(expressions[0], Binding::sum) + ".." +
                                                            operand(expressions[1], Binding::sum)
                                                      : list(expressions);
    return "for " + statement.variable + " in " + range;
}

void print(const std::vector<Statement>& statements, std::size_t depth, std::string& text) {
    for (const Statement& each : statements) {
        if (is_plain(each)) {
            text += std::string(4 * depth, ' ') + plain(each) + '\n';
            continue;
        }
        print_block(header(each), each.body, each.otherwise.empty(), depth, text);
        if (!each.otherwise.empty()) print_block("else", each.otherwise, false, depth, text);
    }
}

std::string argument_list(const Expression& expression) {
    return expression.operands.empty() ? std::string{} : "(" + list(expression.operands) + ")";
}

} // namespace

std::string to_string(const Expression& expression) {
    switch (expression.kind) {
    case ExpressionKind::constant:
        return expression.number < 0 ? fmt::format("0 - {}", -static_cast<long>(expression.number))
                                     : fmt::format("{}", expression.number);
    case ExpressionKind::size: return "n";
    case ExpressionKind::variable: return expression.name;
    case ExpressionKind::load: return "M[" + list(expression.operands) + "]";
    case ExpressionKind::operation: return operation_text(expression);
    case ExpressionKind::call: return expression.name + "(" + list(expression.operands) + ")";
    case ExpressionKind::hole:
        return "?" + expression.hole_kind + "." + expression.name + argument_list(expression);
    }
    return {};
}

std::string to_string(const Program& program) {
    std::string text;
    for (const Function& each : program.functions) {
        std::string parameters;
        for (const std::string& name : each.parameters) parameters += (parameters.empty() ? "" : ", ") + name;
        text += fmt::format("def {}({}) = {}\n", each.name, parameters, to_string(each.body));
    }
    print(program.statements, 0, text);
    return text;
}

} // namespace ropewalk::language
