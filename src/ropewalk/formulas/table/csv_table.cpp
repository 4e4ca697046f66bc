#include "ropewalk/formulas/table/csv_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include <csv.h>
#include <fmt/format.h>

#include "ropewalk/formulas/table/cell.hpp"
#include "ropewalk/formulas/table/other_formats.hpp"
#include "ropewalk/formulas/table/separators.hpp"

namespace ropewalk::formula {

namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 30, most_numbers = std::size_t{1} << 27;
constexpr std::size_t most_columns = 4096;
/// Failures after which no further column is looked at.
constexpr std::size_t most_reported = 20;

std::string_view trimmed(std::string_view text) { return base::trimmed(text, " \t"); }

/// The first field of its kind in a column.
struct Place {
    int line = 0;
    std::string_view source_line;
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
    std::optional<Place> first_text, first_fault, first_missing;
    std::optional<Place> unit_place;
    Unit unit;
};

/// A line as diagnostics carry it: nobody reads one of megabytes.
std::string shown_line(std::string_view line) {
    constexpr std::size_t longest = 100'000;
    return line.size() <= longest ? std::string(line) : std::string{};
}

/// Reads a table line by line; fields arrive in order from libcsv.
class Reader {
public:
    Reader(std::string_view text, const std::string& file, const TableOptions& options)
        : text_(text), file_(file), options_(options) {
        if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);
    }

    base::Result<Table> read() {
        if (const auto scanned = scan_text(); !scanned) return base::failure(scanned.error());
        return table();
    }

    /// The same with columns of text.
    base::Result<MixedTable> read_mixed(const std::vector<std::string>& texts) {
        texts_ = &texts;
        if (const auto scanned = scan_text(); !scanned) return base::failure(scanned.error());
        for (std::size_t i = 0; i < columns_.size() && diagnostics_.size() < most_reported; ++i)
            if (!columns_[i].is_text) judge(i);
        if (!diagnostics_.empty()) return base::failure(diagnostics_);
        MixedTable table{{}, std::move(row_lines_)};
        for (Column& column : columns_)
            table.columns.push_back({std::move(column.name), column.is_text, std::move(column.numbers),
                                     std::move(column.texts),
                                     column.unit_place ? std::move(column.unit_place->text) : std::string()});
        return table;
    }

private:
    base::Status scan_text() {
        if (const auto other = other_format(text_, file_)) return base::failure(base::Diagnostics{*other});
        if (const std::size_t zero = text_.find('\0'); zero != std::string_view::npos) {
            const auto line = std::count(text_.begin(), text_.begin() + static_cast<long>(zero), '\n') + 1;
            return base::failure(base::Diagnostics{
                {.file = file_,
                 .line = static_cast<int>(std::min<long>(line, std::numeric_limits<int>::max())),
                 .found = "a byte 0, as in a binary file or in UTF-16",
                 .expected = "a table as UTF-8 text"}});
        }
        separator_ = options_.separator;
        if (separator_ == 0) {
            const std::size_t start = std::min(text_.find_first_not_of("\r\n"), text_.size());
            separator_ = detected_separator(text_.substr(start, text_.find_first_of("\r\n", start) - start));
        }
        scan();
        if (!diagnostics_.empty()) return base::failure(diagnostics_);
        if (columns_.empty())
            return base::failure(file_, "no header", "a first line with the names of the columns");
        return {};
    }

    base::Diagnostic at_field(int line, std::string_view source_line, std::size_t index, std::string found,
                              std::string expected) const {
        // A row that a quoted line break divides has no single line to point into.
        const auto [column, length] = extent(source_line, index, separator_);
        return {.file = file_,
                .line = line,
                .column = source_line.empty() ? 0 : column,
                .found = std::move(found),
                .expected = std::move(expected),
                .source_line = shown_line(source_line),
                .length = length};
    }

    base::Diagnostic at_place(const Place& place, std::size_t index, std::string found,
                              std::string expected) const {
        return at_field(place.line, place.source_line, index, std::move(found), std::move(expected));
    }

    void fail(base::Diagnostic diagnostic) { diagnostics_.push_back(std::move(diagnostic)); }

    /// The line at hand as far as it is the whole row.
    std::string_view row_line() const { return row_start_ == line_ ? source_line_ : std::string_view{}; }

    void scan() {
        csv_parser parser;
        if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
            return fail({.file = file_, .found = "no memory to read with", .expected = ""});
        csv_set_delim(&parser, static_cast<unsigned char>(separator_));
        csv_set_blk_size(&parser, 4096);
        const auto on_field = [](void* field, std::size_t size, void* reader) {
            static_cast<Reader*>(reader)->field({static_cast<const char*>(field), size});
        };
        const auto on_row = [](int, void* reader) { static_cast<Reader*>(reader)->row(); };
        const char line_end = text_.find('\n') != std::string_view::npos ? '\n' : '\r';
        for (std::size_t start = 0; start < text_.size() && diagnostics_.empty();) {
            const std::size_t end = std::min(text_.find(line_end, start), text_.size() - 1);
            ++line_;
            source_line_ = text_.substr(start, end - start + 1);
            while (source_line_.ends_with('\n') || source_line_.ends_with('\r'))
                source_line_.remove_suffix(1);
            if (!inside_row_ && source_line_.starts_with('#')) {
                ++comments_;
                start = end + 1;
                continue;
            }
            if (!inside_row_) row_start_ = line_;
            inside_row_ = true;
            const std::size_t size = end - start + 1;
            const std::size_t done = csv_parse(&parser, text_.data() + start, size, on_field, on_row, this);
            if (done != size) {
                fault(parser, done);
                break;
            }
            // A line of blanks alone begins no row.
            if (field_ == 0 && trimmed(source_line_).empty()) inside_row_ = false;
            start = end + 1;
        }
        if (diagnostics_.empty() && csv_fini(&parser, on_field, on_row, this) != 0) unclosed();
        csv_free(&parser);
    }

    void fault(csv_parser& parser, std::size_t offset) {
        if (csv_error(&parser) != CSV_EPARSE)
            return fail({.file = file_, .line = line_, .found = "a field too large for the memory"});
        fail({.file = file_,
              .line = line_,
              .column = static_cast<int>(offset) + 1,
              .found = "a quote inside a field, or text behind a closing quote",
              .expected = "a quoted field alone between separators, with \"\" for a quote inside it",
              .source_line = shown_line(source_line_)});
    }

    void unclosed() {
        fail({.file = file_,
              .line = row_start_,
              .found = "a quoted field that does not end in the row that begins here",
              .expected = "a closing quote"});
    }

    void field(std::string_view text) {
        const std::size_t index = field_++;
        if (!diagnostics_.empty()) return;
        if (!has_header_) {
            header_.emplace_back(trimmed(text));
            return;
        }
        if (index >= columns_.size() || !columns_[index].used) return;
        if (options_.units && !has_units_) return unit_field(index, text);
        Column& column = columns_[index];
        const Cell value = cell_of(text);
        if (texts_ != nullptr && rows_ == 0 && value.kind == CellKind::text) column.is_text = true;
        if (column.is_text) {
            column.texts.emplace_back(trimmed(text));
            return;
        }
        column.numbers.push_back(value.number);
        if (index == target_) column.halves.push_back(value.kind == CellKind::number ? half_unit(text) : 0);
        if (value.kind == CellKind::number)
            ++column.filled;
        else
            remember(column, value.kind, text);
    }

    void remember(Column& column, CellKind kind, std::string_view text) {
        std::optional<Place>& first = kind == CellKind::missing ? column.first_missing
                                      : kind == CellKind::text  ? column.first_text
                                                            : column.first_fault;
        if (!first) first = Place{row_start_, row_line(), std::string(text.substr(0, 200)), kind};
    }

    void unit_field(std::size_t index, std::string_view text) {
        columns_[index].unit_place = Place{row_start_, row_line(), std::string(trimmed(text)), CellKind::text};
    }

    void row() {
        const std::size_t fields = std::exchange(field_, 0);
        inside_row_ = false;
        if (!diagnostics_.empty()) return;
        if (!has_header_) {
            has_header_ = true;
            return take_header();
        }
        if (fields != columns_.size()) return ragged(fields);
        if (options_.units && !has_units_) {
            has_units_ = true;
            return;
        }
        if (texts_ != nullptr) row_lines_.push_back(row_start_);
        if (rows_++ == 0) first_row_ = row_start_;
        if (rows_ * used_ > most_numbers)
            fail({.file = file_,
                  .line = line_,
                  .found = fmt::format("more than {} numbers", most_numbers),
                  .expected = "fewer rows, or fewer columns (setting `inputs`)"});
    }

    void ragged(std::size_t fields) {
        const std::string_view source_line = row_line();
        fail({.file = file_,
              .line = row_start_,
              .column = 1,
              .found = fmt::format("a row of {} field{}", fields, fields == 1 ? "" : "s"),
              .expected = fmt::format("{} as in the header, with {} between them", columns_.size(),
                                      shown(separator_)),
              .source_line = shown_line(source_line),
              .length = static_cast<int>(source_line.size())});
    }

    void take_header() {
        const std::string_view source_line = row_line();
        const auto complain = [&](std::size_t index, std::string found, std::string expected) {
            fail(at_field(row_start_, source_line, index, std::move(found), std::move(expected)));
        };
        if (header_.size() > most_columns)
            return fail({.file = file_,
                         .line = row_start_,
                         .found = fmt::format("{} columns", header_.size()),
                         .expected = fmt::format("at most {}", most_columns)});
        if (std::all_of(header_.begin(), header_.end(),
                        [](const std::string& name) { return cell_of(name).kind == CellKind::number; }))
            return complain(0, "numbers in the first line",
                            "a header: a first line with the names of the columns");
        std::map<std::string_view, std::size_t> seen;
        for (std::size_t i = 0; i < header_.size() && diagnostics_.size() < most_reported; ++i) {
            const std::string& name = header_[i];
            const auto [place, fresh] = seen.try_emplace(name, i);
            if (name.empty() && i == 0 && header_.size() > 2)
                unnamed_ = true;
            else if (name.empty())
                complain(i, fmt::format("no name for column {}", i + 1), "a name for every column");
            else if (std::any_of(name.begin(), name.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
                complain(i, "a line break or another control character in the name " + base::quoted(name),
                         "a name on one line");
            else if (!fresh)
                complain(i,
                         fmt::format("the name {} for columns {} and {}", base::quoted(name),
                                     place->second + 1, i + 1),
                         "a name of its own for every column");
            Column column;
            column.name = name;
            columns_.push_back(std::move(column));
        }
        if (!diagnostics_.empty()) return;
        if (texts_ != nullptr)
            choose_texts();
        else
            choose();
    }

    /// The column of that name, which `option` asks for.
    std::optional<std::size_t> find(const std::string& name, const std::string& option) {
        const auto place = std::find(header_.begin(), header_.end(), name);
        if (place != header_.end()) return static_cast<std::size_t>(place - header_.begin());
        const std::string meant = base::closest(name, header_);
        std::string known;
        for (std::size_t i = 0; i < std::min<std::size_t>(header_.size(), 12); ++i)
            known += (i == 0 ? "" : ", ") + header_[i];
        if (header_.size() > 12) known += ", ...";
        fail({.file = file_,
              .line = row_start_,
              .found = fmt::format("no column {}, which {} names", base::quoted(name), option),
              .expected = (meant.empty() ? "one of " : "'" + meant + "', or another of ") + known});
        return std::nullopt;
    }

    void choose_texts() {
        used_ = columns_.size();
        for (const std::string& name : *texts_)
            if (const auto index = find(name, "an option")) columns_[*index].is_text = true;
    }

    void choose() {
        target_ = columns_.size() - 1;
        if (unnamed_) columns_.front().used = false;
        if (!options_.target.empty()) {
            const auto found = find(options_.target, "setting `target`");
            if (!found) return;
            target_ = *found;
        }
        columns_[target_].named = true;
        if (!choose_weights()) return;
        for (const std::string& name : options_.others)
            if (const auto index = find(name, "setting `target`"); index && *index != target_)
                columns_[*index].used = false;
        if (!options_.inputs.empty()) {
            for (std::size_t i = 0; i < columns_.size(); ++i)
                columns_[i].used = i == target_ || i == weights_;
            for (const std::string& name : options_.inputs) {
                const auto index = find(name, "setting `inputs`");
                if (!index) continue;
                if (*index == target_)
                    fail({.file = file_,
                          .line = row_start_,
                          .found = fmt::format("column {} as target and as input", base::quoted(name)),
                          .expected = "inputs that differ from the target"});
                if (*index == weights_)
                    fail({.file = file_,
                          .line = row_start_,
                          .found = fmt::format("column {} as weights and as input", base::quoted(name)),
                          .expected = "inputs that differ from the weights"});
                columns_[*index].used = columns_[*index].named = true;
            }
        }
        used_ = static_cast<std::size_t>(std::count_if(columns_.begin(), columns_.end(),
                                                       [](const Column& column) { return column.used; }));
        if (diagnostics_.empty() && used_ < (weights_ ? 3 : 2))
            fail({.file = file_,
                  .line = row_start_,
                  .found = fmt::format("the column {} alone (fields are separated by {})",
                                       base::quoted(header_[target_]), shown(separator_)),
                  .expected = "a target and at least one input"});
    }

    /// Marks the column of weights, if there is one; false where it cannot be.
    bool choose_weights() {
        if (options_.weights.empty()) return true;
        weights_ = find(options_.weights, "setting `weights`");
        if (!weights_) return false;
        columns_[*weights_].named = true;
        if (*weights_ != target_) return true;
        fail({.file = file_,
              .line = row_start_,
              .found = fmt::format("column {} as target and as weights", base::quoted(options_.weights)),
              .expected = "weights that differ from the target"});
        return false;
    }

    base::Result<Table> table() {
        if (rows_ < 2)
            return base::failure(base::Diagnostics{
                {.file = file_,
                 .found = fmt::format("{} of numbers", rows_ == 0 ? "a header and no row" : "one row"),
                 .expected = "at least 2 rows; one row is explained by every constant"}});
        Table table;
        if (unnamed_) table.notes.emplace_back("column 1 is left out: it has no name");
        if (comments_ > 0)
            table.notes.push_back(fmt::format("{} line{} that begin{} with # are passed over", comments_,
                                              comments_ == 1 ? "" : "s", comments_ == 1 ? "s" : ""));
        drop_columns_without_numbers(table);
        for (std::size_t i = 0; i < columns_.size() && diagnostics_.size() < most_reported; ++i)
            if (columns_[i].used) judge(i);
        if (options_.units) read_units();
        if (!diagnostics_.empty()) return base::failure(diagnostics_);
        if (std::count_if(columns_.begin(), columns_.end(),
                          [](const Column& column) { return column.used; }) < (weights_ ? 3 : 2))
            return base::failure(file_, "no input column with numbers", "at least one beside the target");
        if (const auto left = leave_out_rows(table); !left) return tl::make_unexpected(left.error());
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            Column& column = columns_[i];
            if (!column.used) continue;
            if (i == target_) {
                table.target_name = column.name;
                table.problem.target = std::move(column.numbers);
                table.problem.resolution = std::move(column.halves);
                if (options_.units) table.problem.target_unit = column.unit;
                continue;
            }
            if (i == weights_) {
                table.problem.weights = std::move(column.numbers);
                continue;
            }
            table.names.push_back(column.name);
            table.problem.inputs.push_back(std::move(column.numbers));
            if (options_.units) table.problem.units.push_back(column.unit);
        }
        return table;
    }

    void drop_columns_without_numbers(Table& table) {
        for (Column& column : columns_) {
            if (!column.used || column.named || column.filled > 0 || column.first_fault) continue;
            column.used = false;
            table.notes.push_back(
                fmt::format("column {} is left out: {}", base::quoted(column.name),
                            column.first_text
                                ? fmt::format("it holds text, {} on line {}",
                                              base::quoted(column.first_text->text), column.first_text->line)
                                : std::string("it is empty")));
        }
    }

    /// Reports the first field of a column that is no number.
    void judge(std::size_t index) {
        const Column& column = columns_[index];
        const std::string of_column = fmt::format(" in column {} ({})", index + 1, base::quoted(column.name));
        const std::optional<Place>& fault = column.first_fault ? column.first_fault : column.first_text;
        if (fault) {
            std::string expected = "a finite number";
            if (texts_ != nullptr && fault->kind == CellKind::text)
                expected = "a number";
            else if (fault->kind == CellKind::decimal_comma)
                expected = "a decimal point, and nothing between thousands";
            else if (fault->kind == CellKind::text && fault->line == first_row_ && first_row_has_words())
                expected = "a number (if this is a row of units: setting `units`)";
            else if (fault->kind == CellKind::text)
                expected = fmt::format("a number{}", column.filled > 0 && index != target_
                                                         ? " (setting `inputs` can leave the column out)"
                                                         : "");
            else if (fault->kind == CellKind::out_of_range)
                expected = "a number of a magnitude from 1e-307 to 1e308";
            return fail(at_place(*fault, index, base::quoted(fault->text) + of_column, expected));
        }
        if (!column.first_missing || options_.skip_missing) return;
        const std::string& text = column.first_missing->text;
        fail(at_place(*column.first_missing, index,
                      (text.empty() ? "no value" : "the missing value " + base::quoted(text)) + of_column,
                      texts_ != nullptr ? "a number"
                                        : "a number (setting `skip-missing` leaves out rows like this one)"));
    }

    /// Whether no column that is used begins with a number, as below a row of units.
    bool first_row_has_words() const {
        return !options_.units && rows_ > 2 &&
               std::all_of(columns_.begin(), columns_.end(), [this](const Column& column) {
                   return !column.used || (column.first_text && column.first_text->line == first_row_) ||
                          (column.first_missing && column.first_missing->line == first_row_);
               });
    }

    void read_units() {
        for (std::size_t i = 0; i < columns_.size() && diagnostics_.size() < most_reported; ++i) {
            Column& column = columns_[i];
            if (!column.used || !column.unit_place) continue;
            const auto unit = parse_unit(column.unit_place->text);
            if (unit) {
                column.unit = *unit;
                continue;
            }
            fail(at_place(*column.unit_place, i,
                          fmt::format("{} as unit of column {} ({}): {}",
                                      base::quoted(column.unit_place->text), i + 1, base::quoted(column.name),
                                      unit.error().front().found),
                          unit.error().front().expected));
        }
    }

    /// Rows with a missing value, and those of weight 0.
    base::Result<std::size_t> leave_out_rows(Table& table) {
        std::size_t weightless = 0;
        const auto counts = [&](std::size_t n) {
            if (!weights_) return true;
            const bool none = columns_[*weights_].numbers[n] == 0;
            weightless += none ? 1 : 0;
            return !none;
        };
        if (weights_)
            for (const double weight : columns_[*weights_].numbers)
                if (weight < 0)
                    return base::failure(file_, fmt::format("the negative weight {}", weight),
                                         "weights of at least 0");
        std::vector<std::size_t> kept;
        for (std::size_t n = 0; n < rows_; ++n)
            if (counts(n) && std::none_of(columns_.begin(), columns_.end(), [n](const Column& column) {
                    return column.used && std::isnan(column.numbers[n]);
                }))
                kept.push_back(n);
        table.rows_left_out = rows_ - kept.size();
        if (table.rows_left_out == 0) return std::size_t{0};
        if (kept.size() < 2)
            return base::failure(file_,
                                 fmt::format("{} of {} rows without a missing value", kept.size(), rows_),
                                 "at least 2 complete rows; columns with many missing values can be left out "
                                 "with setting `inputs`");
        for (Column& column : columns_) {
            if (!column.used) continue;
            for (std::size_t n = 0; n < kept.size(); ++n) column.numbers[n] = column.numbers[kept[n]];
            column.numbers.resize(kept.size());
            if (column.halves.empty()) continue;
            for (std::size_t n = 0; n < kept.size(); ++n) column.halves[n] = column.halves[kept[n]];
            column.halves.resize(kept.size());
        }
        if (weightless > 0)
            table.notes.push_back(
                fmt::format("{} of {} rows are left out: their weight is 0", weightless, rows_));
        if (table.rows_left_out > weightless)
            table.notes.push_back(fmt::format("{} of {} rows are left out: a value is missing",
                                              table.rows_left_out - weightless, rows_));
        return table.rows_left_out;
    }

    std::string_view text_;
    const std::string& file_;
    const TableOptions& options_;
    char separator_ = ',';
    int line_ = 0, row_start_ = 0, first_row_ = 0;
    std::string_view source_line_;
    bool unnamed_ = false; ///< the first column has no name: numbers of rows
    bool inside_row_ = false, has_header_ = false, has_units_ = false;
    std::size_t field_ = 0, rows_ = 0, used_ = 0, target_ = 0, comments_ = 0;
    std::optional<std::size_t> weights_; ///< the column of weights
    std::vector<std::string> header_;
    std::vector<Column> columns_;
    const std::vector<std::string>* texts_ = nullptr; ///< set where columns of text are kept
    std::vector<int> row_lines_;
    base::Diagnostics diagnostics_;
};

} // namespace

base::Result<Table> parse_table(std::string_view text, const std::string& file, const TableOptions& options) {
    if (options.separator == 0 && separated_by_spaces(text)) {
        const std::string tabs = with_tabs(text);
        return Reader(tabs, file, options).read();
    }
    return Reader(text, file, options).read();
}

base::Result<MixedTable> read_mixed_table(const std::string& path, const std::vector<std::string>& texts,
                                          bool units) {
    const auto text = base::read_file(path, most_bytes);
    if (!text) return base::failure(text.error());
    const TableOptions options{.units = units};
    return Reader(*text, path, options).read_mixed(texts);
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
