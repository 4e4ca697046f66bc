#include "ropewalk/images/identification/decisions.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace ropewalk::identification {

std::vector<std::size_t> formulas_of(std::span<const Decision> decisions) {
    std::vector<std::size_t> formulas;
    for (const Decision& decision : decisions) formulas.push_back(decision.formula);
    return formulas;
}

std::vector<std::size_t> surest_tasks(std::span<const Decision> decisions, std::size_t most) {
    std::vector<std::size_t> tasks(decisions.size());
    std::iota(tasks.begin(), tasks.end(), std::size_t{0});
    std::stable_sort(tasks.begin(), tasks.end(),
                     [&](std::size_t a, std::size_t b) { return decisions[a].margin > decisions[b].margin; });
    tasks.resize(std::min(most, tasks.size()));
    std::sort(tasks.begin(), tasks.end());
    return tasks;
}

Decisions::Decisions(std::size_t tasks, std::size_t formulas)
    : formulas_(formulas), added_(tasks), average_(tasks * formulas), decisions_(tasks) {}

void Decisions::add(std::span<const float> errors, std::size_t step, std::span<const std::uint32_t> tasks) {
    const std::size_t count = tasks.empty() ? decisions_.size() : tasks.size();
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t task = tasks.empty() ? i : tasks[i];
        add_task(task, errors.data() + i * formulas_);
        decide(task, step);
    }
}

void Decisions::add_task(std::size_t task, const float* errors) {
    const std::size_t added = ++added_[task];
    // Polynomial decay (Shamir & Zhang 2013): the average spans about the last fifth of the steps, so that
    // its noise falls as learning goes on while what the grounder said long ago is still forgotten.
    constexpr double order = 5;
    const auto share = static_cast<float>(order / (static_cast<double>(added) - 1 + order));
    float* average = average_.data() + task * formulas_;
    for (std::size_t f = 0; f < formulas_; ++f) average[f] += share * (errors[f] - average[f]);
}

void Decisions::decide(std::size_t task, std::size_t step) {
    const float* errors = average_.data() + task * formulas_;
    std::size_t best = 0, second = 0;
    float least = errors[0], next = 0;
    for (std::size_t f = 1; f < formulas_; ++f)
        if (errors[f] < least) {
            second = best, next = least;
            best = f, least = errors[f];
        } else if (second == best || errors[f] < next) {
            second = f, next = errors[f];
        }
    Decision& decision = decisions_[task];
    decision = {best, second, least, static_cast<double>(next) - static_cast<double>(least),
                best == decision.formula ? decision.since : step};
}

void Decisions::choose(std::span<const std::size_t> formulas, const std::vector<std::vector<bool>>& same,
                       std::size_t step) {
    for (std::size_t t = 0; t < formulas.size(); ++t) {
        const float* errors = average_.data() + t * formulas_;
        const std::size_t chosen = formulas[t];
        std::size_t other = chosen;
        for (std::size_t f = 0; f < formulas_; ++f)
            if (!same[t][f] && (other == chosen || errors[f] < errors[other])) other = f;
        decisions_[t] = {chosen, other, errors[chosen],
                         static_cast<double>(errors[other]) - static_cast<double>(errors[chosen]), step};
    }
}

double Decisions::mean_error() const {
    if (std::count(added_.begin(), added_.end(), std::size_t{0}) > 0)
        return std::numeric_limits<double>::infinity();
    double sum = 0;
    for (const Decision& decision : decisions_) sum += decision.error;
    return sum / static_cast<double>(decisions_.size());
}

std::size_t Decisions::last_change() const {
    std::size_t last = 0;
    for (const Decision& decision : decisions_) last = std::max(last, decision.since);
    return last;
}

std::size_t Decisions::settled(std::size_t step, std::size_t steps) const {
    return static_cast<std::size_t>(
        std::count_if(decisions_.begin(), decisions_.end(),
                      [&](const Decision& decision) { return step >= decision.since + steps; }));
}

void Decisions::restore(std::vector<float> average, std::vector<std::size_t> added,
                        std::vector<Decision> decisions) {
    average_ = std::move(average);
    added_ = std::move(added);
    decisions_ = std::move(decisions);
}

} // namespace ropewalk::identification
