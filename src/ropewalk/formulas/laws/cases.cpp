#include "ropewalk/formulas/laws/cases.hpp"

#include <algorithm>
#include <optional>

#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/refinement.hpp"

namespace ropewalk::formula {

namespace {

/// The part of a program that ends in a slot.
Program part_at(const Program& program, int slot) {
    if (slot < program.variables) return variable(program.variables, slot);
    Program part{program.variables, program.lines, 0};
    part.lines.resize(static_cast<std::size_t>(slot - program.variables + 1));
    return tidy(part);
}

bool compares(const Program& program) {
    return std::any_of(program.lines.begin(), program.lines.end(), [](const Line& line) { return line.operation == Operator::less; });
}

/// Whether the thing that is compared with a number lies above it; nothing for other comparisons.
struct Bound {
    Program of;
    double number = 0;
    bool above = true;
};

std::optional<Bound> bound_of(const Comparison& comparison) {
    if (const double* const number = number_at(comparison.left, comparison.left.result())) return Bound{comparison.right, *number, comparison.holds};
    if (const double* const number = number_at(comparison.right, comparison.right.result())) return Bound{comparison.left, *number, !comparison.holds};
    return std::nullopt;
}

/// Leaves the comparisons that say something; nothing where they contradict each other.
std::optional<std::vector<Comparison>> possible(std::vector<Comparison> where) {
    if (where.size() < 2) return where;
    const auto first = bound_of(where[0]), second = bound_of(where[1]);
    if (!first || !second || first->of != second->of) return where;
    if (first->above == second->above) {
        const bool first_says_more = (first->number > second->number) == first->above;
        return std::vector<Comparison>{where[first_says_more ? 0 : 1]};
    }
    const Bound& above = first->above ? *first : *second;
    const Bound& below = first->above ? *second : *first;
    if (above.number >= below.number) return std::nullopt;
    return where;
}

/// Cases of one thing compared with numbers stand in its order.
double place_of(const Case& each) {
    double place = 0;
    for (const Comparison& comparison : each.where)
        if (const auto bound = bound_of(comparison)) place += bound->number + (bound->above ? 0.5 : -0.5);
    return place / static_cast<double>(std::max<std::size_t>(each.where.size(), 1));
}

} // namespace

std::vector<Case> cases_of(const Program& program, const Problem& problem) {
    constexpr std::size_t most_comparisons = 2;
    const Program whole = tidy(program);
    std::vector<std::size_t> lines;
    for (std::size_t l = 0; l < whole.lines.size(); ++l)
        if (whole.lines[l].operation == Operator::less) lines.push_back(l);
    if (lines.empty() || lines.size() > most_comparisons || lines.back() + 1 == whole.lines.size()) return {};
    std::vector<Comparison> comparisons;
    for (const std::size_t line : lines) {
        comparisons.push_back({part_at(whole, whole.lines[line].left), part_at(whole, whole.lines[line].right)});
        if (compares(comparisons.back().left) || compares(comparisons.back().right)) return {};
    }
    const double free_bits = free_bits_of(0, problem);
    std::vector<Case> cases;
    for (unsigned holding = 0; holding < 1u << lines.size(); ++holding) {
        Program value = whole;
        std::vector<Comparison> where = comparisons;
        for (std::size_t k = 0; k < lines.size(); ++k) {
            where[k].holds = (holding >> k & 1u) != 0;
            value.lines[lines[k]] = {Operator::constant, 0, 0, where[k].holds ? 1.0 : 0.0};
        }
        if (auto said = possible(std::move(where)))
            cases.push_back({std::move(*said), shortest_writing(simplified(value), problem, free_bits)});
    }
    std::stable_sort(cases.begin(), cases.end(), [](const Case& a, const Case& b) { return place_of(a) < place_of(b); });
    return cases;
}

} // namespace ropewalk::formula
