// Which formula each task is held to have: the one with the least averaged error.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ropewalk::identification {

/// What is held of one task. Errors are those of Posterior::errors, so 1 is the error of a constant.
struct Decision {
    std::size_t formula = 0;   ///< index into the pool
    std::size_t runner_up = 0; ///< the next best one
    double error = 0;          ///< of the formula
    double margin = 0;         ///< error of the runner-up less that of the formula
    std::size_t since = 0;     ///< the step from which on the formula has been the best

    friend bool operator==(const Decision&, const Decision&) = default;
};

std::vector<std::size_t> formulas_of(std::span<const Decision> decisions);

/// The tasks whose formulas are furthest ahead of their runners-up, at most so many, in rising order.
std::vector<std::size_t> surest_tasks(std::span<const Decision> decisions, std::size_t most);

/// Averages the errors of the steps, later ones with more weight: one batch is too few rows to tell formulas
/// apart that differ little.
class Decisions {
public:
    Decisions(std::size_t tasks, std::size_t formulas);

    /// Takes in the errors of a step, [tasks, formulas]. `tasks` names the tasks that the errors are of;
    /// empty: all of them.
    void add(std::span<const float> errors, std::size_t step, std::span<const std::uint32_t> tasks = {});

    /// Takes decisions from elsewhere; errors that are added later count again.
    void settle(std::vector<Decision> decisions) { decisions_ = std::move(decisions); }

    /// Takes the formulas of all tasks from elsewhere, at a step. Errors, and the best of all others as the
    /// runner-up, are those averaged; formulas that `same` [tasks, formulas] names are no others.
    void choose(std::span<const std::size_t> formulas, const std::vector<std::vector<bool>>& same,
                std::size_t step);

    /// Forgets the errors, not the decisions.
    void forget() { std::fill(added_.begin(), added_.end(), 0); }

    const std::vector<Decision>& tasks() const { return decisions_; }

    /// Of the formulas that the tasks are held to have; infinite while nothing is known of some task.
    double mean_error() const;

    /// The last step at which a task changed its formula.
    std::size_t last_change() const;

    /// Tasks that have kept their formula for `steps` steps up to `step`.
    std::size_t settled(std::size_t step, std::size_t steps) const;

    /// For checkpoints: what has been averaged over how many steps of each task.
    const std::vector<float>& average() const { return average_; }
    const std::vector<std::size_t>& added() const { return added_; }
    void restore(std::vector<float> average, std::vector<std::size_t> added, std::vector<Decision> decisions);

private:
    void add_task(std::size_t task, const float* errors);
    void decide(std::size_t task, std::size_t step);

    std::size_t formulas_;
    std::vector<std::size_t> added_;
    std::vector<float> average_;
    std::vector<Decision> decisions_;
};

} // namespace ropewalk::identification
