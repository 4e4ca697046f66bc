#pragma once

#include "ropewalk/programs/induction/induce.hpp"

namespace ropewalk::induction {

/// A starting point for tuning: a program that is nearly right, or none (random weights).
struct Template {
    std::string name;
    std::optional<assembly::Program> program;
    /// Share of scored cells right before tuning; 0 for random weights.
    double score = 0;
    int turns = 0;
};

/// Share of the scored cells of the examples that a program has right after its steps.
double score_of(const assembly::Program& program, const std::vector<machine::Example>& examples);

/// The near misses of a search as assembly, each padded with `padding` no-ops inside its loop, then a loop
/// without a body, then random weights. Near misses that do not lower are left out.
std::vector<Template> templates_of(const std::vector<search::Candidate>& near_misses, const tasks::Task& task,
                                   const std::vector<machine::Example>& examples,
                                   const InduceOptions& options);

/// Tunes a template: compile with noise -> descend -> harden -> repair -> certify. `stop` ends it early.
base::Result<tuning::TuneResult> tune_template(const Template& start, const tasks::Task& task, int restarts,
                                               int iterations, const InduceOptions& options,
                                               std::uint64_t turn, base::Stop stop);

} // namespace ropewalk::induction
