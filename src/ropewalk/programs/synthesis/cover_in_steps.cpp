// Chains of conditionals, where no single one covers all rows: decision lists (Rivest 1987, "Learning decision lists").
#include <algorithm>

#include "ropewalk/programs/synthesis/context.hpp"

namespace ropewalk::synthesis {

namespace {

/// With fewer rows some chain always fits.
constexpr std::size_t least_rows = 6;
constexpr std::size_t longest_chain = 3;
constexpr std::size_t beam_width = 8, most_moves = 12, most_subsets = 400;
constexpr std::size_t most_single_rows = 1;

} // namespace

/// One link of a chain: a condition, the side of it that is covered, and an expression that is right there.
struct Context::Link {
    std::uint32_t condition, term;
    bool yes;
    RowSet rows;
    int cost;
};

struct Context::Chain {
    std::vector<Link> links;
    RowSet left;
    int cost = 0;
    std::size_t single_rows = 0; ///< links that cover a single row
};

/// The links that cover some but not all of these rows, those that cost least a row first.
std::vector<Context::Link> Context::links_over(const Goal& goal, const RowSet& left) const {
    std::vector<Link> links;
    std::vector<RowSet> seen;
    for (const Condition& condition : conditions_) {
        if (seen.size() >= most_subsets) break;
        for (const bool yes : {true, false}) {
            const RowSet rows = left.common(yes ? condition.yes : condition.no);
            if (rows.empty() || rows == left || std::find(seen.begin(), seen.end(), rows) != seen.end()) continue;
            // Conditions come cheapest first: another with the same rows is no better.
            seen.push_back(rows);
            if (const Goal::Term* const term = goal.term_on(rows))
                links.push_back({condition.entry, term->entry, yes, rows,
                                 search_.grammar.condition + bank_[condition.entry].cost + bank_[term->entry].cost});
        }
    }
    std::stable_sort(links.begin(), links.end(), [](const Link& a, const Link& b) {
        return a.cost * static_cast<int>(b.rows.size()) < b.cost * static_cast<int>(a.rows.size());
    });
    if (links.size() > most_moves) links.resize(most_moves, links.front());
    return links;
}

/// The chain as an expression, with this behind its last condition.
functional::Expression Context::chained(const Chain& chain, std::uint32_t last) const {
    functional::Expression whole = expression(last);
    for (auto link = chain.links.rbegin(); link != chain.links.rend(); ++link) {
        functional::Expression then = expression(link->term);
        if (!link->yes) std::swap(then, whole);
        whole = functional::call(Operator::condition, {expression(link->condition), std::move(then), std::move(whole)});
    }
    return whole;
}

void Context::cover_in_steps(Goal& goal) {
    const std::size_t parts = goal.terms.size() + conditions_.size();
    // What grew by little is not looked at again.
    if (rows() < least_rows || rows() > RowSet::most_rows || 4 * parts < 5 * goal.chained_parts) return;
    goal.chained_parts = parts;
    std::vector<Chain> beam{{.links = {}, .left = RowSet::where(rows(), [](std::size_t) { return true; })}};
    for (std::size_t step = 0; step < longest_chain && !beam.empty(); ++step) {
        std::vector<Chain> longer;
        for (const Chain& chain : beam) {
            if (search_.stopped()) return;
            for (const Link& link : links_over(goal, chain.left)) {
                Chain next = chain;
                next.links.push_back(link);
                next.left = chain.left.without(link.rows);
                next.cost += link.cost;
                next.single_rows += link.rows.size() == 1 ? 1 : 0;
                const std::size_t singles = next.single_rows + (next.left.size() == 1 ? 1 : 0);
                if (next.cost >= goal.best_cover || next.single_rows > most_single_rows) continue;
                const Goal::Term* const last = goal.term_on(next.left);
                if (!last) {
                    longer.push_back(std::move(next));
                } else if (const int total = next.cost + bank_[last->entry].cost;
                           total < goal.best_cover && singles <= most_single_rows && next.links.size() > 1) {
                    goal.best_cover = total;
                    goal.around(goal.cost + total, chained(next, last->entry));
                }
            }
        }
        const auto covered = [this](const Chain& chain) { return static_cast<int>(rows() - chain.left.size()); };
        std::stable_sort(longer.begin(), longer.end(), [&](const Chain& a, const Chain& b) {
            return a.cost * covered(b) < b.cost * covered(a);
        });
        if (longer.size() > beam_width) longer.erase(longer.begin() + beam_width, longer.end());
        beam = std::move(longer);
    }
}

} // namespace ropewalk::synthesis
