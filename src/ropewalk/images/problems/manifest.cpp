#include "ropewalk/images/problems/manifest.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "ropewalk/formulas/table/table.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/problems/given.hpp"

namespace ropewalk::perception {

namespace {

using formula::MixedColumn;
using formula::MixedTable;

constexpr std::size_t most_variables = 5;

bool names_an_image(const std::string& text) {
    std::string extension = std::filesystem::path(text).extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return extension == ".png" || extension == ".jpg" || extension == ".jpeg";
}

/// Whether most of the texts name images.
bool has_images(const std::vector<std::string>& texts) {
    return 2 * std::count_if(texts.begin(), texts.end(), names_an_image) > std::ssize(texts);
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// The columns that are images and those that are outputs.
struct Columns {
    std::vector<const MixedColumn*> images, outputs;
};

base::Result<Columns> choose_columns(const MixedTable& table, const std::string& path,
                                     const ManifestOptions& options) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    std::error_code error;
    Columns chosen;
    for (const MixedColumn& column : table.columns) {
        const bool named = contains(options.image_columns, column.name);
        if (!named && names_an_image(column.name) && std::filesystem::exists(folder / column.name, error))
            return base::failure(
                base::Diagnostics{{.file = path,
                                   .line = 1,
                                   .found = "image " + base::quoted(column.name),
                                   .expected = "the names of the columns on the first line"}});
        const bool found = options.image_columns.empty() && column.is_text && has_images(column.texts);
        const bool wanted = options.output_columns.empty() || contains(options.output_columns, column.name);
        if (named || found)
            chosen.images.push_back(&column);
        else if (wanted && !column.is_text)
            chosen.outputs.push_back(&column);
    }
    for (const std::string& name : options.output_columns)
        if (std::none_of(chosen.outputs.begin(), chosen.outputs.end(),
                         [&](const MixedColumn* column) { return column->name == name; }))
            return base::failure(
                path, "no column of numbers " + base::quoted(name) + ", which setting `output-columns` names",
                "names of columns of numbers");
    if (chosen.images.empty())
        return base::failure(
            path, "no column of images",
            "a column with names that end in .png, .jpg or .jpeg, or setting `image-columns`");
    if (chosen.images.size() > most_variables)
        return base::failure(
            path, fmt::format("{} columns of images", chosen.images.size()),
            fmt::format("at most {}; setting `image-columns` names those to use", most_variables));
    if (chosen.outputs.empty())
        return base::failure(path, "no column of numbers", "at least one, each the outputs of a formula");
    return chosen;
}

base::Result<GivenRows> rows_of(datasets::Gallery& gallery, const Columns& columns, const MixedTable& table) {
    GivenRows rows{.rows = table.lines.size(), .images = {}, .y = {}};
    for (std::size_t n = 0; n < rows.rows; ++n)
        for (const MixedColumn* column : columns.images) {
            const auto index = gallery.index_of(column->texts[n], table.lines[n]);
            if (!index) return base::failure(index.error());
            rows.images.push_back(*index);
        }
    for (const MixedColumn* column : columns.outputs)
        rows.y.insert(rows.y.end(), column->numbers.begin(), column->numbers.end());
    return rows;
}

base::Status check_names(const ManifestOptions& options) {
    for (const auto* names : {&options.image_columns, &options.output_columns})
        for (auto name = names->begin(); name != names->end(); ++name)
            if (std::find(names->begin(), name, *name) != name)
                return base::failure(names == &options.image_columns ? "setting `image-columns`"
                                                                     : "setting `output-columns`",
                                     base::quoted(*name) + " twice", "different columns");
    return {};
}

} // namespace

base::Result<Problem> read_manifest(const std::string& path, const ManifestOptions& options, int operators,
                                    std::uint64_t seed) {
    if (const auto fine = check_names(options); !fine) return base::failure(fine.error());
    const auto table = formula::read_mixed_table(path, options.image_columns);
    if (!table) return base::failure(table.error());
    if (table->lines.size() < least_manifest_rows)
        return base::failure(path, fmt::format("{} rows", table->lines.size()),
                             fmt::format("at least {}", least_manifest_rows));
    const auto columns = choose_columns(*table, path, options);
    if (!columns) return base::failure(columns.error());
    const GivenOptions given{
        .operators = operators, .holdout = options.holdout, .scale = options.scale, .seed = seed};
    auto problem = make_given_problem(columns->images.size(), given);
    if (!problem) return problem;
    datasets::Gallery gallery(path);
    auto rows = rows_of(gallery, *columns, *table);
    if (!rows) return base::failure(rows.error());
    GivenData data{.images = {}, .files = {}, .rows = std::move(*rows), .outputs = {}};
    for (const MixedColumn* column : columns->outputs) data.outputs.push_back(column->name);
    data.files = std::move(gallery).files();
    data.images = std::move(gallery).images();
    if (auto gave = give_rows(*problem, std::move(data), given, path); !gave)
        return base::failure(gave.error());
    return problem;
}

} // namespace ropewalk::perception
