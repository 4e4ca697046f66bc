// Compressed files through zlib.
#pragma once

#include <string>

#include "ropewalk/base/base.hpp"

namespace ropewalk::datasets {

/// The content of a file, unpacked if it is a gzip file. Fails when it cannot be read, is damaged or cut
/// short, or unpacks to more than `largest` bytes.
base::Result<std::string> read_unpacked(const std::string& path, std::size_t largest = std::size_t{1} << 30);

} // namespace ropewalk::datasets
