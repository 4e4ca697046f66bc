// Work that takes long, under Python: on a thread of its own, so that Ctrl-C is heard.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include <nanobind/nanobind.h>

#include "ropewalk/base/base.hpp"

namespace ropewalk::python {

/// One call that may take long. Work runs on a thread of its own without Python's lock; the thread that
/// called looks for signals every 50 ms, as Python handles them in its main thread alone, and hands progress
/// to the callback.
///
/// The first Ctrl-C asks the work to end, so that its best so far is returned. A second one, another
/// exception of a signal handler, and an exception of the callback end the work too and are raised once it
/// has ended.
class LongCall {
public:
    /// `callback(done, total, state)` is called in the thread of the caller; what it returns is true where
    /// the work is to end. None: nobody listens.
    explicit LongCall(nanobind::object callback = nanobind::none()) : callback_(std::move(callback)) {}

    base::Stop stop() const { return stop_.get_token(); }
    /// The sink of the work's progress; empty where nobody listens.
    base::ProgressSink progress();
    /// Whether Ctrl-C ended the work.
    bool interrupted() const { return interrupted_; }

    /// The value of `work()`, which must not touch Python. To be called once, with Python's lock.
    template<class Work>
    auto run(Work work) {
        std::optional<decltype(work())> value;
        wait([&] { value.emplace(work()); });
        return std::move(*value);
    }

private:
    struct Event {
        long done, total;
        std::string state;
    };

    void wait(const std::function<void()>& work);
    void listen();
    void look_for_signals();
    void tell();
    void note_exception();

    nanobind::object callback_;
    std::stop_source stop_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool done_ = false;
    std::optional<Event> event_; ///< the newest that the callback has not seen
    std::exception_ptr raised_;  ///< by a handler or the callback
    bool interrupted_ = false;
};

/// Why a search ended in one word, as Python's attributes have it; `found` where it found what it looked for.
std::string stop_word(base::StopReason reason, bool interrupted, const char* found);

} // namespace ropewalk::python
