// Files of tables that are no text, known by their first bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ropewalk/base/base.hpp"

namespace ropewalk::formula {

/// What to say of a file that is Parquet, Arrow, Excel, HDF5, SQLite, NumPy or compressed: its name for what was found
/// and the way to a CSV file. Nothing where the text begins like none of these.
std::optional<base::Diagnostic> other_format(std::string_view text, const std::string& file);

} // namespace ropewalk::formula
