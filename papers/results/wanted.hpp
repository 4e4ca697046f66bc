#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace ropewalk::papers {

/// Whether a part of an experiment is asked for; no names are all of them.
inline bool wanted(const std::vector<std::string>& names, const std::string& name) {
    return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace ropewalk::papers
