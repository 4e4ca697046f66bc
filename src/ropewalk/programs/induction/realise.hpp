#pragma once

#include "ropewalk/programs/search/search.hpp"
#include "ropewalk/programs/tuning/tuning.hpp"

namespace ropewalk::induction {

/// Examples of a task for the search: `count` drawn from its domain (keyed by seed), or all of them, up to
/// 1,000, when the task is a file of examples. Fails when an example scores registers, which the language
/// does not have.
base::Result<search::Specification> specification_of(const tasks::Task& task, int count, std::uint64_t seed);

/// The source as assembly for the task's machine, with its number of steps: the lowering's own, or where it
/// depends on memory four times the most that the examples need, and 64.
base::Result<assembly::Program>
realised(const language::Program& source, const tasks::Task& task,
         const std::vector<machine::Example>& examples,
         const assembly::InstructionSet& instruction_set = assembly::paper13());

/// A verifier for the search: lowers a program and certifies it on the task.
search::Verifier verifier_of(const tasks::Task& task, const std::vector<machine::Example>& examples,
                             std::uint64_t seed, int threads);

/// One program behind the other. The first must halt or run off its end on every input: its halts become
/// jumps to the second, whose registers are its own. Fails when the two are for different machines or too
/// large together.
base::Result<assembly::Program> in_sequence(const assembly::Program& first, const assembly::Program& second);

} // namespace ropewalk::induction
