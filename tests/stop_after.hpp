// Stops a run at a step that a test chooses.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "ropewalk/base/run.hpp"

namespace ropewalk {

/// Says to stop from the call after so many on; learning asks before every step.
inline std::function<bool()> stop_after(long calls) {
    return [calls, asked = 0L]() mutable { return ++asked > calls; };
}

/// Stops learning by letters after so many steps that it has shown. How often it asks while it looks at outputs is a
/// matter of seconds.
inline void stop_at_step(base::Run& run, int steps) {
    const auto shown = std::make_shared<int>(0);
    run.progress = [shown](long, long, const std::string& state) {
        *shown += state.starts_with("looking at how often outputs occur") ? 0 : 1;
    };
    run.stop = [shown, steps] { return *shown >= steps; };
}

} // namespace ropewalk
