// Numbers that follow from the two before them, as Fibonacci's do: what comes next is tried from small expressions on.
#include <algorithm>
#include <utility>

#include "ropewalk/programs/synthesis/function_enumeration.hpp"

namespace ropewalk::synthesis {

using functional::call;
using functional::Expression;

namespace {

constexpr Word farthest = 90;
/// Of `iterate`, the pair that is its state, and the choice of the first of it.
constexpr int around_cost = 12;

/// Every output with the number of steps after which it is wanted, in the order of these.
using Wanted = std::map<Word, Word>;

/// Nothing where a number of steps is none, or too few differ to tell recurrences apart.
std::optional<Wanted> wanted_after(const Word* steps, const std::vector<Word>& outputs) {
    constexpr std::size_t least_distinct = 5;
    Wanted wanted;
    for (std::size_t row = 0; row < outputs.size(); ++row) {
        if (steps[row] < 0 || steps[row] > farthest || !wanted.emplace(steps[row], outputs[row]).second) return std::nullopt;
    }
    if (wanted.size() < least_distinct) return std::nullopt;
    return wanted;
}

/// What the numbers may begin with: the output there, or small numbers where none is given.
std::vector<Word> starts(const Wanted& wanted, Word place) {
    const auto known = wanted.find(place);
    return known != wanted.end() ? std::vector<Word>{known->second} : std::vector<Word>{0, 1, 2};
}

/// In a body over the one before, the last one and the place: the pair that holds the first two.
Expression over_pair(Expression body, std::int64_t pair) {
    if (body.op == Operator::variable) {
        if (body.number == pair) return call(Operator::first, {functional::variable(pair)});
        if (body.number == pair + 1) return call(Operator::last, {functional::variable(pair)});
        return functional::variable(body.number - (body.number > pair + 1 ? 1 : 0));
    }
    for (Expression& each : body.arguments) each = over_pair(std::move(each), pair);
    return body;
}

} // namespace

/// What comes next, of the one before, the last one and the place, told apart on small numbers.
Context& FunctionEnumeration::recurrence_context() {
    if (recurrences_) return *recurrences_;
    constexpr Word least = -1, largest = 6, places = 5;
    std::vector<Word> before, last, place;
    for (Word a = least; a <= largest; ++a)
        for (Word b = least; b <= largest; ++b) {
            before.push_back(a);
            last.push_back(b);
            place.push_back((3 * a + b + places) % places);
        }
    recurrences_ = std::make_unique<Context>(search_, at_, std::vector<std::uint32_t>(before.size(), 0));
    for (auto* const column : {&before, &last, &place})
        recurrences_->add_variable(Slot::number, std::move(*column), search_.grammar.parameter);
    recurrences_->only_numbers();
    return *recurrences_;
}

void FunctionEnumeration::pursue_recurrences(Goal& goal) {
    constexpr int dearest_step = 10;
    if (goal.cost > 0 || at_.depth() > 0 || !allows(Operator::iterate) || !allows(Operator::first) || !allows(Operator::last)) return;
    for (const int cost : {1, 2})
        for (const std::uint32_t number : at_.ids(Slot::number, cost)) {
            if (at_.bank()[number].origin != Origin::variable) continue;
            const auto wanted = wanted_after(at_.bank().column(number), goal.column);
            if (!wanted) continue;
            Context& steps = recurrence_context();
            while (steps.level() < dearest_step && !search_.stopped()) steps.extend(steps.level() + 1);
            for (int of_step = 3; of_step <= dearest_step; ++of_step)
                for (const std::uint32_t step : steps.ids(Slot::number, of_step))
                    if (steps.uses_parameter(step, 0)) try_recurrence(goal, number, step, *wanted);
        }
}

void FunctionEnumeration::try_recurrence(Goal& goal, std::uint32_t number, std::uint32_t step, const std::map<Word, Word>& wanted) {
    Context& steps = recurrence_context();
    for (const Word first : starts(wanted, 0))
        for (const Word second : starts(wanted, 1)) {
            ++search_.candidates;
            Word pair[3] = {first, second, 0};
            const bool follows = std::all_of(wanted.begin(), wanted.end(), [&](const auto& each) {
                for (; pair[2] < each.first; ++pair[2]) {
                    const Word next = steps.value_at(step, 0, pair);
                    if (next == values::undefined) return false;
                    pair[0] = std::exchange(pair[1], next);
                }
                return pair[0] == each.second;
            });
            if (!follows) continue;
            const std::int64_t state = at_.variables();
            const Expression next = over_pair(steps.expression(step), state);
            const Expression body = call(Operator::list, {call(Operator::last, {functional::variable(state)}), next});
            const Expression start = call(Operator::list, {functional::number(first), functional::number(second)});
            goal.around(around_cost + at_.bank()[number].cost + steps.bank()[step].cost,
                        call(Operator::first, {call(Operator::iterate, {at_.expression(number), start, body})}));
            return;
        }
}

} // namespace ropewalk::synthesis
