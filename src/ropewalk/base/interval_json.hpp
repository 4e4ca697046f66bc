// Proportions as JSON. Those who write reports include this header.
#pragma once

#include <nlohmann/json.hpp>

#include "ropewalk/base/interval.hpp"

namespace ropewalk::base {

/// How many, the share, and the 95% interval around it.
inline nlohmann::ordered_json to_json(const Proportion& p) {
    return {{"count", p.count}, {"rate", p.rate}, {"low", p.low}, {"high", p.high}};
}

} // namespace ropewalk::base
