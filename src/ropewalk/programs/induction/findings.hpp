// What the strategies of one induction share: the task, the budget, and what is known so far.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ropewalk/programs/induction/induce.hpp"
#include "ropewalk/programs/induction/templates.hpp"

namespace ropewalk::induction {

/// Adds to `known` what is not in it yet, in its order.
void add_new_programs(std::vector<search::Candidate> more, std::vector<search::Candidate>& known);

class Findings {
public:
    /// Both outlive it. Fails when the task does not fit the search's machine and tuning is not allowed.
    static base::Result<Findings> of(const tasks::Task& task, const InduceOptions& options);

    const tasks::Task& task() const { return *task_; }
    const InduceOptions& options() const { return *options_; }

    /// Examples for the search, with the counterexamples that verifying has found; none where the task does not fit it.
    search::Specification specification;
    bool is_searchable = false; ///< whether the task fits the search's machine

    /// Programs that do a part of the work wholly, best first.
    std::vector<search::Candidate> first_parts;
    /// Programs that tuning has brought nearer to the target, best first.
    std::vector<Template> tuned;

    Induced result;

    /// Whether a certified program is there.
    bool is_found() const { return result.program.has_value(); }

    /// Work so far, in programs tried; a gradient step on one example counts as some.
    double work = 0;
    bool is_out_of_budget() const;
    base::StopReason stop_reason() const;
    /// Asked for, or out of time.
    const base::Stop& deadline() const { return deadline_; }
    double seconds() const { return watch_.seconds(); }

    /// Options of a search for so many programs at most, within what is left of the budget.
    search::SearchOptions limits(std::uint64_t programs) const;

    search::Verifier verifier() const;

    /// Adds wrong programs that are new; the best are kept.
    void add_near_misses(std::vector<search::Candidate> misses);

    /// Takes a program as the result if its certificate holds.
    void accept(const language::Program& source, std::string found_by);
    void accept(const assembly::Program& program, std::string found_by);

private:
    Findings(const tasks::Task& task, const InduceOptions& options);

    double seconds_left() const;
    bool is_out_of_time() const;
    bool is_out_of_work() const;

    const tasks::Task* task_;
    const InduceOptions* options_;
    base::Stopwatch watch_;
    base::Stop deadline_;
};

} // namespace ropewalk::induction
