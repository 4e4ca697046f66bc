// Choosing a kernel by name: what ROPEWALK_TARGET and the functions named force_target have in common.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "ropewalk/base/result.hpp"

namespace ropewalk::base {

/// Index of `name` among `names`, which are the kernels there are, best first; `auto` is the first one. An
/// unknown name is an error at `place` that lists what there is.
Result<std::size_t> find_target(const std::string& place, std::string_view name,
                                std::span<const std::string> names);

/// What the environment variable ROPEWALK_TARGET asks for, as by `find_target`; `auto` when it is not set, or
/// empty.
Result<std::size_t> target_from_environment(std::span<const std::string> names);

} // namespace ropewalk::base
