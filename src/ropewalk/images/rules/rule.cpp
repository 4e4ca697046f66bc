#include "ropewalk/images/rules/rule.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ropewalk::rules {

namespace {

bool is_polynomial(const formula::Program& program) {
    using enum formula::Operator;
    return std::all_of(program.lines.begin(), program.lines.end(), [](const formula::Line& line) {
        return line.operation == add || line.operation == subtract || line.operation == multiply;
    });
}

} // namespace

Rule rule_of(const formula::Program& program) {
    return {is_polynomial(program) ? formula::written_text(program) : formula::to_infix(program, {}), program};
}

Rule rule_of(Fold fold) {
    std::string text = text_of(fold);
    return {std::move(text), std::move(fold)};
}

std::size_t variables_of(const Rule& rule) {
    if (const auto* program = std::get_if<formula::Program>(&rule.program))
        return static_cast<std::size_t>(program->variables);
    return std::get<Fold>(rule.program).weights.size();
}

double value_of(const Rule& rule, std::span<const double> letters) {
    if (const auto* program = std::get_if<formula::Program>(&rule.program))
        return formula::evaluate(*program, letters);
    return value_of(std::get<Fold>(rule.program), letters);
}

} // namespace ropewalk::rules
