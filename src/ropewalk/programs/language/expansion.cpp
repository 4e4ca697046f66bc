#include "ropewalk/programs/language/expansion.hpp"

#include <algorithm>

namespace ropewalk::language {

namespace {

long capped(long value) { return std::min(value, expansion_ceiling); }

/// Both factors are at most the ceiling, so the product fits.
long capped_product(long a, long b) { return capped(a * b); }

} // namespace

ExpansionTable::Form ExpansionTable::form(const Expression& expression,
                                          const std::vector<std::string>& parameters) const {
    Form result{{}, std::vector<long>(parameters.size()), std::vector<long>(parameters.size(), -1)};
    if (expression.kind == ExpressionKind::variable) {
        const auto found = std::find(parameters.begin(), parameters.end(), expression.name);
        if (found != parameters.end()) {
            const auto index = static_cast<std::size_t>(found - parameters.begin());
            result.uses[index] = 1;
            result.depths[index] = 0;
            return result;
        }
    }
    const auto function =
        expression.kind == ExpressionKind::call ? functions_.find(expression.name) : functions_.end();
    const bool known = function != functions_.end();
    result.own = known ? function->second.own : Expansion{1, 1};
    for (std::size_t i = 0; i < expression.operands.size(); ++i) {
        // An argument that is not used is written out once before it is dropped.
        const bool used = known && i < function->second.uses.size() && function->second.uses[i] > 0;
        const long uses = used ? function->second.uses[i] : 1, depth = used ? function->second.depths[i] : 1;
        const Form operand = form(expression.operands[i], parameters);
        result.own.nodes = capped(result.own.nodes + capped_product(uses, operand.own.nodes));
        result.own.depth = capped(std::max(result.own.depth, depth + operand.own.depth));
        for (std::size_t k = 0; k < parameters.size(); ++k) {
            if (operand.uses[k] == 0) continue;
            result.uses[k] = capped(result.uses[k] + capped_product(uses, operand.uses[k]));
            result.depths[k] = capped(std::max(result.depths[k], depth + operand.depths[k]));
        }
    }
    return result;
}

void ExpansionTable::add(const Function& function) {
    functions_.insert_or_assign(function.name, form(function.body, function.parameters));
}

Expansion ExpansionTable::measure(const Expression& expression) const { return form(expression, {}).own; }

} // namespace ropewalk::language
