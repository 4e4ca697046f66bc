// Conditionals by covering: expressions that are right on some rows, and conditions that tell these rows apart
// (Alur, Radhakrishna and Udupa 2017, "Scaling enumerative program synthesis via divide and conquer").
#include <algorithm>

#include "ropewalk/programs/synthesis/context.hpp"

namespace ropewalk::synthesis {

namespace {

constexpr std::size_t most_terms = 2000, most_conditions = 6000;

} // namespace

void Context::add_term(Goal& goal, std::uint32_t id) {
    if (goal.terms.size() >= most_terms) return;
    RowSet rows(bank_.rows());
    const Word* column = bank_.column(id);
    for (std::size_t row = 0; row < bank_.rows(); ++row)
        if (column[row] == goal.column[row]) rows.add(row);
    if (rows.empty()) return;
    // A cheaper expression that is right on all these rows makes this one needless.
    for (const Goal::Term& term : goal.terms)
        if (term.rows.holds(rows)) return;
    goal.terms.push_back({id, std::move(rows)});
}

void Context::cover_goals() {
    for (const auto& goal : goals_)
        if (!goal->met) cover(*goal);
}

void Context::cover(Goal& goal) {
    struct Condition {
        std::uint32_t entry;
        RowSet yes, no;
    };
    RowSet all(rows());
    for (std::size_t row = 0; row < rows(); ++row) all.add(row);
    const auto first_that_holds = [&goal](const RowSet& rows) -> const Goal::Term* {
        for (const Goal::Term& term : goal.terms)
            if (term.rows.holds(rows)) return &term;
        return nullptr;
    };
    std::size_t tried = 0;
    for (int cost = 1; cost <= level_; ++cost)
        for (const std::uint32_t id : bank_.ids(Slot::truth, cost)) {
            if (++tried > most_conditions || search_.stopped()) return;
            RowSet yes(rows());
            const Word* column = bank_.column(id);
            for (std::size_t row = 0; row < rows(); ++row)
                if (column[row] != 0) yes.add(row);
            const RowSet no = all.without(yes);
            if (yes.empty() || no.empty()) continue;
            const Goal::Term* then = first_that_holds(yes);
            const Goal::Term* otherwise = then ? first_that_holds(no) : nullptr;
            if (!otherwise) continue;
            const int total =
                search_.grammar.condition + cost + bank_[then->entry].cost + bank_[otherwise->entry].cost;
            if (total >= goal.best_cover) continue;
            goal.best_cover = total;
            search_.report(goal.cost + total,
                           goal.around(functional::call(Operator::condition, {expression(id), expression(then->entry),
                                                                              expression(otherwise->entry)})));
        }
}

} // namespace ropewalk::synthesis
