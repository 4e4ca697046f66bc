#include "ropewalk/formulas/laws/unit_columns.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

std::vector<Unit> conversions(const Problem& problem) {
    std::set<std::string> symbols = symbols_of(problem.units);
    if (problem.target_unit) symbols.merge(symbols_of({*problem.target_unit}));
    std::vector<Unit> found;
    for (const std::string& symbol : symbols) {
        const auto known = known_multiple_of(symbol);
        if (!known || !std::all_of(known->sixtieths.begin(), known->sixtieths.end(),
                                   [&](const auto& each) { return symbols.contains(each.first); }))
            continue;
        const auto multiple = parse_unit(symbol);
        if (multiple) found.push_back(*unit_of(Operator::divide, *known, *multiple));
    }
    return found;
}

Problem with_unit_columns(Problem problem, const std::vector<Unit>& numbers) {
    for (const Unit& unit : numbers) {
        if (unit == Unit{}) continue;
        problem.inputs.emplace_back(problem.target.size(), 1.0);
        problem.units.push_back(unit);
    }
    return problem;
}

Explanation without_unit_columns(Explanation explanation, std::size_t inputs) {
    std::vector<std::size_t> kept;
    std::vector<Found>& front = explanation.report.front;
    for (std::size_t i = 0; i < front.size(); ++i) {
        std::vector<Program> arguments;
        for (std::size_t v = 0; v < static_cast<std::size_t>(front[i].program.variables); ++v)
            arguments.push_back(v < inputs ? variable(static_cast<int>(inputs), static_cast<int>(v))
                                           : constant(static_cast<int>(inputs), 1));
        front[i].program = simplified(substitute(front[i].program, arguments));
        front[i].operators = size(front[i].program).operators;
        while (!kept.empty() && kept.back() != explanation.best &&
               front[kept.back()].operators >= front[i].operators)
            kept.pop_back();
        if (kept.empty() || front[kept.back()].operators < front[i].operators) kept.push_back(i);
    }
    Explanation result = explanation;
    result.report.front.clear();
    result.held_out.clear();
    for (const std::size_t i : kept) {
        if (i == explanation.best) result.best = result.report.front.size();
        result.report.front.push_back(front[i]);
        if (!explanation.held_out.empty()) result.held_out.push_back(explanation.held_out[i]);
    }
    return result;
}

} // namespace ropewalk::formula
