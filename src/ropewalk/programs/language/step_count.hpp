#pragma once

#include <optional>

#include "ropewalk/programs/language/emitter.hpp"

namespace ropewalk::language {

struct StepCount {
    /// The largest over the branches of conditions.
    long most = 0;
    /// Whether all runs take that many.
    bool exact = true;
};

/// Steps until `halt`, or until the last line has run `last_line_runs` times when that is given. The program
/// is run with registers that are known or unknown; where a condition depends on memory both ways are taken
/// up to the line where they meet. Nothing when the length of a loop depends on memory, or after very many
/// steps.
std::optional<StepCount> count_steps(const Emitted& emitted, bool starting_registers_known,
                                     std::optional<long> last_line_runs);

} // namespace ropewalk::language
