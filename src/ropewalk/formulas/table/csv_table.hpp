// Tables of numbers from CSV files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/formulas/table/front.hpp"

namespace ropewalk::formula {

struct TableOptions {
    std::string target;              ///< name of the column to explain; empty: the last one
    std::vector<std::string> others; ///< names of columns that explain nothing, as targets of other tables
    std::vector<std::string> inputs; ///< names of the columns to use; empty: all columns of numbers
    char separator = 0;              ///< ',', ';', '|' or tab; 0: what the first lines have
    std::string weights;             ///< name of a column of the rows' weights; empty: all rows count alike
    bool units = false;              ///< the row below the header holds units
    bool skip_missing = false;       ///< leave out rows with a missing value in a column that is used
    bool may_lack_inputs = false;    ///< a target alone is a table, as of a series whose earlier values explain it
    /// Numbers that mark missing values, whose rows are left out; the word none alone: no number does; empty: numbers such
    /// as -999 where they lie far from all others of their column.
    std::vector<std::string> missing;
};

/// A problem with the names of its columns.
struct Table {
    Problem problem;
    std::vector<std::string> names; ///< one per input
    std::string target_name;
    std::size_t rows_left_out = 0;  ///< for a missing value
    std::vector<std::string> notes; ///< what a person should know, such as columns that were left out
};

/// Reads a table: a header with the name of every column, then at least two rows of numbers. Fields may be
/// quoted, lines may end in CR LF, empty lines are passed over, and so are a line `sep=;` and a title above the header.
/// Numbers have a decimal point and are finite; they may have a sign of a currency or of per cent, or hard blanks between
/// thousands, which a note says. Bytes that are no UTF-8 are read as Latin-1, with a note.
///
/// Columns without any number are left out with a note, unless the options name them, and so are rows of
/// weight 0, with numbers that mark missing values, and a last row of the others' sums. Fails with file, line, column, what was found and what was expected on: files that are no text,
/// are larger than 1 GiB or hold more than 2^27 numbers; headers that are missing, empty or used twice; names
/// that no column has; rows with too few or too many fields; fields that are no finite number; missing values
/// (empty, NA, N/A, NaN, null) unless they are to be skipped; negative weights; units that cannot be read;
/// less than two rows; no input at all. At most one failure is reported for each column, and about twenty in
/// all.
base::Result<Table> read_table(const std::string& path, const TableOptions& options);

/// The same file as one table for each target, none of which explains another. Fails as read_table does, and where a
/// target is named twice.
base::Result<std::vector<Table>> read_tables(const std::string& path, const TableOptions& options,
                                             const std::vector<std::string>& targets);

/// The same for text that is in memory; `file` is its name in diagnostics.
base::Result<Table> parse_table(std::string_view text, const std::string& file, const TableOptions& options);

/// A column as it stands: numbers, or text where the first field is a word.
struct MixedColumn {
    std::string name;
    bool is_text = false;
    std::vector<double> numbers;    ///< one per row unless it is text; NaN where a value is missing
    std::vector<std::string> texts; ///< one per row if it is text
    std::string unit;               ///< what stands below the name where the second line holds units
};

/// A table of which some columns are text.
struct MixedTable {
    std::vector<MixedColumn> columns;
    std::vector<int> lines; ///< where each row begins, from 1
    std::vector<std::string> notes; ///< as of a Table
};

struct MixedOptions {
    bool units = false;         ///< the second line is no row
    bool keeps_missing = false; ///< a missing value of a column of numbers is no failure
    bool as_for_a_fit = false;  ///< numbers, lines above the header and a last row of totals are taken as read_table does
    std::vector<std::string> missing; ///< then, as of TableOptions; such numbers are NaN, and their rows stay
};

/// Reads a table as read_table does and fails as it does, except that columns of text are kept, that bytes and numbers are
/// taken as they stand unless the options say otherwise, and that there may be any number of rows. `texts` names columns that are text even if they look like numbers; a name that
/// no column has is a failure.
base::Result<MixedTable> read_mixed_table(const std::string& path, const std::vector<std::string>& texts,
                                          const MixedOptions& options = {});

/// Text as a field of a CSV file: in quotes where it has separators, quotes or ends of lines.
std::string csv_field(const std::string& text);

} // namespace ropewalk::formula
