#pragma once

#include <vector>

namespace ropewalk::machine {

/// Marks an expected value that is not scored.
constexpr int not_scored = -1;

/// One input and what is expected after the task's steps.
struct Example {
    std::vector<int> memory;             ///< [cells], values 0..base-1
    std::vector<int> registers;          ///< [registers]; empty: the program's own initial values
    std::vector<int> expected_memory;    ///< [cells], `not_scored` where anything goes
    std::vector<int> expected_registers; ///< [registers], likewise; empty: no register is scored

    friend bool operator==(const Example&, const Example&) = default;
};

} // namespace ropewalk::machine
