// Conditionals by covering: expressions that are right on some rows, and conditions that tell these rows apart
// (Alur, Radhakrishna and Udupa 2017, "Scaling enumerative program synthesis via divide and conquer").
#include "ropewalk/programs/synthesis/context.hpp"

namespace ropewalk::synthesis {

namespace {

constexpr std::size_t most_conditions = 5000;

} // namespace

void Context::add_terms(std::uint32_t id) {
    const std::uint64_t* lists = nullptr;
    for (const auto& goal : goals_) {
        if (goal->type != bank_[id].type || goal->light || goal->terms.size() >= Goal::most_terms || !goal->has_all_terms) continue;
        if (!lists) lists = lists_of_rows(id);
        add_term(*goal, id, lists);
    }
}

void Context::add_term(Goal& goal, std::uint32_t id, const std::uint64_t* lists) {
    const Word* column = lists ? nullptr : bank_.column(id);
    const auto is_right = [&](std::size_t row) { return lists ? lists[row] == goal.lists[row] : column[row] == goal.column[row]; };
    std::size_t first = 0;
    while (first < rows() && !is_right(first)) ++first;
    if (first == rows()) return;
    const RowSet right = RowSet::where(rows(), is_right);
    // A cheaper expression that is right on all these rows makes this one needless.
    for (const Goal::Term& term : goal.terms)
        if (term.rows.holds(right)) return;
    goal.terms.push_back({id, right});
}

void Context::add_condition(std::uint32_t id) {
    if (conditions_.size() >= most_conditions || rows() > RowSet::most_rows) return;
    const Word* column = bank_.column(id);
    const RowSet yes = RowSet::where(rows(), [&](std::size_t row) { return column[row] != 0; });
    const RowSet no = RowSet::where(rows(), [&](std::size_t row) { return column[row] == 0; });
    if (!yes.empty() && !no.empty()) conditions_.push_back({id, yes, no});
}

/// Asks all expressions about the goals that are new.
void Context::complete_terms() {
    if (rows() > RowSet::most_rows) return;
    std::vector<Goal*> fresh;
    for (const auto& goal : goals_)
        if (!goal->light && !goal->has_all_terms) fresh.push_back(goal.get());
    for (std::uint32_t id = 0; id < bank_.size() && !fresh.empty() && !search_.stopped(); ++id) {
        const std::uint64_t* lists = nullptr;
        for (Goal* const goal : fresh) {
            if (goal->type != bank_[id].type || goal->terms.size() >= Goal::most_terms) continue;
            if (!lists) lists = lists_of_rows(id);
            add_term(*goal, id, lists);
        }
    }
    for (Goal* const goal : fresh) goal->has_all_terms = true;
}

void Context::cover_goals() {
    complete_terms();
    for (const auto& goal : goals_)
        if (!goal->met && !goal->light) {
            cover(*goal);
            cover_in_steps(*goal);
        }
}

void Context::cover(Goal& goal) {
    // Where no term is new, only new conditions can join two.
    const bool new_terms = goal.terms.size() > goal.covered_terms;
    const std::size_t from = new_terms ? 0 : goal.covered_conditions;
    for (std::size_t i = from; i < conditions_.size(); ++i) {
        if (search_.stopped()) return;
        const Condition& condition = conditions_[i];
        const int cost = search_.grammar.condition + bank_[condition.entry].cost;
        if (cost >= goal.best_cover) break;
        const Goal::Term* then = goal.term_on(condition.yes);
        const Goal::Term* otherwise = then ? goal.term_on(condition.no) : nullptr;
        if (!otherwise) continue;
        const int total = cost + bank_[then->entry].cost + bank_[otherwise->entry].cost;
        if (total >= goal.best_cover) continue;
        goal.best_cover = total;
        goal.around(goal.cost + total,
                    functional::call(Operator::condition, {expression(condition.entry), expression(then->entry),
                                                           expression(otherwise->entry)}));
    }
    goal.covered_terms = goal.terms.size();
    goal.covered_conditions = conditions_.size();
}

} // namespace ropewalk::synthesis
