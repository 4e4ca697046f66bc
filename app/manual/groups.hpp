// The groups that options of commands are sorted into.
#pragma once

#include <string>
#include <vector>

namespace ropewalk::cli {

/// In the order in which they are shown.
const std::vector<std::string>& group_titles();

} // namespace ropewalk::cli
