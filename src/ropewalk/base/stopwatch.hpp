#pragma once

#include <chrono>
#include <ctime>

namespace ropewalk::base {

/// Time since it was made.
class Stopwatch {
public:
    /// By the clock.
    double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }
    /// Of all threads of the process.
    double processor_seconds() const {
        return static_cast<double>(std::clock() - processor_start_) / CLOCKS_PER_SEC;
    }

private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point start_ = Clock::now();
    std::clock_t processor_start_ = std::clock();
};

} // namespace ropewalk::base
