#include "ropewalk/programs/induction/one_size.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace ropewalk::induction {

namespace {

using language::Expression;
using language::ExpressionKind;
using language::Operator;
using language::Statement;

class Rewriting {
public:
    explicit Rewriting(int cells) : cells_(cells) {}

    /// Variables that are given what memory holds, directly or by other variables.
    void collect(const std::vector<Statement>& statements) {
        for (std::size_t before = SIZE_MAX; before != from_memory_.size();) {
            before = from_memory_.size();
            for (const Statement& each : statements) collect(each);
        }
    }

    void rewrite(std::vector<Statement>& statements) {
        for (Statement& each : statements) {
            for (Expression& value : each.values) rewrite(value);
            for (Expression& target : each.targets) rewrite(target);
            if (each.kind != language::StatementKind::for_range)
                for (Expression& expression : each.expressions) rewrite(expression);
            rewrite(each.body);
            rewrite(each.otherwise);
        }
    }

    bool changed = false;

private:
    void collect(const Statement& statement) {
        for (std::size_t i = 0; i < std::min(statement.targets.size(), statement.values.size()); ++i)
            if (statement.targets[i].kind == ExpressionKind::variable && is_of_memory(statement.values[i]))
                from_memory_.insert(statement.targets[i].name);
        for (const Statement& each : statement.body) collect(each);
        for (const Statement& each : statement.otherwise) collect(each);
    }

    bool is_of_memory(const Expression& expression) const {
        if (expression.kind == ExpressionKind::load) return true;
        if (expression.kind == ExpressionKind::variable) return from_memory_.contains(expression.name);
        return std::any_of(expression.operands.begin(), expression.operands.end(),
                           [&](const Expression& each) { return is_of_memory(each); });
    }

    /// What is reckoned or compared; conditions that are joined stand each for itself.
    static bool is_of_values(const Expression& expression) {
        return expression.kind == ExpressionKind::operation && expression.operation != Operator::both &&
               expression.operation != Operator::either && expression.operation != Operator::negation;
    }

    void rewrite(Expression& expression) {
        if (expression.kind == ExpressionKind::load) return;
        if (is_of_values(expression) && is_of_memory(expression))
            for (Expression& operand : expression.operands)
                if (operand.kind == ExpressionKind::size) {
                    operand = language::constant(cells_);
                    changed = true;
                }
        for (Expression& operand : expression.operands) rewrite(operand);
    }

    int cells_;
    std::set<std::string> from_memory_;
};

} // namespace

std::optional<language::Program> with_size_as_number(const language::Program& program, int cells) {
    language::Program rewritten = program;
    Rewriting rewriting(cells);
    rewriting.collect(rewritten.statements);
    rewriting.rewrite(rewritten.statements);
    if (!rewriting.changed) return std::nullopt;
    return rewritten;
}

} // namespace ropewalk::induction
