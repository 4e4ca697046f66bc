#include "ropewalk/images/problems/image_rows.hpp"
#include "ropewalk/images/problems/batch.hpp"
#include "ropewalk/images/problems/names.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ropewalk::perception {

namespace {

using formula::MixedColumn;
using formula::MixedTable;

std::string extension_of(const std::string& text) {
    std::string extension = std::filesystem::path(text).extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return extension;
}

bool names_an_image(const std::string& text) {
    const std::string extension = extension_of(text);
    return extension == ".png" || extension == ".jpg" || extension == ".jpeg";
}

/// Pictures in formats that are not read.
bool names_another_picture(const std::string& text) {
    constexpr std::array<std::string_view, 11> extensions{".bmp",  ".gif", ".tif",  ".tiff", ".webp", ".heic",
                                                          ".avif", ".jxl", ".svg", ".pgm",  ".jp2"};
    const std::string extension = extension_of(text);
    return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

/// Whether that is so of most of the texts.
template<class Of>
bool mostly(const std::vector<std::string>& texts, const Of& of) {
    return 2 * std::count_if(texts.begin(), texts.end(), of) > std::ssize(texts);
}

/// The columns of images, by their places among all.
base::Result<std::vector<std::size_t>> image_columns(const MixedTable& table, const std::string& path,
                                                     const std::vector<std::string>& names) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    std::error_code error;
    std::vector<std::size_t> chosen;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        const MixedColumn& column = table.columns[c];
        const bool named = contains(names, column.name);
        if (!named && names_an_image(column.name) && std::filesystem::exists(folder / column.name, error))
            return base::failure(
                base::Diagnostics{{.file = path,
                                   .line = 1,
                                   .found = "image " + base::quoted(column.name),
                                   .expected = "the names of the columns on the first line"}});
        const bool is_open = names.empty() && column.is_text;
        if (is_open && mostly(column.texts, names_another_picture))
            return base::failure(path,
                                 fmt::format("column {} names {} files, which cannot be read",
                                             base::quoted(column.name), extension_of(column.texts.front())),
                                 "PNG or JPEG files; tools such as ImageMagick convert to PNG");
        if (named || (is_open && mostly(column.texts, names_an_image))) chosen.push_back(c);
    }
    if (chosen.empty())
        return base::failure(
            path, "no column of images",
            "a column with names that end in .png, .jpg or .jpeg, or setting `image-columns`");
    if (chosen.size() > most_image_columns)
        return base::failure(path, fmt::format("{} columns of images", chosen.size()),
                             fmt::format("at most {}; setting `image-columns` names those to use",
                                         most_image_columns));
    return chosen;
}

/// The images that a cell lists; a cell that is no list names one.
std::vector<std::string> images_of_cell(const std::string& cell) {
    constexpr const char *separators = "|;", *spaces = " \t";
    std::vector<std::string> images;
    for (std::size_t begin = 0; begin <= cell.size();) {
        const std::size_t end = std::min(cell.find_first_of(separators, begin), cell.size());
        std::string image = cell.substr(begin, end - begin);
        image.erase(0, std::min(image.find_first_not_of(spaces), image.size()));
        image.erase(image.find_last_not_of(spaces) + 1);
        if (!names_an_image(image)) return {cell};
        images.push_back(std::move(image));
        begin = end + 1;
    }
    return images;
}

/// The rows of these numbers.
MixedColumn part_of(const MixedColumn& column, const std::vector<std::size_t>& rows) {
    MixedColumn part{column.name, column.is_text, {}, {}};
    for (const std::size_t row : rows) {
        if (column.is_text)
            part.texts.push_back(column.texts[row]);
        else
            part.numbers.push_back(column.numbers[row]);
    }
    return part;
}

} // namespace

std::span<const std::uint32_t> ImageRows::row(std::size_t number) const {
    return row_of(places, starts, rows(), number);
}

bool has_lists(const ImageTable& table) {
    if (table.columns.size() != 1) return false;
    const std::vector<std::string>& cells = table.table.columns[table.columns.front()].texts;
    return std::any_of(cells.begin(), cells.end(),
                       [](const std::string& cell) { return images_of_cell(cell).size() > 1; });
}

base::Result<ImageTable> read_image_table(const std::string& path, const std::vector<std::string>& columns) {
    auto table = formula::read_mixed_table(path, columns, {.keeps_missing = true});
    if (!table) return base::failure(table.error());
    auto chosen = image_columns(*table, path, columns);
    if (!chosen) return base::failure(chosen.error());
    return ImageTable{path, std::move(*table), std::move(*chosen)};
}

void keep_rows(ImageTable& source, const std::vector<std::size_t>& rows) {
    for (MixedColumn& column : source.table.columns) column = part_of(column, rows);
    std::vector<int> lines;
    for (const std::size_t row : rows) lines.push_back(source.table.lines[row]);
    source.table.lines = std::move(lines);
}

base::Result<ImageRows> read_image_rows(const ImageTable& source, const ImageRowsOptions& options) {
    constexpr std::size_t most_named = 5;
    const auto& [path, table, columns] = source;
    ImageRows result;
    const bool lists = has_lists(source);
    datasets::Gallery gallery(path, options.gallery);
    std::vector<std::size_t> kept;
    std::vector<std::string> unreadable;
    for (std::size_t n = 0; n < table.lines.size(); ++n) {
        std::vector<std::string> names;
        for (const std::size_t c : columns) names.push_back(table.columns[c].texts[n]);
        if (lists) names = images_of_cell(names.front());
        std::vector<std::uint32_t> places;
        for (const std::string& name : names) {
            const auto place = gallery.index_of(name, table.lines[n]);
            if (!place && !options.skip_damaged) return base::failure(place.error());
            if (!place) {
                unreadable.push_back(fmt::format("line {}: {}", table.lines[n], place.error().front().found));
                break;
            }
            places.push_back(*place);
        }
        if (places.size() < names.size()) continue;
        if (lists) result.starts.push_back(static_cast<std::uint32_t>(result.places.size()));
        kept.push_back(n);
        result.lines.push_back(table.lines[n]);
        result.places.insert(result.places.end(), places.begin(), places.end());
    }
    if (lists) result.starts.push_back(static_cast<std::uint32_t>(result.places.size()));
    if (!unreadable.empty()) {
        const std::size_t count = unreadable.size();
        if (count > most_named) unreadable.resize(most_named);
        result.notes.push_back(fmt::format("{} rows are left out, as their images cannot be read: {}{}", count,
                                           fmt::join(unreadable, "; "), count > most_named ? "; ..." : ""));
    }
    for (const std::size_t c : columns) result.columns.push_back(table.columns[c].name);
    for (std::size_t c = 0; c < table.columns.size(); ++c)
        if (std::find(columns.begin(), columns.end(), c) == columns.end())
            result.others.push_back(part_of(table.columns[c], kept));
    for (std::string& note : gallery.notes()) result.notes.push_back(std::move(note));
    result.form = gallery.form();
    result.files = gallery.files();
    result.images = std::move(gallery).images();
    return result;
}

} // namespace ropewalk::perception
