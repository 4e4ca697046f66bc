// Parts of an experiment that are asked for by their names.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "ropewalk/base/base.hpp"

namespace ropewalk::papers {

/// Whether a part of an experiment is asked for; no names are all of them.
inline bool wanted(const std::vector<std::string>& names, const std::string& name) {
    return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

/// Fails on the first name that is none of `known`, with the one that may be meant.
inline base::Status all_known(const std::vector<std::string>& names, const std::vector<std::string>& known) {
    for (const std::string& name : names) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        const std::string meant = base::closest(name, known);
        return base::failure("experiment", "no part named " + base::quoted(name),
                             meant.empty() ? "the name of a part" : base::quoted(meant));
    }
    return {};
}

} // namespace ropewalk::papers
