// Programs whose last step takes several values: each of these is a goal, and the whole is there once all are met.
#include <algorithm>

#include "ropewalk/programs/synthesis/function_enumeration.hpp"

namespace ropewalk::synthesis {

using functional::call;
using functional::Expression;

namespace {

using Elements = std::span<const Word>;

bool consecutive(Elements x) {
    for (std::size_t i = 1; i < x.size(); ++i)
        if (x[i] != x[i - 1] + 1) return false;
    return !x.empty();
}

bool all_equal(Elements x) {
    return !x.empty() && std::all_of(x.begin(), x.end(), [&](Word each) { return each == x[0]; });
}

std::size_t common_prefix(Elements x, Elements y) {
    const std::size_t length = std::min(x.size(), y.size());
    return static_cast<std::size_t>(std::mismatch(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(length), y.begin()).first -
                                    x.begin());
}

} // namespace

void FunctionEnumeration::pursue_together(Goal& goal, int cost, std::vector<std::vector<Word>> numbers,
                                          std::function<Expression(std::vector<Expression>)> join) {
    struct Part {
        int cost = -1;
        Expression expression;
    };
    struct Parts {
        int cost;
        std::vector<Part> found;
        std::function<Expression(std::vector<Expression>)> join;
        Around wrap;
    };
    const auto parts = std::make_shared<Parts>(Parts{goal.cost + cost, std::vector<Part>(numbers.size()), std::move(join), goal.around});
    for (std::size_t which = 0; which < numbers.size(); ++which) {
        Goal part(Slot::number, std::move(numbers[which]), goal.cost + cost, [parts, which](int whole, Expression expression) {
            parts->found[which] = {whole - parts->cost, std::move(expression)};
            int sum = parts->cost;
            std::vector<Expression> all;
            for (const Part& each : parts->found) {
                if (each.cost < 0) return;
                sum += each.cost;
                all.push_back(each.expression);
            }
            parts->wrap(sum, parts->join(std::move(all)));
        });
        part.light = true;
        at_.add_goal(std::move(part));
    }
}

/// Lists that one operator makes of a few numbers: a range, one value again and again, the numbers themselves.
void FunctionEnumeration::pursue_made_lists(Goal& goal) {
    std::vector<Word> from, to, length;
    std::vector<std::vector<Word>> places;
    constexpr std::size_t most_places = 4;
    bool ranges = true, repeats = true, same_length = true, longer = false;
    const std::size_t size = search_.lists[goal.column[0]].size();
    for (const Word column : goal.column) {
        const Elements x = search_.lists[column];
        ranges = ranges && consecutive(x);
        repeats = repeats && all_equal(x);
        same_length = same_length && x.size() == size;
        longer = longer || x.size() > 1;
        from.push_back(x.empty() ? 0 : x.front());
        to.push_back(x.empty() ? 0 : x.back() + 1);
        length.push_back(static_cast<Word>(x.size()));
        for (std::size_t i = 0; same_length && i < std::min(size, most_places); ++i) {
            places.resize(std::min(size, most_places));
            places[i].push_back(x[i]);
        }
    }
    const auto call_of = [](Operator op) {
        return [op](std::vector<Expression> all) { return call(op, std::move(all)); };
    };
    if (ranges && longer && allows(Operator::range)) pursue_together(goal, 5, {from, to}, call_of(Operator::range));
    if (repeats && longer && allows(Operator::repeat)) pursue_together(goal, 5, {from, length}, call_of(Operator::repeat));
    if (same_length && size >= 2 && size <= most_places)
        pursue_together(goal, 3 + static_cast<int>(size), std::move(places), call_of(Operator::list));
}

/// Outputs that are a list but for one place, or a part of one: the place, the value or the bounds are goals.
void FunctionEnumeration::pursue_edits(Goal& goal, std::uint32_t list) {
    const Bank& bank = at_.bank();
    const int cost = bank[list].cost;
    std::vector<Word> places, values, taken, dropped;
    bool begins = true, ends = true, inserts = true, removes = true, sets = true, whole = true;
    for (std::size_t row = 0; row < at_.rows(); ++row) {
        const Elements x = list_at(list, row), to = search_.lists[goal.column[row]];
        const std::size_t same = common_prefix(x, to);
        const auto rest_is = [&](std::size_t skip_x, std::size_t skip_to) {
            return same + skip_x <= x.size() && same + skip_to <= to.size() &&
                   std::equal(x.begin() + static_cast<std::ptrdiff_t>(same + skip_x), x.end(),
                              to.begin() + static_cast<std::ptrdiff_t>(same + skip_to), to.end());
        };
        whole = whole && to.size() == x.size() && same == x.size();
        begins = begins && same == to.size();
        ends = ends && to.size() <= x.size() && std::equal(to.rbegin(), to.rend(), x.rbegin());
        inserts = inserts && to.size() == x.size() + 1 && rest_is(0, 1);
        removes = removes && to.size() + 1 == x.size() && rest_is(1, 0);
        sets = sets && to.size() == x.size() && same < x.size() && rest_is(1, 1);
        places.push_back(static_cast<Word>(same));
        values.push_back(same < to.size() ? to[same] : 0);
        taken.push_back(static_cast<Word>(to.size()));
        dropped.push_back(static_cast<Word>(x.size()) - static_cast<Word>(to.size()));
        if (!(begins || ends || inserts || removes || sets)) return;
    }
    if (whole) return;
    const auto edit = [&](Operator op, int op_cost, std::vector<std::vector<Word>> numbers) {
        if (!allows(op)) return;
        pursue_together(goal, cost + op_cost, std::move(numbers), [this, op, list](std::vector<Expression> all) {
            all.insert(all.begin(), at_.expression(list));
            return call(op, std::move(all));
        });
    };
    if (begins) edit(Operator::take, 4, {taken});
    if (ends) edit(Operator::drop, 4, {dropped});
    if (inserts) edit(Operator::insert, 6, {places, values});
    if (removes) edit(Operator::remove_at, 5, {places});
    if (sets) edit(Operator::set, 6, {places, values});
}

/// Outputs as long as a list, filled up with one value: what stands before is a goal.
void FunctionEnumeration::pursue_padding(Goal& goal, std::uint32_t list) {
    if (!allows(Operator::pad)) return;
    std::map<Word, int> last;
    for (std::size_t row = 0; row < at_.rows(); ++row) {
        const Elements to = search_.lists[goal.column[row]];
        if (to.size() != list_at(list, row).size()) return;
        if (!to.empty()) ++last[to.back()];
    }
    for (const auto& [value, times] : last) {
        if (times * 3 < static_cast<int>(at_.rows())) continue;
        std::vector<Word> inside;
        for (const Word column : goal.column) {
            Elements to = search_.lists[column];
            while (!to.empty() && to.back() == value) to = to.first(to.size() - 1);
            inside.push_back(search_.lists.intern(to));
        }
        if (!has_room_for(Slot::list, inside)) continue;
        Goal before(Slot::list, std::move(inside), goal.cost + 6 + 4 + at_.bank()[list].cost + Grammar::constant(value, true),
                    [this, list, value = value, wrap = goal.around](int cost, Expression filled) {
                        wrap(cost, call(Operator::pad, {std::move(filled), call(Operator::length, {at_.expression(list)}),
                                                        functional::number(value)}));
                    });
        before.reach = goal.reach + 3;
        at_.add_goal(std::move(before));
    }
}

} // namespace ropewalk::synthesis
