// Keys that put a list in the order of the output, or choose the output among its elements.
#include <algorithm>
#include <numeric>

#include "ropewalk/programs/synthesis/function_enumeration.hpp"

namespace ropewalk::synthesis {

using functional::call;
using functional::Expression;

bool KeyGoal::is_met(const Word* keys, bool falling, const values::Lists& all) const {
    thread_local std::vector<std::size_t> order;
    const auto before = [&](std::size_t a, std::size_t b) { return falling ? keys[a] > keys[b] : keys[a] < keys[b]; };
    for (std::size_t row = 0; row < lists.size(); ++row) {
        const auto x = all[lists[row]];
        order.resize(x.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        if (op == Operator::sort_by) {
            const auto to = all[wanted[row]];
            std::stable_sort(order.begin(), order.end(), before);
            for (std::size_t i = 0; i < x.size(); ++i)
                if (x[order[i]] != to[i]) return false;
        } else if (!x.empty()) {
            // The first of the largest; of the smallest where the opposites are asked for.
            const auto at = falling ? std::min_element(keys, keys + x.size()) : std::max_element(keys, keys + x.size());
            if (x[static_cast<std::size_t>(at - keys)] != wanted[row]) return false;
        }
        keys += x.size();
    }
    return true;
}

/// Asks the functions of the list's elements for keys by which `op` gives what the goal wants.
void FunctionEnumeration::add_key_goal(const Goal& goal, std::uint32_t list, Operator op) {
    const Key key{Kind::elements, list, 0};
    if (!kept_.contains(key)) kept_[key] = make_context(key);
    Context* inner = kept_[key].get();
    if (!inner) return;
    const int list_cost = at_.bank()[list].cost;
    KeyGoal keys{.op = op,
                 .lists = {},
                 .wanted = goal.column,
                 .cost = goal.cost + list_cost + 6,
                 .around = [this, list, wrap = goal.around](int cost, Operator chosen, Expression by) {
                     wrap(cost, call(chosen, {at_.expression(list), std::move(by)}));
                 }};
    for (std::size_t row = 0; row < at_.rows(); ++row) keys.lists.push_back(at_.bank().column(list)[row]);
    inner->add_key_goal(std::move(keys));
    pursued(*inner, goal.reach + list_cost);
}

/// The output has the elements of the list in another order.
void FunctionEnumeration::pursue_order(Goal& goal, std::uint32_t list) {
    if (!allows(Operator::sort_by)) return;
    std::vector<Word> from, to;
    bool other_order = false;
    for (std::size_t row = 0; row < at_.rows(); ++row) {
        const auto x = list_at(list, row), y = search_.lists[goal.column[row]];
        if (x.size() != y.size()) return;
        from.assign(x.begin(), x.end());
        to.assign(y.begin(), y.end());
        other_order = other_order || from != to;
        std::sort(from.begin(), from.end());
        std::sort(to.begin(), to.end());
        if (from != to) return;
    }
    if (!other_order) return;
    add_key_goal(goal, list, Operator::sort_by);
}

/// The output is one of the elements of the list.
void FunctionEnumeration::pursue_choice(Goal& goal, std::uint32_t list) {
    if (!allows(Operator::max_by) || !allows(Operator::min_by)) return;
    bool some = false;
    for (std::size_t row = 0; row < at_.rows(); ++row) {
        const auto x = list_at(list, row);
        some = some || x.size() > 1;
        if (!x.empty() && std::find(x.begin(), x.end(), goal.column[row]) == x.end()) return;
        if (x.empty() && goal.column[row] != 0) return;
    }
    if (!some) return;
    add_key_goal(goal, list, Operator::max_by);
}

} // namespace ropewalk::synthesis
