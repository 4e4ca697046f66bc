// Compressed files through zlib.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "ropewalk/base/base.hpp"

namespace ropewalk::datasets {

/// How many bytes a file says it has, from its first bytes; these are at least 1 KiB, or all there are.
using ClaimedSize = std::function<std::uint64_t(std::string_view beginning)>;

/// The content of a file, unpacked if it is a gzip file. Fails when it cannot be read, is damaged or cut
/// short, or says that it has more than `largest` bytes. What goes on behind the size it claims is not
/// unpacked further than shows that: a small file can hold terabytes.
base::Result<std::string> read_unpacked(const std::string& path, const ClaimedSize& claimed,
                                        std::size_t largest = std::size_t{1} << 30);

} // namespace ropewalk::datasets
