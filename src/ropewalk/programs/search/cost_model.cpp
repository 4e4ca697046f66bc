#include "ropewalk/programs/search/cost_model.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace ropewalk::search {

using language::Expression;
using language::ExpressionKind;

namespace {

std::string name_of(language::Operator op) { return fmt::format("operator {}", static_cast<int>(op)); }

/// What people seldom write costs more, quotients most: they squeeze values together, so that few examples
/// do not tell them from what is meant.
int unfitted(language::Operator op) {
    using language::Operator;
    switch (op) {
    case Operator::multiply:
    case Operator::equal_value:
    case Operator::less_value: return 2;
    case Operator::divide:
    case Operator::remainder: return 3;
    default: return 1;
    }
}

std::string production_of(const Expression& e) {
    switch (e.kind) {
    case ExpressionKind::constant: return fmt::format("number {}", e.number);
    case ExpressionKind::size: return "n";
    case ExpressionKind::variable: return "argument";
    case ExpressionKind::load: return "load";
    case ExpressionKind::operation: return name_of(e.operation);
    case ExpressionKind::call: return "function " + e.name;
    case ExpressionKind::hole: return "hole";
    }
    return {};
}

void count(const Expression& e, std::map<std::string, int>& counts) {
    ++counts[production_of(e)];
    for (const Expression& operand : e.operands) count(operand, counts);
}

void count(const language::Statement& s, std::map<std::string, int>& counts) {
    for (const auto* list : {&s.targets, &s.values, &s.expressions})
        for (const Expression& e : *list) count(e, counts);
    for (const auto* list : {&s.body, &s.otherwise})
        for (const language::Statement& each : *list) count(each, counts);
}

} // namespace

int CostModel::cost(const std::string& production, int otherwise) const {
    if (bits_.empty()) return otherwise;
    const auto found = bits_.find(production);
    return found == bits_.end() ? unseen_ : found->second;
}

int CostModel::of(language::Operator op) const { return cost(name_of(op), unfitted(op)); }
int CostModel::of_number(int number) const {
    return cost(fmt::format("number {}", number), number == 0 || number == 1 ? 1 : 2);
}
int CostModel::of_size() const { return cost("n", 1); }
int CostModel::of_argument() const { return cost("argument", 1); }
int CostModel::of_load() const { return cost("load", 1); }
int CostModel::of_function(const std::string& name) const { return cost("function " + name, 2); }
int CostModel::of_sketch(const std::string& name, int size) const { return cost("sketch " + name, size); }

int CostModel::of(const Expression& e) const {
    int sum = 0;
    switch (e.kind) {
    case ExpressionKind::constant: sum = of_number(e.number); break;
    case ExpressionKind::size: sum = of_size(); break;
    case ExpressionKind::operation: sum = of(e.operation); break;
    case ExpressionKind::load: sum = of_load(); break;
    case ExpressionKind::call: sum = of_function(e.name); break;
    case ExpressionKind::variable:
    case ExpressionKind::hole: sum = of_argument(); break;
    }
    for (const Expression& operand : e.operands) sum += of(operand);
    return sum;
}

CostModel fit(std::span<const language::Program> programs, std::span<const std::string> sketches) {
    CostModel model;
    if (programs.empty()) return model;
    std::map<std::string, int> counts, of_sketches;
    for (const language::Program& program : programs)
        for (const language::Statement& statement : program.statements) count(statement, counts);
    for (const std::string& sketch : sketches) ++of_sketches["sketch " + sketch];
    // Expressions and sketches are two choices, each with its own total.
    const auto add = [&model](const std::map<std::string, int>& productions) {
        double total = 1;
        for (const auto& [name, times] : productions) total += times + 1;
        const auto bits = [&](int times) {
            return std::max(1, static_cast<int>(std::lround(-std::log2((times + 1) / total))));
        };
        for (const auto& [name, times] : productions) model.bits_[name] = bits(times);
        model.unseen_ = std::max(model.unseen_, bits(0));
    };
    add(counts);
    add(of_sketches);
    return model;
}

} // namespace ropewalk::search
