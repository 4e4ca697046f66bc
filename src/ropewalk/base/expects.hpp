// Preconditions that docstrings state, checked where builds ask for it.
#pragma once

#include <concepts>
#include <source_location>
#include <stdexcept>
#include <string>

namespace ropewalk::base {

/// Whether `expects` looks: in dev and asan builds (ROPEWALK_EXPECTS), not in release builds.
#ifdef ROPEWALK_EXPECTS
inline constexpr bool expectations_are_checked = true;
#else
inline constexpr bool expectations_are_checked = false;
#endif

/// A defect of the calling code: a function was called without what its docstring asks for.
struct BrokenExpectation : std::logic_error {
    explicit BrokenExpectation(const std::source_location& place)
        : std::logic_error(std::string(place.file_name()) + ':' + std::to_string(place.line()) + ": " +
                           place.function_name() + " was called without what it expects") {}
};

/// Says what a function expects of its callers. Throws BrokenExpectation where that does not hold and builds
/// look; costs nothing elsewhere.
constexpr void expects(bool holds, const std::source_location& place = std::source_location::current()) {
    if (expectations_are_checked && !holds) throw BrokenExpectation(place);
}

/// The same for what takes time to find out: asked only where builds look.
template<std::predicate Holds>
constexpr void expects(const Holds& holds,
                       const std::source_location& place = std::source_location::current()) {
    if constexpr (expectations_are_checked) expects(static_cast<bool>(holds()), place);
}

} // namespace ropewalk::base
