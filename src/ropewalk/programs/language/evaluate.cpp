#include "ropewalk/programs/language/evaluate.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "ropewalk/programs/language/modulo.hpp"

namespace ropewalk::language {

namespace {

/// Variables by name; programs have few, so a search from end to end is the quickest.
class Environment {
public:
    int get(std::string_view name) const {
        for (const auto& [each, value] : values_)
            if (each == name) return value;
        return 0;
    }

    void set(std::string_view name, int value) {
        for (auto& [each, old] : values_)
            if (each == name) {
                old = value;
                return;
            }
        values_.emplace_back(name, value);
    }

private:
    std::vector<std::pair<std::string_view, int>> values_;
};

class Evaluator {
public:
    Evaluator(const Program& program, const Machine& machine, std::vector<int> memory, long fuel)
        : program_(program), machine_(machine), memory_(std::move(memory)), fuel_(fuel) {}

    std::optional<std::vector<int>> run() {
        if (!block(program_.statements)) return std::nullopt;
        return std::move(memory_);
    }

private:
    /// Each of these returns whether the run goes on: there was fuel and nothing was left open.
    bool block(const std::vector<Statement>& statements) {
        return std::all_of(statements.begin(), statements.end(),
                           [this](const Statement& each) { return statement(each); });
    }

    bool statement(const Statement& each) {
        switch (each.kind) {
        case StatementKind::assign: assign(each); break;
        case StatementKind::for_range: return for_range(each);
        case StatementKind::while_do:
            while (holds(each.expressions[0]) && !open_)
                if (!iteration(each.body)) return false;
            break;
        case StatementKind::if_else:
            return block(holds(each.expressions[0]) ? each.body : each.otherwise) && !open_;
        case StatementKind::nop: break;
        }
        return !open_;
    }

    bool iteration(const std::vector<Statement>& body) { return fuel_-- > 0 && block(body); }

    void assign(const Statement& each) {
        std::vector<int> values, addresses;
        for (const Expression& expression : each.values) values.push_back(value(expression));
        for (const Expression& target : each.targets)
            addresses.push_back(target.kind == ExpressionKind::load ? address(target) : 0);
        for (std::size_t i = 0; i < each.targets.size(); ++i)
            if (each.targets[i].kind == ExpressionKind::load)
                memory_[static_cast<std::size_t>(addresses[i])] = values[i];
            else
                variables_.set(each.targets[i].name, values[i]);
    }

    bool for_range(const Statement& each) {
        if (each.expressions.size() != 2) return false;
        const auto first = constant_bound(each.expressions[0]), last = constant_bound(each.expressions[1]);
        if (first && last) {
            for (long i = *first; i < *last; ++i) {
                variables_.set(each.variable, modulo(i, machine_.base));
                if (!iteration(each.body)) return false;
            }
            variables_.set(each.variable, modulo(*last, machine_.base));
            return true;
        }
        const int from = value(each.expressions[0]), to = value(each.expressions[1]);
        if (open_) return false;
        for (int i = from; i != to; i = modulo(i + 1, machine_.base)) {
            variables_.set(each.variable, i);
            if (!iteration(each.body)) return false;
        }
        variables_.set(each.variable, to);
        return true;
    }

    /// A bound that calls a function is constant when it is so once the call is written out.
    std::optional<long> constant_bound(const Expression& bound) const {
        if (program_.functions.empty() || bound.operands.empty()) return constant_integer(bound, machine_);
        return constant_integer(inlined(bound, program_.functions), machine_);
    }

    int address(const Expression& load) { return value(load.operands[0]) % machine_.cells; }

    int value(const Expression& expression) {
        switch (expression.kind) {
        case ExpressionKind::constant: return modulo(expression.number, machine_.base);
        case ExpressionKind::size: return modulo(machine_.cells, machine_.base);
        case ExpressionKind::variable: return variables_.get(expression.name);
        case ExpressionKind::load: return memory_[static_cast<std::size_t>(address(expression))];
        case ExpressionKind::operation: return result(expression);
        case ExpressionKind::call: return called(expression);
        case ExpressionKind::hole: open_ = true; return 0;
        }
        return 0;
    }

    int called(const Expression& expression) {
        const auto function =
            std::find_if(program_.functions.begin(), program_.functions.end(),
                         [&](const Function& each) { return each.name == expression.name; });
        if (function == program_.functions.end() ||
            function->parameters.size() != expression.operands.size()) {
            open_ = true;
            return 0;
        }
        Environment arguments;
        for (std::size_t i = 0; i < expression.operands.size(); ++i)
            arguments.set(function->parameters[i], value(expression.operands[i]));
        std::swap(arguments, variables_);
        const int returned = value(function->body);
        std::swap(arguments, variables_);
        return returned;
    }

    int result(const Expression& expression) {
        if (expression.operation >= Operator::equal) return holds(expression) ? 1 : 0;
        return apply(expression.operation, value(expression.operands[0]), value(expression.operands[1]),
                     machine_.base);
    }

    bool holds(const Expression& condition) {
        if (condition.kind != ExpressionKind::operation) return value(condition) != 0;
        const auto& operands = condition.operands;
        switch (condition.operation) {
        case Operator::both: return holds(operands[0]) && holds(operands[1]);
        case Operator::either: return holds(operands[0]) || holds(operands[1]);
        case Operator::negation: return !holds(operands[0]);
        default: break;
        }
        return apply(condition.operation, value(operands[0]), value(operands[1]), machine_.base) != 0;
    }

    const Program& program_;
    const Machine& machine_;
    std::vector<int> memory_;
    long fuel_;
    Environment variables_;
    /// A hole or an unknown function was met: there is no value to go on with.
    bool open_ = false;
};

} // namespace

std::optional<std::vector<int>> evaluate(const Program& program, const Machine& machine,
                                         const std::vector<int>& memory, long fuel) {
    return Evaluator(program, machine, memory, fuel).run();
}

std::optional<long> constant_integer(const Expression& expression, const Machine& machine) {
    if (expression.kind == ExpressionKind::constant) return expression.number;
    if (expression.kind == ExpressionKind::size) return machine.cells;
    if (expression.kind != ExpressionKind::operation) return std::nullopt;
    if (expression.operation != Operator::add && expression.operation != Operator::subtract)
        return std::nullopt;
    const auto a = constant_integer(expression.operands[0], machine);
    const auto b = constant_integer(expression.operands[1], machine);
    if (!a || !b) return std::nullopt;
    return expression.operation == Operator::add ? *a + *b : *a - *b;
}

} // namespace ropewalk::language
