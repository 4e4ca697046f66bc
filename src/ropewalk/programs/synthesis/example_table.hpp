// Examples as a table: names of columns, then a line an example.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "ropewalk/programs/synthesis/example_reading.hpp"

namespace ropewalk::synthesis {

/// A line that says something, trimmed, with the byte at which it starts.
using TableLines = std::vector<Piece>;

/// The lines of a text that are not blank and no comment.
TableLines table_lines(std::string_view text);

/// Whether the first lines are those of a table, with or without names, rather than of examples one by one.
bool is_table(const TableLines& lines);

/// Reads a table whose cells are parted by commas, semicolons or tabs. The value stands in the column whose name says so, else
/// in the last.
void read_table(const TableLines& lines, ExampleReading& reading);

} // namespace ropewalk::synthesis
