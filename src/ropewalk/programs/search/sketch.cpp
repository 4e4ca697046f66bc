#include "ropewalk/programs/search/sketch.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ropewalk::search {

using language::Expression;
using language::ExpressionKind;
using language::Statement;
using language::StatementKind;

namespace {

/// Visits every expression of a statement, blocks included, parents before children.
template<class Visit>
void for_each_expression(const Expression& e, const Visit& visit) {
    visit(e);
    for (const Expression& operand : e.operands) for_each_expression(operand, visit);
}

template<class Visit>
void for_each_expression(const Statement& s, const Visit& visit) {
    for (const auto* list : {&s.targets, &s.values, &s.expressions})
        for (const Expression& e : *list) for_each_expression(e, visit);
    for (const auto* list : {&s.body, &s.otherwise})
        for (const Statement& each : *list) for_each_expression(each, visit);
}

/// Statements, where an assignment of several values at once counts for two more with each.
int count(const std::vector<Statement>& statements) {
    int sum = 0;
    for (const Statement& s : statements)
        sum +=
            1 + 2 * std::max(0, static_cast<int>(s.targets.size()) - 1) + count(s.body) + count(s.otherwise);
    return sum;
}

base::Diagnostic wrong(const std::string& sketch, std::string found, std::string expected) {
    return {.file = "sketch " + sketch, .found = std::move(found), .expected = std::move(expected)};
}

/// The expression with arguments in the places of parameters a, b, c.
Expression substituted(const Expression& e, const std::vector<Expression>& arguments) {
    if (e.kind == ExpressionKind::variable)
        for (std::size_t i = 0; i < arguments.size(); ++i)
            if (e.name == parameter_names()[i]) return arguments[i];
    Expression result = e;
    for (Expression& operand : result.operands) operand = substituted(operand, arguments);
    return result;
}

Expression filled(const Expression& e, const Sketch& sketch, const std::vector<Expression>& fillings) {
    Expression result = e;
    for (Expression& operand : result.operands) operand = filled(operand, sketch, fillings);
    if (e.kind != ExpressionKind::hole) return result;
    for (std::size_t h = 0; h < sketch.holes.size(); ++h) {
        if (sketch.holes[h].name != e.name || to_string(sketch.holes[h].kind) != e.hole_kind) continue;
        return substituted(fillings[h], result.operands);
    }
    return result;
}

std::vector<Statement> filled(const std::vector<Statement>& statements, const Sketch& sketch,
                              const std::vector<Expression>& fillings) {
    std::vector<Statement> result = statements;
    for (Statement& s : result) {
        for (auto* list : {&s.targets, &s.values})
            for (Expression& e : *list) e = filled(e, sketch, fillings);
        if (s.kind == StatementKind::for_range && s.expressions.size() == 1) {
            const Expression bounds = filled(s.expressions[0], sketch, fillings);
            s.expressions = bounds.operands;
        } else {
            for (Expression& e : s.expressions) e = filled(e, sketch, fillings);
        }
        s.body = filled(s.body, sketch, fillings);
        s.otherwise = filled(s.otherwise, sketch, fillings);
    }
    return result;
}

} // namespace

base::Result<Sketch> parse_sketch(const std::string& name, std::string_view text) {
    auto program = language::parse(text, name, {.holes = true});
    if (!program) return base::failure(std::move(program.error()));
    Sketch sketch{.name = name, .program = std::move(*program)};
    sketch.size = count(sketch.program.statements);
    base::Diagnostics errors;
    const auto visit = [&](const Expression& e) {
        if (e.kind != ExpressionKind::hole) return;
        const auto kind = hole_kind(e.hole_kind);
        const int arity = static_cast<int>(e.operands.size());
        if (!kind) {
            errors.push_back(wrong(name, fmt::format("a hole of kind {}", base::quoted(e.hole_kind)),
                                   "combine, value, address, test, step, cell, start, range or point"));
            return;
        }
        const bool plain = *kind == HoleKind::cell || *kind == HoleKind::start || *kind == HoleKind::range ||
                           *kind == HoleKind::point;
        const bool pair = *kind == HoleKind::combine;
        const int least = plain ? 0 : pair ? 2 : 1;
        const int most = plain ? 0 : pair ? 2 : *kind == HoleKind::step ? 1 : 3;
        if (arity < least || arity > most)
            errors.push_back(wrong(name, fmt::format("?{}.{} with {} arguments", e.hole_kind, e.name, arity),
                                   fmt::format("{} to {}", least, most)));
        for (const Sketch::Hole& hole : sketch.holes)
            if (hole.kind == *kind && hole.name == e.name) {
                if (hole.arity != arity)
                    errors.push_back(
                        wrong(name, fmt::format("?{}.{} differs from its other place", e.hole_kind, e.name),
                              "the same number of arguments, or another name"));
                return;
            }
        sketch.holes.push_back({e.name, *kind, arity});
    };
    for (const Statement& statement : sketch.program.statements) for_each_expression(statement, visit);
    for (Sketch::Hole& hole : sketch.holes) {
        const auto is_it = [&](const Expression& e) {
            return e.kind == ExpressionKind::hole && e.hole_kind == "address" && e.name == hole.name;
        };
        int places = 0, addresses = 0;
        for (const Statement& statement : sketch.program.statements)
            for_each_expression(statement, [&](const Expression& e) {
                places += is_it(e);
                addresses += e.kind == ExpressionKind::load && is_it(e.operands[0]);
            });
        hole.is_value = hole.kind == HoleKind::address && places > addresses;
    }
    for (std::size_t i = 1; i < sketch.program.statements.size(); ++i)
        for_each_expression(sketch.program.statements[i], [&](const Expression& e) {
            if (e.kind == ExpressionKind::hole && e.hole_kind == "point")
                errors.push_back(wrong(name, "?point." + e.name + " behind the first statement",
                                       "point holes only in a first statement that is an assignment"));
        });
    if (!sketch.program.statements.empty() && sketch.program.statements[0].kind != StatementKind::assign)
        for_each_expression(sketch.program.statements[0], [&](const Expression& e) {
            if (e.kind == ExpressionKind::hole && e.hole_kind == "point")
                errors.push_back(wrong(name, "?point." + e.name + " inside a loop or condition",
                                       "point holes only in a first statement that is an assignment"));
        });
    if (!errors.empty()) return base::failure(std::move(errors));
    return sketch;
}

language::Program filled(const Sketch& sketch, const std::vector<Expression>& fillings) {
    return {sketch.program.functions, filled(sketch.program.statements, sketch, fillings)};
}

} // namespace ropewalk::search
