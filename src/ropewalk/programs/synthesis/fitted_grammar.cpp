// Costs from programs that were solved before.
#include <algorithm>
#include <cmath>
#include <map>

#include "ropewalk/programs/synthesis/grammar.hpp"

namespace ropewalk::synthesis {

namespace {

/// The costs of the table count as much as so many nodes of programs.
constexpr double table_weight = 30;
/// No operator becomes cheaper than the search reckons with.
constexpr int least_cost = 2, least_function_cost = 3, farthest_shift = 3;

void count_operators(const functional::Expression& expression, std::map<Operator, double>& counts) {
    if (expression.op > Operator::list) ++counts[expression.op];
    for (const auto& each : expression.arguments) count_operators(each, counts);
}

template<class Row>
std::map<Operator, int> cheapest_costs(const std::vector<Row>& rows, std::map<Operator, int> costs) {
    for (const Row& each : rows) {
        const auto known = costs.try_emplace(each.op, each.cost).first;
        known->second = std::min(known->second, each.cost);
    }
    return costs;
}

template<class Row>
void shift_costs(std::vector<Row>& rows, const std::map<Operator, int>& shifts, int least) {
    for (Row& each : rows) each.cost = std::max(least, each.cost + shifts.at(each.op));
}

} // namespace

Grammar fitted(Grammar grammar, const std::vector<functional::Program>& programs) {
    std::map<Operator, double> counts;
    for (const auto& each : programs) count_operators(each.body, counts);
    double nodes = 0, mass = 0;
    for (const auto& [op, count] : counts) nodes += count;
    auto costs = cheapest_costs(grammar.productions, {});
    for (const auto* rows : {&grammar.over_elements, &grammar.over_pairs, &grammar.with_state}) costs = cheapest_costs(*rows, std::move(costs));
    for (const auto& [op, cost] : costs) mass += std::exp2(-cost);
    std::map<Operator, int> shifts;
    for (const auto& [op, cost] : costs) {
        const double share = std::exp2(-cost) / mass, fitted_share = (counts[op] + table_weight * share) / (nodes + table_weight);
        shifts[op] = std::clamp(static_cast<int>(std::lround(std::log2(share / fitted_share))), -farthest_shift, farthest_shift);
    }
    shift_costs(grammar.productions, shifts, least_cost);
    for (auto* rows : {&grammar.over_elements, &grammar.over_pairs, &grammar.with_state}) shift_costs(*rows, shifts, least_function_cost);
    return grammar;
}

} // namespace ropewalk::synthesis
