// The columns of a table as they stand in a file.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/table/cell.hpp"
#include "ropewalk/formulas/table/column_writing.hpp"
#include "ropewalk/formulas/table/csv_rows.hpp"
#include "ropewalk/formulas/table/csv_table.hpp"
#include "ropewalk/formulas/table/table_text.hpp"

namespace ropewalk::formula {

/// Failures after which no further column is looked at.
inline constexpr std::size_t most_reported = 20;

/// A field, such as the first of its kind in a column.
struct FieldPlace {
    RowPlace row;
    std::string text;
    CellKind kind = CellKind::text;
};

struct Column {
    std::string name;
    bool used = true;
    bool named = false; ///< by an option
    bool is_text = false;
    std::vector<std::string> texts;      ///< where it is text
    std::vector<double> numbers, halves; ///< half units of the target's last decimals
    std::size_t filled = 0;              ///< fields that are numbers
    ColumnWriting writing;
    std::optional<FieldPlace> first_text, first_fault, first_missing;
    std::optional<FieldPlace> unit_place;
    Unit unit;
};

/// All columns, of which lines point into the text that they were read from.
struct Columns {
    std::vector<Column> all;
    std::size_t rows = 0, target = 0;
    std::optional<std::size_t> weights; ///< the column of weights
    TableText source;
    int first_row = 0;          ///< line of the first row of values
    std::vector<int> row_lines; ///< where each row begins
    bool first_is_unnamed = false; ///< the first column has no name: numbers of rows
    int comments = 0;
};

/// All columns, of those of a mixed table.
struct AllColumns {
    const std::vector<std::string>& texts; ///< names of columns that are text
    bool as_for_a_fit = false;             ///< see MixedOptions
};

/// Reads the columns that the options choose; with `all` every one, and those that it names or whose first field is a
/// word as text. Fails as parse_table does on what is no table of the columns that are asked for; what stands in fields
/// is left to others.
base::Result<Columns> read_columns(std::string_view text, const std::string& file, const TableOptions& options,
                                   const AllColumns* all = nullptr);

/// How many columns a table has at least.
std::size_t fewest_columns(const TableOptions& options);

/// What is wrong with field `index`, counted from 0, of a row. A row that a quoted line break divides has no single line
/// to point into.
base::Diagnostic at_field(const std::string& file, const RowPlace& row, std::size_t index, char separator, std::string found,
                          std::string expected);

} // namespace ropewalk::formula
