// What a program begins or ends with, or does at last, leaves the rest as a goal.
#include <algorithm>

#include "ropewalk/programs/synthesis/function_enumeration.hpp"

namespace ropewalk::synthesis {

using functional::call;
using functional::Expression;

/// What stands inside of `reverse`, or of a list of one element, if the program is one.
void FunctionEnumeration::pursue_inside(Goal& goal) {
    std::vector<Word> reversed, only;
    for (const Word column : goal.column) {
        reversed.push_back(functional::apply(Operator::reverse, &column, search_.lists));
        if (search_.lists[column].size() == 1) only.push_back(search_.lists[column][0]);
    }
    if (only.size() == goal.column.size() && has_room_for(Slot::number, only))
        at_.add_goal(Goal(Slot::number, only, goal.cost + 4, [wrap = goal.around](int whole, Expression inside) {
            wrap(whole, call(Operator::list, {std::move(inside)}));
        }));
    if (allows(Operator::reverse) && has_room_for(Slot::list, reversed))
        at_.add_goal(Goal(Slot::list, reversed, goal.cost + 3, [wrap = goal.around](int whole, Expression inside) {
            wrap(whole, call(Operator::reverse, {std::move(inside)}));
        }));
}

/// The words of texts, if the program joins them.
void FunctionEnumeration::pursue_words(Goal& goal) {
    constexpr Word space = ' ';
    if (!search_.gives_texts || at_.depth() > 0 || !allows(Operator::join)) return;
    std::vector<Word> words;
    std::size_t several = 0;
    for (const Word column : goal.column) {
        const Word arguments[] = {column, space};
        words.push_back(functional::apply(Operator::split, arguments, search_.lists));
        several += search_.lists[words.back()].size() > 1 ? 1 : 0;
    }
    if (2 * several < goal.column.size() || !has_room_for(Slot::nested, words)) return;
    at_.add_goal(Goal(Slot::nested, words, goal.cost + 5, [wrap = goal.around](int whole, Expression inside) {
        wrap(whole, call(Operator::join, {std::move(inside), functional::number(space)}));
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
        const Operator op = front ? Operator::prepend : Operator::append;
        if (rest.size() < at_.rows() || !allows(op)) continue;
        add_rest(goal, std::move(rest), cost_of_part(goal, number) + 4, number, [this, number, op](Expression other) {
            return call(op, {std::move(other), at_.expression(number)});
        });
    }
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
        if (whole) return goal.around(goal.cost + cost, std::move(literal));
        if (!allows(Operator::concat)) continue;
        add_rest(goal, std::move(rest), cost + 4, -1, [literal, at_front](Expression other) {
            return at_front ? call(Operator::concat, {literal, std::move(other)})
                            : call(Operator::concat, {std::move(other), literal});
        });
    }
}

/// What stands inside of a `swap` of two places from the front.
void FunctionEnumeration::pursue_swaps(Goal& goal) {
    constexpr std::int64_t farthest = 9;
    if (!allows(Operator::swap)) return;
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
                         [i, j, wrap = goal.around](int whole, Expression other) {
                             wrap(whole, call(Operator::swap, {std::move(other), functional::number(i), functional::number(j)}));
                         });
            swapped.light = true;
            at_.add_goal(std::move(swapped));
        }
}

/// A list that is the beginning, or the end, of every output leaves the rest as a goal.
void FunctionEnumeration::pursue_rest(Goal& goal, std::uint32_t list) {
    thread_local std::vector<Word> room;
    bool begins = true, ends = true, some = false, all = true;
    for (std::size_t row = 0; row < at_.rows() && (begins || ends); ++row) {
        const auto part = at_.list_at(list, row, room), to = search_.lists[goal.column[row]];
        if (part.size() > to.size()) return;
        begins = begins && std::equal(part.begin(), part.end(), to.begin());
        ends = ends && std::equal(part.rbegin(), part.rend(), to.rbegin());
        some = some || !part.empty();
        all = all && part.size() == to.size();
    }
    if (!some || all || !allows(Operator::concat)) return;
    for (const bool front : {true, false}) {
        if (!(front ? begins : ends)) continue;
        std::vector<Word> rest;
        for (std::size_t row = 0; row < at_.rows(); ++row) {
            const auto part = at_.list_at(list, row, room), to = search_.lists[goal.column[row]];
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
