// What a function would have to give, derived from the outputs.
#include <algorithm>

#include "ropewalk/programs/synthesis/function_enumeration.hpp"

namespace ropewalk::synthesis {

using functional::call;
using functional::Expression;

/// Whether equal elements of one list of a row stand for equal elements of the output.
bool FunctionEnumeration::determines(std::uint32_t list, const Goal& goal) {
    Reading reading;
    for (std::size_t row = 0; row < at_.rows(); ++row) {
        const auto from = list_at(list, row), to = search_.lists[goal.column[row]];
        reading.begin();
        for (std::size_t i = 0; i < from.size(); ++i)
            if (!reading.add(from[i], to[i])) return false;
    }
    return true;
}

/// Whether the list tells what it maps to with clearly fewer values than it has elements, and no list before it has
/// equal elements at the same places of its rows.
bool FunctionEnumeration::is_promising(const Goal& goal, std::uint32_t list) {
    constexpr std::size_t most_promising = 24, least_elements = 24;
    if (!determines(list, goal)) return false;
    std::map<Word, Word> numbered;
    std::vector<Word> pattern;
    std::size_t different = 0;
    for (std::size_t row = 0; row < at_.rows(); ++row) {
        std::vector<Word> sorted(list_at(list, row).begin(), list_at(list, row).end());
        numbered.clear();
        for (const Word each : sorted) pattern.push_back(numbered.emplace(each, static_cast<Word>(numbered.size())).first->second);
        std::sort(sorted.begin(), sorted.end());
        different += static_cast<std::size_t>(std::unique(sorted.begin(), sorted.end()) - sorted.begin());
    }
    auto& patterns = patterns_[&goal];
    const bool few_values = pattern.size() >= least_elements && different * 4 <= pattern.size() * 3;
    return few_values && patterns.size() < most_promising && patterns.insert(values::hash_of(pattern)).second &&
           at_.bank()[list].cost > search_.grammar.argument;
}

/// Functions over the elements of one list: `map` keeps lengths, `filter` keeps some of the elements, `flat_map`
/// gives pieces of one length.
void FunctionEnumeration::pursue_over_list(Goal& goal, std::uint32_t list) {
    const Slot over = at_.bank()[list].type;
    std::vector<Word> elements, pieces, kept;
    bool maps = true, filters = over == Slot::list;
    std::size_t piece = 0;
    for (std::size_t row = 0; row < at_.rows(); ++row) {
        const auto from = list_at(list, row), to = search_.lists[goal.column[row]];
        maps = maps && from.size() == to.size();
        if (!from.empty() && to.size() % from.size() == 0 && (piece == 0 || piece == to.size() / from.size()))
            piece = to.size() / from.size();
        else if (!from.empty() || !to.empty())
            piece = 1;
        filters = filters && to.size() <= from.size();
        if (piece == 1 && !maps && !filters) return;
    }
    const auto around = [&](Operator op) {
        return [op, list, wrap = goal.around, this](int whole, Expression body) {
            wrap(whole, call(op, {at_.expression(list), std::move(body)}));
        };
    };
    // Whether the value alone tells what stays.
    for (std::size_t row = 0; filters && row < at_.rows(); ++row) {
        const auto from = list_at(list, row), to = search_.lists[goal.column[row]];
        std::vector<Word> expected;
        for (const Word word : from) {
            kept.push_back(std::find(to.begin(), to.end(), word) != to.end());
            if (kept.back() != 0) expected.push_back(word);
        }
        filters = std::equal(expected.begin(), expected.end(), to.begin(), to.end());
    }
    const auto has = [this, over](Operator op, Slot body) {
        return std::any_of(search_.grammar.over_elements.begin(), search_.grammar.over_elements.end(), [&](const FunctionProduction& each) {
            return each.op == op && each.body == body && each.over == over;
        });
    };
    maps = maps && has(Operator::map, Slot::number);
    filters = filters && !maps && has(Operator::filter, Slot::truth);
    bool flat = piece > 1 && has(Operator::flat_map, Slot::list);
    for (std::size_t row = 0; flat && row < at_.rows(); ++row)
        flat = search_.lists[goal.column[row]].size() == piece * list_at(list, row).size();
    if (!maps && !filters && !flat) return;
    const int list_cost = at_.bank()[list].cost;
    // What else the body names beside the element is the same for all elements of a list.
    constexpr int dearest_unsure = 8, farther = 8;
    const bool promising = maps && is_promising(goal, list);
    if (maps && !promising && list_cost > dearest_unsure && !determines(list, goal)) maps = false;
    if (!maps && !filters && !flat) return;
    const Key key{Kind::elements, list, 0};
    if (!kept_.contains(key)) kept_[key] = make_context(key);
    Context* inner = kept_[key].get();
    if (!inner) return;
    if (maps) {
        for (std::size_t row = 0; row < at_.rows(); ++row)
            for (const Word word : search_.lists[goal.column[row]]) elements.push_back(word);
        const int outer = goal.cost + list_cost + 3;
        inner->add_goal(Goal(Slot::number, elements, outer, around(Operator::map)));
        pursued(*inner, goal.reach + list_cost + 3 - (promising ? farther : 0));
    }
    if (filters) {
        const int outer = goal.cost + list_cost + 3;
        inner->add_goal(Goal(Slot::truth, kept, outer, around(Operator::filter)));
        pursued(*inner, outer);
    }
    if (flat) {
        for (std::size_t row = 0; row < at_.rows(); ++row) {
            const auto to = search_.lists[goal.column[row]];
            for (std::size_t from = 0; from < to.size(); from += piece)
                pieces.push_back(search_.lists.intern(to.subspan(from, piece)));
        }
        const int outer = goal.cost + list_cost + 5;
        inner->add_goal(Goal(Slot::list, pieces, outer, around(Operator::flat_map)));
        pursued(*inner, outer);
    }
}

/// `map` of lists to lists keeps how many there are.
void FunctionEnumeration::pursue_over_nested(Goal& goal, std::uint32_t list) {
    const bool maps = std::any_of(search_.grammar.over_elements.begin(), search_.grammar.over_elements.end(), [](const auto& each) {
        return each.op == Operator::map && each.over == Slot::nested && each.body == Slot::list;
    });
    if (!maps) return;
    std::vector<Word> elements;
    for (std::size_t row = 0; row < at_.rows(); ++row) {
        const auto to = search_.lists[goal.column[row]];
        if (list_at(list, row).size() != to.size()) return;
        elements.insert(elements.end(), to.begin(), to.end());
    }
    const Key key{Kind::elements, list, 0};
    if (!kept_.contains(key)) kept_[key] = make_context(key);
    Context* inner = kept_[key].get();
    if (!inner) return;
    // Lists of as many lists are rare by chance, so their functions are looked for farther.
    constexpr int map_cost = 4, farther = 8;
    const int outer = goal.cost + at_.bank()[list].cost + map_cost;
    inner->add_goal(Goal(Slot::list, elements, outer, [this, list, wrap = goal.around](int whole, Expression body) {
        wrap(whole, call(Operator::map, {at_.expression(list), std::move(body)}));
    }));
    pursued(*inner, goal.reach + at_.bank()[list].cost + map_cost - farther);
}

void FunctionEnumeration::pursue_pair(Goal& goal, std::uint32_t left, std::uint32_t right) {
    const auto zips = std::find_if(search_.grammar.over_pairs.begin(), search_.grammar.over_pairs.end(),
                                   [](const FunctionProduction& each) { return each.op == Operator::zip_with; });
    if (zips == search_.grammar.over_pairs.end()) return;
    std::vector<Word> elements;
    for (std::size_t row = 0; row < at_.rows(); ++row) {
        const auto to = search_.lists[goal.column[row]];
        if (std::min(list_at(left, row).size(), list_at(right, row).size()) != to.size()) return;
        elements.insert(elements.end(), to.begin(), to.end());
    }
    const int outer = goal.cost + at_.bank()[left].cost + at_.bank()[right].cost + zips->cost;
    const Key key{Kind::pair, left, right};
    if (!kept_.contains(key)) kept_[key] = make_context(key);
    Context* inner = kept_[key].get();
    if (!inner) return;
    inner->add_goal(Goal(Slot::number, elements, outer, [this, left, right, wrap = goal.around](int whole, Expression body) {
        wrap(whole, call(Operator::zip_with, {at_.expression(left), at_.expression(right), std::move(body)}));
    }));
    pursued(*inner, outer);
}

/// `scan` and `accumulate` show every state: the body is asked for the next of two that stand beside each other.
void FunctionEnumeration::pursue_states(Goal& goal, std::uint32_t list) {
    bool same_length = true, same_first = true, any = false;
    for (std::size_t row = 0; row < at_.rows(); ++row) {
        const auto from = list_at(list, row), to = search_.lists[goal.column[row]];
        same_length = same_length && from.size() == to.size();
        if (!same_length) return;
        same_first = same_first && (from.empty() || from[0] == to[0]);
        any = any || from.size() > 1;
    }
    if (!any) return;
    for (const FunctionProduction& production : search_.grammar.with_state) {
        if (production.op == Operator::accumulate && same_first) pursue_states_from(goal, list, production.op, 0);
        if (production.op != Operator::scan) continue;
        for (const std::uint32_t start : at_.ids(Slot::number, 3))
            if (at_.bank()[start].origin == Origin::constant) pursue_states_from(goal, list, production.op, start);
    }
}

void FunctionEnumeration::pursue_states_from(Goal& goal, std::uint32_t list, Operator op, std::uint32_t start) {
    std::vector<std::uint32_t> outer_rows;
    std::vector<Word> states, elements, places, next;
    const bool from_first = op == Operator::accumulate;
    for (std::size_t row = 0; row < at_.rows(); ++row) {
        const auto from = list_at(list, row), to = search_.lists[goal.column[row]];
        for (std::size_t i = from_first; i < from.size(); ++i) {
            outer_rows.push_back(static_cast<std::uint32_t>(row));
            states.push_back(i > 0 ? to[i - 1] : at_.bank().column(start)[row]);
            elements.push_back(from[i]);
            places.push_back(static_cast<Word>(i));
            next.push_back(to[i]);
        }
    }
    if (outer_rows.empty()) return;
    const Key key{Kind::states, list, static_cast<std::uint32_t>(kept_.size()) + 1000000};
    auto context = std::make_unique<Context>(search_, at_, std::move(outer_rows));
    context->add_named(list);
    context->add_variable(Slot::number, std::move(states), search_.grammar.parameter);
    context->add_variable(Slot::number, std::move(elements), search_.grammar.parameter);
    context->add_variable(Slot::number, std::move(places), search_.grammar.place);
    const int outer = goal.cost + at_.bank()[list].cost + (from_first ? 5 : 6 + at_.bank()[start].cost);
    context->add_goal(Goal(Slot::number, next, outer, [this, list, start, op, wrap = goal.around](int whole, Expression body) {
        std::vector<Expression> arguments{at_.expression(list)};
        if (op == Operator::scan) arguments.push_back(at_.expression(start));
        arguments.push_back(std::move(body));
        wrap(whole, call(op, std::move(arguments)));
    }));
    pursued(*context, outer);
    kept_[key] = std::move(context);
}

} // namespace ropewalk::synthesis
