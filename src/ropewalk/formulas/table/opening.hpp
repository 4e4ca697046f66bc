// Lines above the header of a table that are no part of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ropewalk/base/base.hpp"

namespace ropewalk::formula {

struct Opening {
    std::size_t bytes = 0; ///< before the lines of the table
    int lines = 0;         ///< that these bytes are
    char separator = 0;    ///< between the fields of the header, as far as its lines tell
    std::vector<std::string> notes;
};

/// Passes over a line `sep=;`, as Excel takes it, and titles: lines with one field that is filled above a header of
/// several names, which a row of as many fields with a number follows. `separator` is the one that is asked for, or 0. Fails on
/// `sep=` with a separator that no table has.
base::Result<Opening> opening_of(std::string_view text, const std::string& file, char separator);

} // namespace ropewalk::formula
