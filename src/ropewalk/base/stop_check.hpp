// Whether long work has to stop, asked from any thread.
#pragma once

#include <atomic>
#include <mutex>
#include <utility>

#include "ropewalk/base/stop.hpp"
#include "ropewalk/base/stopwatch.hpp"

namespace ropewalk::base {

/// Asks whether to stop: about twice a second however often it is asked itself, one thread at a
/// time, and no more once the answer is yes.
class StopCheck {
public:
    explicit StopCheck(Stop stop) : stop_(std::move(stop)) {}

    bool operator()() {
        constexpr double interval = 0.5;
        if (stopped_) return true;
        const std::scoped_lock lock(mutex_);
        if (!stopped_ && since_.seconds() >= interval) {
            stopped_ = stop_();
            since_ = {};
        }
        return stopped_;
    }

private:
    Stop stop_;
    std::atomic<bool> stopped_ = false;
    std::mutex mutex_;
    Stopwatch since_;
};

} // namespace ropewalk::base
