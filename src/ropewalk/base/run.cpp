#include "ropewalk/base/run.hpp"

namespace ropewalk::base {

std::string to_string(StopReason reason) {
    switch (reason) {
    case StopReason::found: return "found";
    case StopReason::exhausted: return "exhausted";
    case StopReason::work: return "work";
    case StopReason::seconds: return "seconds";
    case StopReason::memory: return "memory";
    case StopReason::interrupted: return "interrupted";
    }
    return "unknown";
}

} // namespace ropewalk::base
