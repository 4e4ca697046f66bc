#include "long_call.hpp"

#include <chrono>
#include <thread>
#include <utility>

#include <nanobind/stl/string.h>

namespace nb = nanobind;

namespace ropewalk::python {

base::ProgressSink LongCall::progress() {
    if (callback_.is_none()) return {};
    return [this](long done, long total, const std::string& state) {
        const std::scoped_lock lock(mutex_);
        event_ = Event{done, total, state};
    };
}

void LongCall::wait(const std::function<void()>& work) {
    std::exception_ptr thrown;
    std::jthread worker([&] {
        try {
            work();
        } catch (...) {
            thrown = std::current_exception();
        }
        const std::scoped_lock lock(mutex_);
        done_ = true;
        changed_.notify_all();
    });
    {
        const nb::gil_scoped_release without_lock;
        listen();
        worker.join();
    }
    if (raised_) std::rethrow_exception(std::exchange(raised_, nullptr));
    if (thrown) std::rethrow_exception(thrown);
}

void LongCall::listen() {
    constexpr std::chrono::milliseconds interval(50);
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            if (changed_.wait_for(lock, interval, [&] { return done_; })) return;
        }
        const nb::gil_scoped_acquire with_lock;
        look_for_signals();
        tell();
    }
}

void LongCall::look_for_signals() {
    if (PyErr_CheckSignals() == 0) return;
    if (!interrupted_ && !raised_ && PyErr_ExceptionMatches(PyExc_KeyboardInterrupt)) {
        PyErr_Clear();
        interrupted_ = true;
        stop_.request_stop();
    } else {
        note_exception();
    }
}

void LongCall::tell() {
    std::optional<Event> event;
    {
        const std::scoped_lock lock(mutex_);
        event = std::exchange(event_, std::nullopt);
    }
    if (!event || stop_.stop_requested()) return;
    const nb::object answer = nb::steal(PyObject_CallFunctionObjArgs(
        callback_.ptr(), nb::int_(event->done).ptr(), nb::int_(event->total).ptr(),
        nb::str(event->state.c_str()).ptr(), nullptr));
    if (!answer.is_valid()) return note_exception();
    if (PyObject_IsTrue(answer.ptr()) == 1) stop_.request_stop();
}

/// Keeps the exception that Python has set, and asks the work to end.
void LongCall::note_exception() {
    nb::python_error error; // takes it from Python
    if (!raised_) raised_ = std::make_exception_ptr(std::move(error));
    stop_.request_stop();
}

std::string stop_word(base::StopReason reason, bool interrupted, const char* found) {
    switch (reason) {
    case base::StopReason::found: return found;
    case base::StopReason::exhausted: return "exhausted";
    case base::StopReason::work: return "work";
    case base::StopReason::seconds: return "timeout";
    case base::StopReason::memory: return "memory";
    case base::StopReason::interrupted: return interrupted ? "interrupted" : "callback";
    }
    return "";
}

} // namespace ropewalk::python
