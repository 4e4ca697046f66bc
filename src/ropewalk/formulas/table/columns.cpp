#include "ropewalk/formulas/table/columns.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "ropewalk/formulas/table/separators.hpp"
#include "ropewalk/formulas/table/written_number.hpp"

namespace ropewalk::formula {

namespace {

constexpr std::size_t most_numbers = std::size_t{1} << 27;
constexpr std::size_t most_columns = 4096;

std::string_view trimmed(std::string_view text) { return base::trimmed(text, " \t"); }

/// Takes the header first, chooses among its columns, and then fills them.
class ColumnSink : public RowSink {
public:
    ColumnSink(const std::string& file, const TableOptions& options, const AllColumns* all, TableText source)
        : file_(file), options_(options), all_(all) {
        columns.source = std::move(source);
    }

    void field(std::string_view text, const RowPlace& place) override {
        const std::size_t index = field_++;
        if (is_over()) return;
        if (!has_header_) {
            header_.emplace_back(as_written() ? without_blanks(text) : trimmed(text));
            return;
        }
        if (index >= columns.all.size() || !columns.all[index].used) return;
        Column& column = columns.all[index];
        if (options_.units && !has_units_)
            column.unit_place = FieldPlace{place, std::string(trimmed(text)), CellKind::text};
        else
            value(column, index == columns.target, text, place);
    }

    void row(const RowPlace& place) override {
        const std::size_t fields = std::exchange(field_, 0);
        if (is_over()) return;
        if (!has_header_) {
            has_header_ = true;
            return take_header(place);
        }
        if (fields != columns.all.size()) return ragged(fields, place);
        if (options_.units && !has_units_) {
            has_units_ = true;
            return;
        }
        columns.row_lines.push_back(place.line);
        if (columns.rows++ == 0) columns.first_row = place.line;
        if (columns.rows * used_ > most_numbers)
            fail(place, fmt::format("more than {} numbers", most_numbers),
                 "fewer rows, or fewer columns (setting `inputs`)");
    }

    bool is_over() const override { return !diagnostics.empty(); }

    Columns columns;
    base::Diagnostics diagnostics;

private:
    void fail(const RowPlace& place, std::string found, std::string expected) {
        diagnostics.push_back(
            {.file = file_, .line = place.line, .found = std::move(found), .expected = std::move(expected)});
    }

    /// Whether numbers are taken as people write them.
    bool as_written() const { return all_ == nullptr || all_->as_for_a_fit; }

    void value(Column& column, bool is_target, std::string_view text, const RowPlace& place) {
        Cell cell = cell_of(text);
        std::optional<WrittenNumber> written;
        if (as_written() && !column.is_text && cell.kind == CellKind::text) written = plain_number(text);
        if (written) cell = cell_of(written->plain);
        const bool is_first = column.filled == 0 && !column.first_text && !column.first_fault;
        if (all_ != nullptr && !column.is_text && is_first && cell.kind == CellKind::text) {
            column.is_text = true;
            column.texts.resize(std::exchange(column.numbers, {}).size());
            column.first_missing = std::nullopt;
        }
        if (column.is_text) {
            column.texts.emplace_back(trimmed(text));
            return;
        }
        column.numbers.push_back(cell.number);
        if (is_target) column.halves.push_back(cell.kind == CellKind::number ? half_unit(written ? written->plain : text) : 0);
        if (cell.kind != CellKind::number) return remember(column, cell.kind, text, place);
        ++column.filled;
        if (written)
            column.writing.written(written->writing, cell.number, place, text);
        else
            column.writing.plain(cell.number, place, text);
    }

    static void remember(Column& column, CellKind kind, std::string_view text, const RowPlace& place) {
        std::optional<FieldPlace>& first = kind == CellKind::missing ? column.first_missing
                                           : kind == CellKind::text  ? column.first_text
                                                                     : column.first_fault;
        if (!first) first = FieldPlace{place, std::string(text.substr(0, 200)), kind};
    }

    void ragged(std::size_t fields, const RowPlace& place) {
        diagnostics.push_back({.file = file_,
                               .line = place.line,
                               .column = 1,
                               .found = fmt::format("a row of {} field{}", fields, fields == 1 ? "" : "s"),
                               .expected = fmt::format("{} as in the header, with {} between them", columns.all.size(),
                                                       shown(columns.source.separator)),
                               .source_line = shown_line(place.source_line),
                               .length = static_cast<int>(place.source_line.size())});
    }

    void take_header(const RowPlace& place) {
        header_place_ = place;
        if (header_.size() > most_columns)
            return fail(place, fmt::format("{} columns", header_.size()), fmt::format("at most {}", most_columns));
        if (std::all_of(header_.begin(), header_.end(),
                        [](const std::string& name) { return cell_of(name).kind == CellKind::number; }))
            return complain(0, "numbers in the first line", "a header: a first line with the names of the columns");
        std::map<std::string_view, std::size_t> seen;
        for (std::size_t i = 0; i < header_.size() && diagnostics.size() < most_reported; ++i) {
            const auto [first, fresh] = seen.try_emplace(header_[i], i);
            check_name(i, fresh ? i : first->second);
            columns.all.emplace_back().name = header_[i];
        }
        if (is_over()) return;
        if (all_ != nullptr)
            choose_texts();
        else
            choose();
    }

    void complain(std::size_t index, std::string found, std::string expected) {
        diagnostics.push_back(
            at_field(file_, header_place_, index, columns.source.separator, std::move(found), std::move(expected)));
    }

    /// `first` is the first column of the same name.
    void check_name(std::size_t index, std::size_t first) {
        const std::string& name = header_[index];
        if (name.empty() && index == 0 && header_.size() > 2)
            columns.first_is_unnamed = true;
        else if (name.empty())
            complain(index, fmt::format("no name for column {}", index + 1), "a name for every column");
        else if (std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
            complain(index, "a line break or another control character in the name " + base::quoted(name),
                     "a name on one line");
        else if (first != index)
            complain(index, fmt::format("the name {} for columns {} and {}", base::quoted(name), first + 1, index + 1),
                     "a name of its own for every column");
    }

    /// The column of that name, which `option` asks for.
    std::optional<std::size_t> find(const std::string& name, const std::string& option) {
        const auto place = std::find(header_.begin(), header_.end(), name);
        if (place != header_.end()) return static_cast<std::size_t>(place - header_.begin());
        constexpr std::size_t most_named = 12;
        const std::string meant = base::closest(name, header_);
        std::string known;
        for (std::size_t i = 0; i < std::min(header_.size(), most_named); ++i) known += (i == 0 ? "" : ", ") + header_[i];
        if (header_.size() > most_named) known += ", ...";
        fail(header_place_, fmt::format("no column {}, which {} names", base::quoted(name), option),
             (meant.empty() ? "one of " : "'" + meant + "', or another of ") + known);
        return std::nullopt;
    }

    void choose_texts() {
        used_ = columns.all.size();
        for (const std::string& name : all_->texts)
            if (const auto index = find(name, "an option")) columns.all[*index].is_text = true;
    }

    void choose() {
        columns.target = columns.all.size() - 1;
        if (columns.first_is_unnamed) columns.all.front().used = false;
        if (!options_.target.empty()) {
            const auto found = find(options_.target, "setting `target`");
            if (!found) return;
            columns.target = *found;
        }
        columns.all[columns.target].named = true;
        if (!choose_weights()) return;
        for (const std::string& name : options_.others) {
            const auto index = find(name, "setting `target`");
            if (index && index == columns.weights) return target_and_weights();
            if (index && *index != columns.target) columns.all[*index].used = false;
        }
        choose_inputs();
        used_ = static_cast<std::size_t>(std::count_if(columns.all.begin(), columns.all.end(),
                                                       [](const Column& column) { return column.used; }));
        if (!is_over() && used_ < fewest_columns(options_))
            fail(header_place_,
                 fmt::format("the column {} alone (fields are separated by {})", base::quoted(header_[columns.target]),
                             shown(columns.source.separator)),
                 "a target and at least one input (or setting `lags`, for a series that its earlier values explain)");
    }

    /// Marks the column of weights, if there is one; false where it cannot be.
    bool choose_weights() {
        if (options_.weights.empty()) return true;
        columns.weights = find(options_.weights, "setting `weights`");
        if (!columns.weights) return false;
        columns.all[*columns.weights].named = true;
        if (*columns.weights != columns.target) return true;
        target_and_weights();
        return false;
    }

    void target_and_weights() {
        fail(header_place_, fmt::format("column {} as target and as weights", base::quoted(options_.weights)),
             "weights that differ from the target");
    }

    void choose_inputs() {
        if (options_.inputs.empty()) return;
        for (std::size_t i = 0; i < columns.all.size(); ++i)
            columns.all[i].used = i == columns.target || i == columns.weights;
        for (const std::string& name : options_.inputs) {
            const auto index = find(name, "setting `inputs`");
            if (!index) continue;
            if (*index == columns.target)
                fail(header_place_, fmt::format("column {} as target and as input", base::quoted(name)),
                     "inputs that differ from the target");
            if (*index == columns.weights)
                fail(header_place_, fmt::format("column {} as weights and as input", base::quoted(name)),
                     "inputs that differ from the weights");
            columns.all[*index].used = columns.all[*index].named = true;
        }
    }

    const std::string& file_;
    const TableOptions& options_;
    const AllColumns* all_; ///< where all are kept
    bool has_header_ = false, has_units_ = false;
    std::size_t field_ = 0, used_ = 0;
    RowPlace header_place_;
    std::vector<std::string> header_;
};

} // namespace

base::Diagnostic at_field(const std::string& file, const RowPlace& row, std::size_t index, char separator, std::string found,
                          std::string expected) {
    const auto [column, length] = extent(row.source_line, index, separator);
    return {.file = file,
            .line = row.line,
            .column = row.source_line.empty() ? 0 : column,
            .found = std::move(found),
            .expected = std::move(expected),
            .source_line = shown_line(row.source_line),
            .length = length};
}

std::size_t fewest_columns(const TableOptions& options) {
    return (options.may_lack_inputs ? 1u : 2u) + (options.weights.empty() ? 0u : 1u);
}

base::Result<Columns> read_columns(std::string_view text, const std::string& file, const TableOptions& options,
                                   const AllColumns* all) {
    auto source = table_text(text, file, options.separator, all != nullptr && !all->as_for_a_fit);
    if (!source) return base::failure(source.error());
    ColumnSink sink(file, options, all, std::move(*source));
    const TableText& taken = sink.columns.source;
    const auto comments = read_rows(taken.text, file, taken.separator, sink, taken.lines_before);
    if (!comments) sink.diagnostics.insert(sink.diagnostics.end(), comments.error().begin(), comments.error().end());
    if (!sink.diagnostics.empty()) return base::failure(std::move(sink.diagnostics));
    if (sink.columns.all.empty()) return base::failure(file, "no header", "a first line with the names of the columns");
    sink.columns.comments = *comments;
    return std::move(sink.columns);
}

} // namespace ropewalk::formula
