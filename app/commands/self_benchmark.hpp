// How fast this computer is at what Ropewalk spends its time on.
#pragma once

#include <string>
#include <vector>

namespace ropewalk::cli {

/// A rate that was measured here, and what the documentation has.
struct Speed {
    std::string what;
    double measured = 0;
    std::string unit;
    std::string published;
};

/// Medians of short repetitions on one thread, a third of a minute in all.
std::vector<Speed> self_benchmark();

} // namespace ropewalk::cli
