#include "ropewalk/base/target_choice.hpp"

#include <cstdlib>

namespace ropewalk::base {

Result<std::size_t> find_target(const std::string& place, std::string_view name,
                                std::span<const std::string> names) {
    if (name == "auto") return std::size_t{0};
    std::string expected = "auto";
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == name) return i;
        expected += ", " + names[i];
    }
    return failure(place, "kernel " + quoted(name) + " is unknown or not available here",
                   "one of " + expected);
}

Result<std::size_t> target_from_environment(std::span<const std::string> names) {
    const char* const name = std::getenv("ROPEWALK_TARGET");
    return find_target("ROPEWALK_TARGET", name == nullptr || *name == '\0' ? "auto" : name, names);
}

} // namespace ropewalk::base
