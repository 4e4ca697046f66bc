#pragma once

#include "ropewalk/programs/lowering/lower_lists.hpp"

namespace ropewalk::lowering {

/// What a machine must have for a program to run on some inputs.
struct Needs {
    std::int64_t least = 0, largest = 0; ///< numbers, on the way too
    std::int64_t cells = 1;
    int longest = 1; ///< of the lists that are arguments
    long steps = 0;

    bool negative() const { return least < 0; }
    /// The smallest base; numbers below 0 take half of it.
    std::int64_t base() const;
};

/// Runs the program on every input, on a machine without bounds. Fails where the program cannot be lowered at all.
base::Result<Needs> needs_of(const functional::Program& program, const std::vector<std::vector<values::Value>>& inputs);

/// Assembly for a machine of this base (0: the smallest power of two) and so many cells (0: as many as the base) on which
/// the program is right on all inputs. Where none is, the failure says what would be needed.
base::Result<Lowered> lower_for(const functional::Program& program, const std::vector<std::vector<values::Value>>& inputs, int base,
                                int cells);

/// The same where no inputs are known: lists of arguments take at most half of the cells, and numbers may be negative where
/// the program has a negative number, subtracts, or looks for a place, and the base is even.
base::Result<Lowered> lower_for_any(const functional::Program& program, int base, int cells);

/// Assembly as text, with the program over lists and the layout as comments.
std::string to_text(const Lowered& lowered, const functional::Program& program);

} // namespace ropewalk::lowering
