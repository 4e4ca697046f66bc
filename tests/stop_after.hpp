// Stops a run at a step that a test chooses.
#pragma once

#include <functional>

namespace ropewalk {

/// Says to stop from the call after so many on; learning asks before every step.
inline std::function<bool()> stop_after(long calls) {
    return [calls, asked = 0L]() mutable { return ++asked > calls; };
}

} // namespace ropewalk
