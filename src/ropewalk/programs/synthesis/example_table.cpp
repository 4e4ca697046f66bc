#include "ropewalk/programs/synthesis/example_table.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/json.hpp"
#include "ropewalk/programs/functional/functional.hpp"
#include "ropewalk/programs/synthesis/example_keys.hpp"

namespace ropewalk::synthesis {

namespace {

constexpr const char* table_form =
    "a column for each argument and one for the value, as in the lines x,k,out and \"[3,1,2]\",4,7";

struct TableCell {
    std::string text;
    std::size_t at = 0;
    bool quoted = false;
};

using TableCells = std::vector<TableCell>;

struct TableLine {
    TableCells cells;
    std::optional<Fault> fault;
};

/// The cells of a line. Lists need no quotes: separators inside of brackets part nothing.
class CellReader {
public:
    CellReader(const Piece& line, char separator) : line_(line), separator_(separator) {}

    TableLine read() {
        begin(0);
        for (std::size_t i = 0; i < line_.text.size() && !read_.fault; ++i) i = take(i);
        if (brackets_ > 0 && !quoted_ && !read_.fault) read_.fault = Fault{cell().at, "'[' that nothing closes", "its ']'"};
        if (quoted_ && !read_.fault) read_.fault = Fault{cell().at, "a quote that does not end on its line", "a closing quote"};
        finish();
        return std::move(read_);
    }

private:
    TableCell& cell() { return read_.cells.back(); }

    void begin(std::size_t at) {
        read_.cells.push_back({.text = "", .at = line_.at + at});
        brackets_ = 0;
    }

    /// Lists may be written as Python writes them, as data frames do.
    void finish() {
        cell().text = base::trimmed(cell().text);
        if (cell().text.starts_with('[')) cell().text = as_json(cell().text);
    }

    /// The last byte that was taken, from `i` on.
    std::size_t take(std::size_t i) {
        const char c = line_.text[i];
        if (quoted_) {
            const bool doubled = c == '"' && line_.text.substr(i + 1).starts_with('"');
            if (c != '"' || doubled) cell().text += c;
            if (c == '"' && !doubled) quoted_ = false;
            return doubled ? i + 1 : i;
        }
        const bool blank = base::trimmed(cell().text).empty();
        if (c == '"' && brackets_ == 0 && blank && !cell().quoted) {
            cell() = {.text = "", .at = line_.at + i, .quoted = true};
            quoted_ = true;
        } else if (c == separator_ && brackets_ <= 0) {
            finish();
            begin(i + 1);
        } else if (cell().quoted && c != ' ' && c != '\t') {
            read_.fault = Fault{line_.at + i, "text behind a closing quote",
                                "a separator; a quote inside of quotes is written twice, \"\""};
        } else if (c == '"' && brackets_ == 0) {
            read_.fault =
                Fault{line_.at + i, "a quote inside of a cell", "the whole cell in quotes, with \"\" for a quote inside of it"};
        } else {
            brackets_ += c == '[' ? 1 : c == ']' ? -1 : 0;
            if (!cell().quoted) cell().text += c;
        }
        return i;
    }

    const Piece& line_;
    const char separator_;
    TableLine read_;
    bool quoted_ = false;
    int brackets_ = 0;
};

TableLine cells_of(const Piece& line, char separator) { return CellReader(line, separator).read(); }

/// The separator that parts the line into most cells; none of two that do it equally often is better than a comma.
char separator_of(const Piece& line) {
    char best = ',';
    for (const char each : {';', '\t'})
        if (cells_of(line, each).cells.size() > cells_of(line, best).cells.size()) best = each;
    return best;
}

bool is_json(const std::string& text) { return !base::parse_json<nlohmann::json>(text, 16).is_discarded(); }

std::optional<bool> truth_said(std::string_view text) {
    const std::string word = in_small_letters(text);
    if (word == "true") return true;
    return word == "false" ? std::optional(false) : std::nullopt;
}

bool are_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// 1,5 where commas do not part cells.
bool has_decimal_comma(const std::string& text) {
    const std::size_t comma = text.find(',');
    const std::string_view all = text;
    return comma != std::string::npos && are_digits(all.substr(all.starts_with('-'), comma - all.starts_with('-'))) &&
           are_digits(all.substr(comma + 1));
}

/// What the cells of a column are taken for.
struct TableColumn {
    std::string name;
    bool truths = true; ///< all of them
    bool texts = true;  ///< all that are not empty
    bool codes = false; ///< digits with zeros in front of them stand in it, as in no number
};

class TableReader {
public:
    TableReader(const TableLines& lines, ExampleReading& reading)
        : lines_(lines), reading_(reading), separator_(separator_of(lines[0])) {}

    void read() {
        if (!read_names() || !read_cells()) return;
        for (std::size_t row = 0; row < rows_.size(); ++row) read_row(lines_[row + 1], rows_[row]);
        if (rows_.empty()) reading_.wrong(lines_[0].at, "names of columns without lines below them", table_form);
    }

private:
    bool refuse(const TableCell& cell, std::string found, std::string expected) {
        reading_.wrong({cell.at, std::move(found), std::move(expected)});
        return false;
    }

    TableLine line_at(std::size_t i) const {
        TableLine line = cells_of(lines_[i], separator_);
        if (auto foreign = encoding_fault(lines_[i])) line.fault = std::move(foreign);
        return line;
    }

    bool refuse_header(std::string found, std::string expected) {
        reading_.wrong(lines_[0].at, std::move(found), std::move(expected));
        return false;
    }

    bool read_names() {
        const TableLine header = line_at(0);
        if (header.fault) {
            reading_.wrong(*header.fault);
            return false;
        }
        std::vector<std::string> names;
        for (const TableCell& each : header.cells) names.push_back(each.text);
        const auto names_nothing = [](const std::string& name) { return name.empty() || is_json(name) || truth_said(name); };
        if (std::all_of(names.begin(), names.end(), names_nothing))
            return refuse_header("a table without a line of names", std::string("first names, ") + table_form);
        if (names.size() < 2) return refuse_header("a table of one column", table_form);
        return choose_output(header.cells, names) && name_columns(header.cells, names);
    }

    bool choose_output(const TableCells& cells, const std::vector<std::string>& names) {
        const auto outputs = output_among(names);
        if (outputs.size() > 1) return refuse(cells[outputs[1]], "a second column for the value", "one; name it out");
        output_ = outputs.empty() ? names.size() - 1 : outputs[0];
        if (outputs.empty())
            reading_.note(fmt::format(
                "the first line is read as names of columns, and the last of them, '{}', as the value; name it \"out\" to say so",
                base::printable(names.back())));
        return true;
    }

    bool name_columns(const TableCells& cells, const std::vector<std::string>& names) {
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (names[i].empty()) return refuse(cells[i], "a column without a name", "a name of its own for each");
            const bool is_value = (is_json(names[i]) && !functional::is_name(names[i])) || names[i].starts_with('[');
            if (i != output_ && is_value)
                return refuse(cells[i], "a column named " + base::quoted(names[i]), "a name, as in x,k,out");
            const std::string name = names_all_arguments(names[i]) ? "x"
                                     : i == output_                ? names[i]
                                                                   : argument_name(names[i], reading_);
            if (std::any_of(columns_.begin(), columns_.end(), [&](const TableColumn& each) { return each.name == name; }))
                return refuse(cells[i], "two columns named " + base::quoted(name), "a name of its own for each");
            columns_.push_back({.name = name});
        }
        return true;
    }

    bool read_cells() {
        bool right = true;
        for (std::size_t i = 1; i < lines_.size(); ++i) {
            TableLine line = line_at(i);
            const bool even = line.cells.size() == columns_.size();
            if (line.fault)
                reading_.wrong(*line.fault);
            else if (!even)
                reading_.wrong(lines_[i].at, line.cells.size() == 1 ? "1 cell" : fmt::format("{} cells", line.cells.size()),
                               fmt::format("{}, as in the header; commas inside of a list need brackets or quotes around it",
                                           columns_.size()));
            right = right && !line.fault && even;
            if (!right) continue;
            for (std::size_t column = 0; column < columns_.size(); ++column) see(line.cells[column].text, columns_[column]);
            rows_.push_back(std::move(line.cells));
        }
        return right;
    }

    static void see(const std::string& text, TableColumn& column) {
        column.truths = column.truths && truth_said(text);
        column.texts = column.texts && (text.empty() || !is_json(text));
        column.codes = column.codes || (text.size() > 1 && text[0] == '0' && are_digits(text));
    }

    /// A cell as JSON; nothing, with an error, where it may mean a number or list and does not say which.
    std::optional<std::string> json_of(const TableCell& cell, const TableColumn& column) {
        const auto refused = [&](std::string expected) {
            const std::string found = cell.text.empty() ? "an empty cell" : base::quoted(cell.text);
            refuse(cell, fmt::format("{} for {}", found, base::printable(column.name)), std::move(expected));
            return std::nullopt;
        };
        if (column.truths) return *truth_said(cell.text) ? "true" : "false";
        if (is_json(cell.text) && !column.codes) return cell.text;
        if (cell.text.empty() && !cell.quoted && !column.texts) return refused("a value, as in the other lines");
        if (cell.text.starts_with('[') || cell.text.starts_with('{')) return refused("a list such as [3,1,2]");
        if (separator_ != ',' && has_decimal_comma(cell.text)) return refused("a whole number");
        return base::json_text(nlohmann::json(cell.text));
    }

    void read_row(const Piece& line, const TableCells& cells) {
        ExampleRow row{.at = line.at};
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const auto json = json_of(cells[i], columns_[i]);
            if (!json) return;
            auto value = reading_.value({*json, line.at}, "column '" + base::printable(columns_[i].name) + "'");
            if (!value) return;
            if (i == output_)
                row.output = std::move(*value);
            else
                row.inputs.emplace_back(columns_[i].name, std::move(*value));
        }
        reading_.rows.push_back(std::move(row));
    }

    const TableLines& lines_;
    ExampleReading& reading_;
    const char separator_;
    std::vector<TableColumn> columns_;
    std::size_t output_ = 0;
    std::vector<TableCells> rows_;
};

bool says_nothing(std::string_view line) { return line.empty() || line[0] == '#' || line.starts_with("//"); }

} // namespace

TableLines table_lines(std::string_view text) {
    TableLines lines;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        // Tabs at the ends are empty cells.
        const auto line = base::trimmed(text.substr(start, end - start), " \r");
        if (!says_nothing(base::trimmed(line))) lines.push_back({line, static_cast<std::size_t>(line.data() - text.data())});
        start = end + 1;
    }
    return lines;
}

bool is_table(const TableLines& lines) {
    if (lines.empty() || std::string_view("[{('").find(lines[0].text[0]) != std::string_view::npos) return false;
    const auto is_statement = [](const Piece& line) {
        const std::string json = as_json(line.text);
        return line.text.starts_with('{') || !arrows_of({json, line.at}).empty();
    };
    if (is_statement(lines[0])) return false;
    if (cells_of(lines[0], separator_of(lines[0])).cells.size() > 1) return true;
    return lines.size() > 1 && functional::is_name(lines[0].text) && !is_statement(lines[1]);
}

void read_table(const TableLines& lines, ExampleReading& reading) { TableReader(lines, reading).read(); }

} // namespace ropewalk::synthesis
