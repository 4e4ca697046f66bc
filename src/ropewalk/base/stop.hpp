// A request to stop, which long work asks about.
#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <functional>
#include <stop_token>
#include <utility>

#include "ropewalk/base/stopwatch.hpp"

namespace ropewalk::base {

/// Whether somebody wants long work to stop, asked from any thread. Nothing is called when a stop is
/// requested: a flag that a signal handler sets is enough. Copies ask the same.
class Stop {
public:
    /// Never.
    Stop() = default;
    Stop(std::nullptr_t) {}
    /// Once the flag is set, which must outlive every copy.
    explicit Stop(const std::atomic<bool>& flag)
        : asked_([&flag] { return flag.load(std::memory_order_relaxed); }) {}
    Stop(std::stop_token token) : asked_([token = std::move(token)] { return token.stop_requested(); }) {}
    /// Once the function says so; it is called from any thread.
    template<std::predicate Asked>
    requires(!std::same_as<std::remove_cvref_t<Asked>, Stop>) Stop(Asked&& asked)
        : asked_(std::forward<Asked>(asked)) {}

    bool requested() const { return asked_ && asked_(); }
    bool operator()() const { return requested(); }

    /// Once this one says so, or that many seconds from now; 0: without such a limit.
    Stop or_after(double seconds) const {
        if (seconds <= 0) return *this;
        return Stop([first = *this, seconds, since = Stopwatch()] {
            return first.requested() || since.seconds() >= seconds;
        });
    }

private:
    std::function<bool()> asked_;
};

} // namespace ropewalk::base
