// A CSV file as rows of fields, each with its place.
#pragma once

#include <string>
#include <string_view>

#include "ropewalk/base/base.hpp"

namespace ropewalk::formula {

/// Where a row stands.
struct RowPlace {
    int line = 0;                 ///< that it begins on, from 1
    std::string_view source_line; ///< empty for a row of several lines, which a quoted line break makes
};

/// Takes a table field by field.
class RowSink {
public:
    virtual ~RowSink() = default;
    virtual void field(std::string_view text, const RowPlace& place) = 0;
    /// After the last field of a row.
    virtual void row(const RowPlace& place) = 0;
    /// Whether nothing more is to be read.
    virtual bool is_over() const = 0;
};

/// A line as diagnostics carry it: nobody reads one of megabytes.
std::string shown_line(std::string_view line);

/// What ends the lines of a text.
char line_end_of(std::string_view text);

/// Gives all rows of a table to the sink; lines of blanks alone and those that begin with # are no rows. The first line has
/// the number after `lines_before`. Returns how many began with #. Fails with file, line, what was found and what was
/// expected on quotes that stand where none may, on quoted fields that do not end, and on fields too large for the memory.
base::Result<int> read_rows(std::string_view text, const std::string& file, char separator, RowSink& sink,
                            int lines_before = 0);

} // namespace ropewalk::formula
