// The page of what `reproduce` left: every table of the folder.
#include <algorithm>
#include <filesystem>
#include <sstream>

#include "app/reports/kinds.hpp"
#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_rows = 300;
constexpr std::size_t largest_file = std::size_t{1} << 24;

std::vector<fs::path> files_with(const std::string& folder, const char* extension) {
    std::vector<fs::path> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.path().extension() == extension) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

std::string rows_of(const formula::MixedTable& table) {
    HtmlTable shown{.head = {}, .rows = {}, .numbers = {}};
    for (const auto& column : table.columns) {
        shown.head.push_back(html(column.name));
        shown.numbers.push_back(!column.is_text);
    }
    const std::size_t rows = std::min(table.lines.size(), most_rows);
    for (std::size_t r = 0; r < rows; ++r) {
        std::vector<std::string> row;
        for (const auto& column : table.columns)
            row.push_back(column.is_text ? html(column.texts[r]) : fmt::format("{:.6g}", column.numbers[r]));
        shown.rows.push_back(std::move(row));
    }
    std::string text = to_html(shown);
    if (rows < table.lines.size())
        text += paragraph(fmt::format("The first {} of {} rows.", rows, table.lines.size()));
    return text;
}

/// Cells of a line `| a | b |` of Markdown.
std::vector<std::string> cells_of(std::string line) {
    std::vector<std::string> cells;
    line = line.substr(1, line.rfind('|') - 1);
    for (std::size_t start = 0; start <= line.size();) {
        const std::size_t end = std::min(line.find('|', start), line.size());
        cells.push_back(html(base::trimmed(line.substr(start, end - start), " *`")));
        start = end + 1;
    }
    return cells;
}

/// Tables, blocks of code, headings and paragraphs, which is all that commands write.
std::string markup_of(const std::string& markdown) {
    std::string text, code, words;
    HtmlTable table;
    bool is_code = false;
    const auto end_of_part = [&] {
        if (!table.head.empty()) text += to_html(table);
        if (!words.empty()) text += paragraph(words);
        table = {};
        words.clear();
    };
    std::istringstream lines(markdown);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("```")) {
            end_of_part();
            if (is_code) text += listing(code);
            code.clear();
            is_code = !is_code;
        } else if (is_code) {
            code += line + "\n";
        } else if (line.size() > 1 && line.front() == '|' && line.rfind('|') > 0) {
            if (table.head.empty())
                end_of_part(), table.head = cells_of(line);
            else if (line.find_first_not_of("|-: ") != std::string::npos)
                table.rows.push_back(cells_of(line));
        } else {
            const std::string_view plain = base::trimmed(line, " #*\r");
            if (plain.empty() || !table.head.empty()) end_of_part();
            if (!plain.empty()) words += (words.empty() ? "" : " ") + std::string(plain);
        }
    }
    end_of_part();
    return is_code ? text + listing(code) : text;
}

} // namespace

base::Result<Page> tables_page(const std::string& folder) {
    // Other folders hold other tables.
    if (!is_begun(folder))
        return base::failure(folder, "a folder without run.json, and none of `ropewalk reproduce`",
                             "the folder that tune, induce, perceive or reproduce was given with -o");
    Page page{.title = "Results in " + fs::path(folder).lexically_normal().filename().string(),
              .summary = "What was repeated, beside the figures published for it.",
              .sections = {},
              .script = {}};
    for (const fs::path& file : files_with(folder, ".md"))
        if (const auto text = base::read_file(file.string(), largest_file))
            page.sections.push_back({file.stem().string(), markup_of(*text)});
    for (const fs::path& file : files_with(folder, ".csv"))
        if (const auto table = formula::read_mixed_table(file.string(), {}))
            page.sections.push_back({"Row by row: " + file.stem().string(), rows_of(*table)});
    if (page.sections.empty())
        return base::failure(folder, "a folder without run.json and without tables",
                             "the folder that tune, induce, perceive or reproduce wrote");
    return page;
}

} // namespace ropewalk::cli
