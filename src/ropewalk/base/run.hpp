// What every long piece of work is given, and why it ended.
#pragma once

#include <cstdint>
#include <string>

#include "ropewalk/base/progress.hpp"
#include "ropewalk/base/stop.hpp"
#include "ropewalk/base/stopwatch.hpp"

namespace ropewalk::base {

/// How a piece of work is run. Results depend on the seed and not on the threads.
struct Run {
    std::uint64_t seed = 0;
    int threads = 0;    ///< 0: all the machine offers
    double seconds = 0; ///< 0: without a limit
    ProgressSink progress;
    Stop stop;

    /// Whether work that began with the watch has to end: somebody asks, or its time is over.
    bool is_over(const Stopwatch& since) const {
        return stop.requested() || (seconds > 0 && since.seconds() >= seconds);
    }
};

/// Why a search ended.
enum class StopReason {
    found,      ///< what was looked for
    exhausted,  ///< nothing within the limits is left to try
    work,       ///< as much was tried as was asked for
    seconds,    ///< the time was over
    memory,     ///< what comes next needs more memory
    interrupted ///< somebody asked to stop
};
std::string to_string(StopReason reason);

} // namespace ropewalk::base
