#pragma once

#include <string>

namespace ropewalk::cli {

/// Version and commit, such as `0.1.0 (1a2b3c4d5e)`.
std::string version();

} // namespace ropewalk::cli
