#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace ropewalk::induction {

/// A request to stop that comes after some seconds, or earlier when another one does.
class Deadline {
public:
    /// 0 seconds: only when `other` is requested.
    Deadline(double seconds, std::stop_token other)
        : forward_(std::move(other), [this] { source_.request_stop(); }) {
        if (seconds <= 0) return;
        timer_ = std::jthread([this, seconds](const std::stop_token& finished) {
            std::unique_lock lock(mutex_);
            const bool ended = wake_.wait_for(lock, finished, std::chrono::duration<double>(seconds),
                                              [&] { return finished.stop_requested(); });
            if (!ended) source_.request_stop();
        });
    }

    std::stop_token token() const { return source_.get_token(); }

private:
    struct Forward {
        Forward(std::stop_token token, std::function<void()> call)
            : callback(std::move(token), std::move(call)) {}
        std::stop_callback<std::function<void()>> callback;
    };

    std::stop_source source_;
    Forward forward_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread timer_; ///< last, so that it ends before what it uses
};

} // namespace ropewalk::induction
