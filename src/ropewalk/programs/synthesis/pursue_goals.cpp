// What a function would have to give, derived from the outputs.
#include <algorithm>

#include "ropewalk/programs/synthesis/function_enumeration.hpp"

namespace ropewalk::synthesis {

using functional::call;
using functional::Expression;

namespace {

constexpr int least_body = 4, least_binary_body = 5;
constexpr std::size_t most_goals = 40;

} // namespace

void FunctionEnumeration::pursue_goals(int level) {
    for (std::size_t i = 0; i < at_.goals().size(); ++i)
        if (at_.goals()[i]->type == Slot::list && !at_.goals()[i]->light) pursue(*at_.goals()[i], level);
    for (const Pursued& each : pursued_) {
        if (search_.look()) return;
        each.context->extend(level - each.outer_cost);
        each.context->cover_goals();
    }
}

/// What stands inside of `reverse`, or of a list of one element, if the program is one.
void FunctionEnumeration::pursue_inside(Goal& goal) {
    std::vector<Word> reversed, only;
    for (const Word column : goal.column) {
        reversed.push_back(functional::apply(Operator::reverse, &column, search_.lists));
        if (search_.lists[column].size() == 1) only.push_back(search_.lists[column][0]);
    }
    if (only.size() == goal.column.size() && has_room_for(Slot::number, only))
        at_.add_goal(Goal(Slot::number, only, goal.cost + 4, [wrap = goal.around](Expression inside) {
            return wrap(call(Operator::list, {std::move(inside)}));
        }));
    const bool allowed = std::any_of(search_.grammar.productions.begin(), search_.grammar.productions.end(),
                                     [](const Production& each) { return each.op == Operator::reverse; });
    if (allowed && has_room_for(Slot::list, reversed))
        at_.add_goal(Goal(Slot::list, reversed, goal.cost + 3, [wrap = goal.around](Expression inside) {
            return wrap(call(Operator::reverse, {std::move(inside)}));
        }));
}

/// A number that every output begins or ends with leaves the rest as a goal.
void FunctionEnumeration::pursue_end(Goal& goal, std::uint32_t number) {
    const Word* column = at_.bank().column(number);
    for (const bool front : {true, false}) {
        std::vector<Word> rest;
        for (std::size_t row = 0; row < at_.rows(); ++row) {
            const auto to = search_.lists[goal.column[row]];
            if (to.empty() || (front ? to.front() : to.back()) != column[row]) break;
            rest.push_back(search_.lists.intern(front ? to.subspan(1) : to.first(to.size() - 1)));
        }
        if (rest.size() < at_.rows()) continue;
        const Operator op = front ? Operator::prepend : Operator::append;
        add_rest(goal, std::move(rest), cost_of_part(goal, number) + 4, number, [this, number, op](Expression other) {
            return call(op, {std::move(other), at_.expression(number)});
        });
    }
}

int FunctionEnumeration::cost_of_part(const Goal& goal, std::uint32_t part) const {
    const bool again = std::find(goal.used.begin(), goal.used.end(), part) != goal.used.end();
    return again ? std::min<int>(search_.grammar.named, at_.bank()[part].cost) : at_.bank()[part].cost;
}

/// What all rows of a goal begin or end with, as it stands; the whole where they are all the same.
void FunctionEnumeration::pursue_literals(Goal& goal) {
    constexpr int per_number = 1;
    if (at_.rows() < 2) return;
    auto front = search_.lists[goal.column[0]], back = front;
    for (const Word column : goal.column) {
        const auto to = search_.lists[column];
        const auto same = std::mismatch(front.begin(), front.end(), to.begin(), to.end()).first - front.begin();
        front = front.first(static_cast<std::size_t>(same));
        const auto same_back = std::mismatch(back.rbegin(), back.rend(), to.rbegin(), to.rend()).first - back.rbegin();
        back = back.last(static_cast<std::size_t>(same_back));
    }
    for (const bool at_front : {true, false}) {
        const auto part = at_front ? front : back;
        if (part.empty()) continue;
        Expression literal = call(Operator::list, {});
        for (const Word word : part) literal.arguments.push_back(functional::number(word));
        const int cost = search_.grammar.literal + per_number * static_cast<int>(part.size());
        bool whole = true;
        std::vector<Word> rest;
        for (const Word column : goal.column) {
            const auto to = search_.lists[column];
            whole = whole && to.size() == part.size();
            rest.push_back(search_.lists.intern(at_front ? to.subspan(part.size()) : to.first(to.size() - part.size())));
        }
        if (whole) return search_.report(goal.cost + cost, goal.around(std::move(literal)));
        add_rest(goal, std::move(rest), cost + 4, -1, [literal, at_front](Expression other) {
            return at_front ? call(Operator::concat, {literal, std::move(other)})
                            : call(Operator::concat, {std::move(other), literal});
        });
    }
}

/// What stands inside of a `swap` of two places from the front.
void FunctionEnumeration::pursue_swaps(Goal& goal) {
    constexpr std::int64_t farthest = 9;
    for (std::int64_t i = 0; i < farthest; ++i)
        for (std::int64_t j = i + 1; j < farthest; ++j) {
            std::vector<Word> inside;
            for (const Word column : goal.column) {
                if (search_.lists[column].size() <= static_cast<std::size_t>(j)) break;
                const Word arguments[] = {column, i, j};
                inside.push_back(functional::apply(Operator::swap, arguments, search_.lists));
            }
            if (inside.size() < at_.rows()) continue;
            Goal swapped(Slot::list, std::move(inside),
                         goal.cost + 7 + Grammar::constant(i, false) + Grammar::constant(j, false),
                         [i, j, wrap = goal.around](Expression other) {
                             return wrap(call(Operator::swap, {std::move(other), functional::number(i), functional::number(j)}));
                         });
            swapped.light = true;
            at_.add_goal(std::move(swapped));
        }
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
                 [join = std::move(join), wrap = goal.around](Expression other) { return wrap(join(std::move(other))); });
    derived.used = goal.used;
    if (used >= 0) derived.used.push_back(static_cast<std::uint32_t>(used));
    at_.add_goal(std::move(derived));
}

void FunctionEnumeration::pursue(Goal& goal, int level) {
    const Bank& bank = at_.bank();
    auto& [begun, rests, lists, pairs] = reached_[&goal];
    if (!begun) {
        begun = true;
        pursue_inside(goal);
        pursue_literals(goal);
        if (goal.cost == 0) pursue_swaps(goal);
    }
    for (const int farthest = std::min(level - goal.cost - 4 - 1, at_.level()); rests < farthest; ++rests) {
        for (const std::uint32_t number : bank.ids(Slot::number, rests + 1)) pursue_end(goal, number);
        for (const std::uint32_t list : bank.ids(Slot::list, rests + 1)) pursue_rest(goal, list);
    }
    for (const int farthest = std::min(level - goal.cost - 3 - least_body, at_.level()); lists < farthest; ++lists)
        for (const std::uint32_t list : bank.ids(Slot::list, lists + 1)) {
            if (search_.stopped()) return;
            pursue_over_list(goal, list);
            pursue_states(goal, list);
        }
    for (const int farthest = level - goal.cost - 4 - least_binary_body; pairs < farthest; ++pairs)
        for (int cost = 1; 2 * cost <= pairs + 1; ++cost) {
            const int other_cost = pairs + 1 - cost;
            if (other_cost > at_.level()) continue;
            for (const std::uint32_t left : bank.ids(Slot::list, cost))
                for (const std::uint32_t right : bank.ids(Slot::list, other_cost)) {
                    if (search_.stopped()) return;
                    if (left < right) pursue_pair(goal, left, right);
                }
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

/// Functions over the elements of one list: `map` keeps lengths, `filter` keeps some of the elements, `flat_map`
/// gives pieces of one length.
void FunctionEnumeration::pursue_over_list(Goal& goal, std::uint32_t list) {
    std::vector<Word> elements, pieces, kept;
    bool maps = true, filters = true;
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
        return [op, list, wrap = goal.around, this](Expression body) {
            return wrap(call(op, {at_.expression(list), std::move(body)}));
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
    const auto has = [this](Operator op, Slot body) {
        return std::any_of(search_.grammar.over_elements.begin(), search_.grammar.over_elements.end(),
                           [&](const FunctionProduction& each) { return each.op == op && each.body == body; });
    };
    maps = maps && has(Operator::map, Slot::number);
    filters = filters && !maps && has(Operator::filter, Slot::truth);
    const bool flat = piece > 1 && has(Operator::flat_map, Slot::list);
    if (!maps && !filters && !flat) return;
    const int list_cost = at_.bank()[list].cost;
    const Key key{Kind::elements, list, 0};
    if (!kept_.contains(key)) kept_[key] = make_context(key);
    Context* inner = kept_[key].get();
    if (!inner) return;
    if (maps) {
        for (std::size_t row = 0; row < at_.rows(); ++row)
            for (const Word word : search_.lists[goal.column[row]]) elements.push_back(word);
        const int outer = goal.cost + list_cost + 3;
        inner->add_goal(Goal(Slot::number, elements, outer, around(Operator::map)));
        pursued(*inner, outer);
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
    inner->add_goal(Goal(Slot::number, elements, outer, [this, left, right, wrap = goal.around](Expression body) {
        return wrap(call(Operator::zip_with, {at_.expression(left), at_.expression(right), std::move(body)}));
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
        for (const std::uint32_t start : at_.bank().ids(Slot::number, 3))
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
    context->add_goal(Goal(Slot::number, next, outer, [this, list, start, op, wrap = goal.around](Expression body) {
        std::vector<Expression> arguments{at_.expression(list)};
        if (op == Operator::scan) arguments.push_back(at_.expression(start));
        arguments.push_back(std::move(body));
        return wrap(call(op, std::move(arguments)));
    }));
    pursued(*context, outer);
    kept_[key] = std::move(context);
}

/// A list that is the beginning, or the end, of every output leaves the rest as a goal.
void FunctionEnumeration::pursue_rest(Goal& goal, std::uint32_t list) {
    bool begins = true, ends = true, some = false, all = true;
    for (std::size_t row = 0; row < at_.rows() && (begins || ends); ++row) {
        const auto part = list_at(list, row), to = search_.lists[goal.column[row]];
        if (part.size() > to.size()) return;
        begins = begins && std::equal(part.begin(), part.end(), to.begin());
        ends = ends && std::equal(part.rbegin(), part.rend(), to.rbegin());
        some = some || !part.empty();
        all = all && part.size() == to.size();
    }
    if (!some || all) return;
    for (const bool front : {true, false}) {
        if (!(front ? begins : ends)) continue;
        std::vector<Word> rest;
        for (std::size_t row = 0; row < at_.rows(); ++row) {
            const auto part = list_at(list, row), to = search_.lists[goal.column[row]];
            rest.push_back(search_.lists.intern(front ? to.subspan(part.size()) : to.first(to.size() - part.size())));
        }
        add_rest(goal, std::move(rest), cost_of_part(goal, list) + 4, list, [this, list, front](Expression other) {
            Expression part = at_.expression(list);
            return front ? call(Operator::concat, {std::move(part), std::move(other)})
                         : call(Operator::concat, {std::move(other), std::move(part)});
        });
    }
}

} // namespace ropewalk::synthesis
