#pragma once

#include <optional>
#include <span>

#include "ropewalk/programs/assembly/assembly.hpp"
#include "ropewalk/programs/machine/machine.hpp"

namespace ropewalk::tuning {

struct RepairOptions {
    /// Instructions that edits may introduce.
    assembly::InstructionSet instruction_set = assembly::paper13();
    /// Programs of one edit that are edited once more, best first, one per behaviour; 0: one edit only.
    int beam = 12;
    /// Programs have at most this many lines after repair.
    int longest = 32;
    /// Programs that may be run; 0: no limit.
    long most_candidates = 0;
    /// A request to give up.
    base::Stop stop;
};

struct Repaired {
    std::optional<assembly::Program> program; ///< where one was found
    int edits = 0;
    /// Programs that were run.
    long candidates = 0;
};

/// Searches the neighbourhood of a hard program, one edit and then two, for one that is right on every
/// example, run by the exact machine for `steps` steps. Gradient descent cannot insert a line; this can.
/// Programs that behave the same on the examples are followed once. The first right program in the order of
/// edits is returned; a program that is right already comes back with 0 edits.
Repaired repair(const assembly::Program& program, std::span<const machine::Example> examples,
                long steps, const RepairOptions& options = {});

} // namespace ropewalk::tuning
