#pragma once

#include <string>
#include <string_view>

#include "ropewalk/base/result.hpp"

namespace ropewalk::base {

enum class Overwrite { refuse, allow };

/// The whole file as bytes. Fails when it does not exist, is not a regular file, cannot be read, or is larger
/// than `largest` bytes.
Result<std::string> read_file(const std::string& path, std::size_t largest = std::size_t{1} << 30);

/// Whether `write_file` may write there: the folder can be written to, and there is no such file, or a
/// regular one that may be replaced. Asked before the work, not after it. An empty name asks for nothing.
Result<std::string> free_file(const std::string& path, Overwrite overwrite);

/// Writes to a temporary name in the same folder, then renames, so that readers see the old file or the new
/// one and never half of either. Refuses to replace an existing file unless told to, and anything that is
/// not a regular file always. Returns the path.
Result<std::string> write_file(const std::string& path, std::string_view content, Overwrite overwrite);

} // namespace ropewalk::base
