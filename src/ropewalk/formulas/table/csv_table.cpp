#include "ropewalk/formulas/table/csv_table.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "ropewalk/formulas/table/column_writing.hpp"
#include "ropewalk/formulas/table/columns.hpp"
#include "ropewalk/formulas/table/missing_marks.hpp"
#include "ropewalk/formulas/table/totals.hpp"
#include "ropewalk/formulas/table/unit_row.hpp"

namespace ropewalk::formula {

namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 30;

/// Whether no column that is used begins with a number, as below a row of units.
bool first_row_has_words(const Columns& columns) {
    const auto is_first = [&](const std::optional<FieldPlace>& place) {
        return place && place->row.line == columns.first_row;
    };
    return columns.rows > 2 && std::all_of(columns.all.begin(), columns.all.end(), [&](const Column& column) {
               return !column.used || is_first(column.first_text) || is_first(column.first_missing);
           });
}

/// What is wrong with the fields of columns, one failure a column.
class Judge {
public:
    Judge(const Columns& columns, const std::string& file, const TableOptions& options, bool keeps_texts)
        : columns_(columns), file_(file), options_(options), keeps_texts_(keeps_texts) {}

    base::Diagnostics faults() const {
        base::Diagnostics all;
        for (std::size_t i = 0; i < columns_.all.size() && all.size() < most_reported; ++i)
            if (columns_.all[i].used && !columns_.all[i].is_text)
                if (auto found = fault(i)) all.push_back(std::move(*found));
        return all;
    }

private:
    /// The first field of a column that is no number.
    std::optional<base::Diagnostic> fault(std::size_t index) const {
        const Column& column = columns_.all[index];
        const std::string of_column = fmt::format(" in column {} ({})", index + 1, base::quoted(column.name));
        if (const auto& mix = column.writing.mix())
            return at_field(file_, {mix->line, mix->source_line}, index, columns_.source.separator, base::quoted(mix->text) + of_column,
                            fmt::format("numbers that compare; the column mixes {}", mix->words));
        if (const auto& first = column.first_fault ? column.first_fault : column.first_text)
            return at(*first, index, base::quoted(first->text) + of_column, expected_in_place_of(*first, index));
        if (!column.first_missing || options_.skip_missing) return std::nullopt;
        const std::string& text = column.first_missing->text;
        return at(*column.first_missing, index,
                  (text.empty() ? "no value" : "the missing value " + base::quoted(text)) + of_column,
                  keeps_texts_ ? "a number" : "a number (setting `skip-missing` leaves out rows like this one)");
    }

    std::string expected_in_place_of(const FieldPlace& place, std::size_t index) const {
        if (place.kind == CellKind::out_of_range) return "a number of a magnitude from 1e-307 to 1e308";
        if (place.kind == CellKind::decimal_comma) return "a decimal point, and nothing between thousands";
        if (place.kind != CellKind::text) return "a finite number";
        if (keeps_texts_) return "a number";
        if (!options_.units && place.row.line == columns_.first_row && first_row_has_words(columns_))
            return "a number (if this is a row of units: setting `units`)";
        const bool can_be_left_out = columns_.all[index].filled > 0 && index != columns_.target;
        return can_be_left_out ? "a number (setting `inputs` can leave the column out)" : "a number";
    }

    base::Diagnostic at(const FieldPlace& place, std::size_t index, std::string found, std::string expected) const {
        return at_field(file_, place.row, index, columns_.source.separator, std::move(found), std::move(expected));
    }

    const Columns& columns_;
    const std::string& file_;
    const TableOptions& options_;
    bool keeps_texts_;
};

/// Whether what is no number in a column is a fault in it. Words beside few numbers such as $5 make a column of text.
bool holds_numbers(const Column& column, std::size_t rows) {
    return column.filled > column.writing.count() || (column.filled > 0 && (!column.first_text || 2 * column.filled >= rows));
}

void drop_columns_without_numbers(Columns& columns, std::vector<std::string>& notes) {
    for (Column& column : columns.all) {
        if (!column.used || column.named || column.is_text || column.first_fault || holds_numbers(column, columns.rows)) continue;
        column.used = false;
        notes.push_back(fmt::format("column {} is left out: {}", base::quoted(column.name),
                                    column.first_text
                                        ? fmt::format("it holds text, {} on line {}", base::quoted(column.first_text->text),
                                                      column.first_text->row.line)
                                        : std::string("it is empty")));
    }
}

void keep_rows(std::vector<double>& values, const std::vector<std::size_t>& kept) {
    if (values.empty()) return;
    for (std::size_t n = 0; n < kept.size(); ++n) values[n] = values[kept[n]];
    values.resize(kept.size());
}

/// Leaves out rows with a missing value, and those of weight 0.
base::Status leave_out_rows(Columns& columns, const std::string& file, Table& table) {
    std::size_t weightless = 0;
    std::vector<std::size_t> kept;
    for (std::size_t n = 0; n < columns.rows; ++n) {
        const double weight = columns.weights ? columns.all[*columns.weights].numbers[n] : 1;
        if (weight < 0) return base::failure(file, fmt::format("the negative weight {}", weight), "weights of at least 0");
        if (weight == 0)
            ++weightless;
        else if (std::none_of(columns.all.begin(), columns.all.end(),
                              [n](const Column& column) { return column.used && std::isnan(column.numbers[n]); }))
            kept.push_back(n);
    }
    table.rows_left_out = columns.rows - kept.size();
    if (table.rows_left_out == 0) return {};
    if (kept.size() < 2)
        return base::failure(file, fmt::format("{} of {} rows without a missing value", kept.size(), columns.rows),
                             "at least 2 complete rows; columns with many missing values can be left out "
                             "with setting `inputs`");
    for (Column& column : columns.all) {
        if (!column.used) continue;
        keep_rows(column.numbers, kept);
        keep_rows(column.halves, kept);
    }
    if (weightless > 0)
        table.notes.push_back(fmt::format("{} of {} rows are left out: their weight is 0", weightless, columns.rows));
    if (table.rows_left_out > weightless)
        table.notes.push_back(fmt::format("{} of {} rows are left out: a value is missing",
                                          table.rows_left_out - weightless, columns.rows));
    return {};
}

/// Moves the columns that are used into the table.
void take_columns(Columns& columns, bool with_units, Table& table) {
    for (std::size_t i = 0; i < columns.all.size(); ++i) {
        Column& column = columns.all[i];
        if (!column.used) continue;
        if (i == columns.target) {
            table.target_name = column.name;
            table.problem.target = std::move(column.numbers);
            table.problem.resolution = std::move(column.halves);
            if (with_units) table.problem.target_unit = column.unit;
        } else if (i == columns.weights) {
            table.problem.weights = std::move(column.numbers);
        } else {
            table.names.push_back(column.name);
            table.problem.inputs.push_back(std::move(column.numbers));
            if (with_units) table.problem.units.push_back(column.unit);
        }
    }
}

/// What a person should know of lines that are no rows.
std::vector<std::string> notes_on_lines(const Columns& columns) {
    std::vector<std::string> notes = columns.source.notes;
    if (columns.comments > 0)
        notes.push_back(fmt::format("{} line{} that begin{} with # are passed over", columns.comments, columns.comments == 1 ? "" : "s",
                                    columns.comments == 1 ? "s" : ""));
    return notes;
}

base::Result<Table> table_of(Columns columns, const std::string& file, const TableOptions& options) {
    if (columns.rows < 2)
        return base::failure(file, fmt::format("{} of numbers", columns.rows == 0 ? "a header and no row" : "one row"),
                             "at least 2 rows; one row is explained by every constant");
    Table table;
    table.notes = notes_on_lines(columns);
    if (columns.first_is_unnamed) table.notes.emplace_back("column 1 is left out: it has no name");
    leave_out_mixed_writing(columns, table.notes);
    drop_columns_without_numbers(columns, table.notes);
    leave_out_totals(columns, table.notes);
    base::Diagnostics faults = Judge(columns, file, options, false).faults();
    if (options.units) read_units(columns, file, faults, table.notes);
    if (!faults.empty()) return base::failure(std::move(faults));
    const auto used = static_cast<std::size_t>(
        std::count_if(columns.all.begin(), columns.all.end(), [](const Column& column) { return column.used; }));
    if (used < fewest_columns(options))
        return base::failure(file, "no input column with numbers", "at least one beside the target");
    note_writing(columns, table.notes);
    if (const auto marked = take_missing_marks(columns, options.missing, table.notes); !marked) return base::failure(marked.error());
    if (const auto left = leave_out_rows(columns, file, table); !left) return base::failure(left.error());
    take_columns(columns, options.units, table);
    return table;
}

} // namespace

base::Result<Table> parse_table(std::string_view text, const std::string& file, const TableOptions& options) {
    auto columns = read_columns(text, file, options);
    if (!columns) return base::failure(columns.error());
    return table_of(std::move(*columns), file, options);
}

base::Result<MixedTable> read_mixed_table(const std::string& path, const std::vector<std::string>& texts,
                                          const MixedOptions& options) {
    const auto text = base::read_file(path, most_bytes);
    if (!text) return base::failure(text.error());
    const TableOptions as_table{.units = options.units, .skip_missing = options.keeps_missing};
    const AllColumns all{texts, options.as_for_a_fit};
    auto columns = read_columns(*text, path, as_table, &all);
    if (!columns) return base::failure(columns.error());
    MixedTable table;
    if (options.as_for_a_fit) {
        table.notes = notes_on_lines(*columns);
        leave_out_mixed_writing(*columns, table.notes);
        drop_columns_without_numbers(*columns, table.notes);
        leave_out_totals(*columns, table.notes);
    }
    if (auto faults = Judge(*columns, path, as_table, true).faults(); !faults.empty())
        return base::failure(std::move(faults));
    if (options.as_for_a_fit) {
        note_writing(*columns, table.notes);
        if (const auto marked = take_missing_marks(*columns, options.missing, table.notes); !marked)
            return base::failure(marked.error());
    }
    table.lines = std::move(columns->row_lines);
    for (Column& column : columns->all)
        if (column.used)
            table.columns.push_back({std::move(column.name), column.is_text, std::move(column.numbers), std::move(column.texts),
                                     column.unit_place ? std::move(column.unit_place->text) : std::string()});
    return table;
}

base::Result<Table> read_table(const std::string& path, const TableOptions& options) {
    return base::read_file(path, most_bytes).and_then([&](const std::string& text) {
        return parse_table(text, path, options);
    });
}

base::Result<std::vector<Table>> read_tables(const std::string& path, const TableOptions& options,
                                             const std::vector<std::string>& targets) {
    const auto text = base::read_file(path, most_bytes);
    if (!text) return tl::make_unexpected(text.error());
    std::vector<Table> tables;
    for (const std::string& target : targets) {
        if (std::count(targets.begin(), targets.end(), target) > 1)
            return base::failure("setting `target`", base::quoted(target) + " twice", "targets that differ");
        TableOptions one = options;
        one.target = target;
        if (targets.size() > 1) one.others = targets;
        auto table = parse_table(*text, path, one);
        if (!table) return tl::make_unexpected(table.error());
        tables.push_back(std::move(*table));
    }
    return tables;
}

std::string csv_field(const std::string& text) {
    if (text.find_first_of(",;\t\"\n\r") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

} // namespace ropewalk::formula
