// The text of a table, ready to be cut into rows.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ropewalk/base/base.hpp"

namespace ropewalk::formula {

struct TableText {
    std::string_view text; ///< from the header on
    int lines_before = 0;  ///< lines of the file above it
    char separator = ',';
    std::vector<std::string> notes;
    std::unique_ptr<std::string> own; ///< what `text` points into where the file does not have it so
};

/// The text without a byte order mark, lines above the header, runs of blanks between fields and bytes that are no UTF-8;
/// `as_it_stands` leaves all but the mark. `separator` is the one that is asked for, or 0. Fails on what is no text.
base::Result<TableText> table_text(std::string_view text, const std::string& file, char separator, bool as_it_stands);

} // namespace ropewalk::formula
