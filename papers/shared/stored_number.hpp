// Numbers of state files.
#pragma once

#include <limits>

#include <nlohmann/json.hpp>

namespace ropewalk::papers {

/// A number that JSON may hold as null, for it has none that is not finite.
template<class Json>
double stored_number(const Json& stored) {
    return stored.is_null() ? std::numeric_limits<double>::quiet_NaN() : stored.template get<double>();
}

} // namespace ropewalk::papers
