// Progress of experiments that have parts.
#pragma once

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "ropewalk/base/base.hpp"

namespace ropewalk::papers {

/// Progress of one part of several that take about as long.
inline base::ProgressSink progress_of_part(const base::ProgressSink& progress, std::size_t part,
                                           std::size_t parts, const std::string& name) {
    if (!progress) return {};
    return [=](long done, long total, const std::string& text) {
        constexpr long steps = 1000;
        progress(static_cast<long>(part) * steps + steps * done / std::max(total, 1L),
                 static_cast<long>(parts) * steps, fmt::format("{}: {}", name, text));
    };
}

} // namespace ropewalk::papers
