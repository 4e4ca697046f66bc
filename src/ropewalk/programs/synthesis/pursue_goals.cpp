// Goals that are derived from goals, as far as programs of a cost reach.
#include <algorithm>

#include "ropewalk/programs/synthesis/function_enumeration.hpp"

namespace ropewalk::synthesis {

using functional::call;
using functional::Expression;

namespace {

constexpr int least_body = 4, least_binary_body = 5;
constexpr std::size_t most_goals = 40;
constexpr int dearest_edited = 6;
/// Programs with hidden states are dear; what is cheap comes first.
constexpr int states_level = 13, recurrences_level = 13;

} // namespace

void FunctionEnumeration::pursue_goals(int level) {
    make_room();
    for (std::size_t i = 0; i < at_.goals().size(); ++i) {
        Goal& goal = *at_.goals()[i];
        if (goal.light) continue;
        if (goal.type == Slot::list) pursue(goal, level);
        if (goal.type == Slot::number) pursue_number(goal, level);
        if (goal.type == Slot::nested) pursue_nested(goal, level);
        if (level >= states_level) pursue_hidden_states(goal, level);
    }
    for (const Pursued& each : pursued_) {
        if (search_.look()) return;
        each.context->extend(level - each.outer_cost);
        each.context->cover_goals();
    }
}

void FunctionEnumeration::pursue(Goal& goal, int level) {
    if (search_.full()) return;
    const Bank& bank = at_.bank();
    Reached& reached = reached_[&goal];
    if (!reached.begun) {
        reached.begun = true;
        pursue_inside(goal);
        pursue_words(goal);
        pursue_literals(goal);
        pursue_made_lists(goal);
        if (goal.cost == 0) pursue_swaps(goal);
    }
    for (const int farthest = std::min(level - goal.reach - 4 - 1, at_.level()); reached.rests < farthest; ++reached.rests) {
        for (const std::uint32_t number : bank.ids(Slot::number, reached.rests + 1)) pursue_end(goal, number);
        for (const std::uint32_t list : bank.ids(Slot::list, reached.rests + 1)) pursue_rest(goal, list);
    }
    int& lists = reached.lists;
    int& pairs = reached.pairs;
    for (const int farthest = std::min(level - goal.reach - 3 - least_body, at_.level()); lists < farthest; ++lists)
        for (const std::uint32_t list : at_.ids(Slot::list, lists + 1)) {
            if (search_.stopped()) return;
            if (goal.cost == 0 && lists < dearest_edited) pursue_edits(goal, list);
            if (goal.cost == 0 && lists < search_.grammar.argument) pursue_padding(goal, list);
            pursue_order(goal, list);
            pursue_over_list(goal, list);
            pursue_states(goal, list);
        }
    for (const int farthest = std::min(level - goal.reach - 3 - least_body, at_.level()); reached.nested < farthest; ++reached.nested)
        for (const std::uint32_t list : at_.ids(Slot::nested, reached.nested + 1)) {
            if (search_.stopped()) return;
            pursue_over_list(goal, list);
        }
    for (const int farthest = level - goal.reach - 4 - least_binary_body; pairs < farthest; ++pairs)
        for (int cost = 1; 2 * cost <= pairs + 1; ++cost) {
            const int other_cost = pairs + 1 - cost;
            if (other_cost > at_.level()) continue;
            for (const std::uint32_t left : at_.ids(Slot::list, cost))
                for (const std::uint32_t right : at_.ids(Slot::list, other_cost)) {
                    if (search_.stopped()) return;
                    if (left < right) pursue_pair(goal, left, right);
                }
        }
}

void FunctionEnumeration::pursue_number(Goal& goal, int level) {
    if (level >= recurrences_level && !reached_[&goal].begun) {
        reached_[&goal].begun = true;
        pursue_recurrences(goal);
    }
    int& lists = reached_[&goal].lists;
    for (const int farthest = std::min(level - goal.reach - 5 - least_body, at_.level()); lists < farthest; ++lists)
        for (const std::uint32_t list : at_.ids(Slot::list, lists + 1)) {
            if (search_.stopped()) return;
            pursue_choice(goal, list);
        }
}

void FunctionEnumeration::pursue_nested(Goal& goal, int level) {
    int& lists = reached_[&goal].lists;
    for (const int farthest = std::min(level - goal.reach - 4 - least_body, at_.level()); lists < farthest; ++lists)
        for (const std::uint32_t list : at_.ids(Slot::nested, lists + 1)) {
            if (search_.stopped()) return;
            pursue_over_nested(goal, list);
        }
}

void FunctionEnumeration::pursued(Context& context, int outer_cost) {
    const auto known = std::find_if(pursued_.begin(), pursued_.end(),
                                    [&](const Pursued& each) { return each.context == &context; });
    if (known != pursued_.end())
        known->outer_cost = std::min(known->outer_cost, outer_cost);
    else
        pursued_.push_back({&context, outer_cost});
}

/// Whether no goal is the same, and not too many are there.
bool FunctionEnumeration::has_room_for(Slot type, const std::vector<Word>& column) const {
    std::size_t full = 0;
    for (const auto& goal : at_.goals()) {
        if (goal->light) continue;
        if (++full >= most_goals || (goal->type == type && goal->column == column)) return false;
    }
    return true;
}

void FunctionEnumeration::add_rest(Goal& goal, std::vector<Word> rest, int cost, std::int64_t used,
                                   std::function<Expression(Expression)> join) {
    if (!has_room_for(Slot::list, rest)) return;
    Goal derived(Slot::list, std::move(rest), goal.cost + cost,
                 [join = std::move(join), wrap = goal.around](int whole, Expression other) { wrap(whole, join(std::move(other))); });
    derived.reach = goal.reach + cost;
    derived.used = goal.used;
    if (used >= 0) derived.used.push_back(static_cast<std::uint32_t>(used));
    at_.add_goal(std::move(derived));
}

int FunctionEnumeration::cost_of_part(const Goal& goal, std::uint32_t part) const {
    const bool again = std::find(goal.used.begin(), goal.used.end(), part) != goal.used.end();
    return again ? std::min<int>(search_.grammar.named, at_.bank()[part].cost) : at_.bank()[part].cost;
}

} // namespace ropewalk::synthesis
