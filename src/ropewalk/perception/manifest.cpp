#include "ropewalk/perception/manifest.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "ropewalk/perception/gallery.hpp"

namespace ropewalk::perception {

namespace {

using formula::MixedColumn;
using formula::MixedTable;

constexpr std::size_t most_formulas = 100'000, most_variables = 5;

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
                path, "no column of numbers " + base::quoted(name) + ", which --output-columns names",
                "names of columns of numbers");
    if (chosen.images.empty())
        return base::failure(path, "no column of images",
                             "a column with names that end in .png, .jpg or .jpeg, or --image-columns");
    if (chosen.images.size() > most_variables)
        return base::failure(path, fmt::format("{} columns of images", chosen.images.size()),
                             fmt::format("at most {}; --image-columns names those to use", most_variables));
    if (chosen.outputs.empty())
        return base::failure(path, "no column of numbers", "at least one, each the outputs of a formula");
    return chosen;
}

/// Which rows are kept for validation.
std::vector<bool> held_out_rows(std::size_t rows, double share, std::uint64_t seed) {
    std::vector<std::size_t> order(rows);
    for (std::size_t n = 0; n < rows; ++n) order[n] = n;
    base::RandomStream random(seed, base::Purpose::held_out_examples);
    const auto count = static_cast<std::size_t>(std::ceil(share * static_cast<double>(rows)));
    std::vector<bool> held(rows);
    for (std::size_t i = 0; i < count; ++i) {
        std::swap(order[i], order[i + random.below64(rows - i)]);
        held[order[i]] = true;
    }
    return held;
}

GivenRows part_of(const std::vector<std::uint32_t>& images, const Columns& columns,
                  const std::vector<bool>& held, bool wanted) {
    GivenRows part;
    const std::size_t variables = columns.images.size();
    for (std::size_t n = 0; n < held.size(); ++n) {
        if (held[n] != wanted) continue;
        ++part.rows;
        for (std::size_t v = 0; v < variables; ++v) part.images.push_back(images[n * variables + v]);
    }
    for (const MixedColumn* column : columns.outputs)
        for (std::size_t n = 0; n < held.size(); ++n)
            if (held[n] == wanted) part.y.push_back(column->numbers[n]);
    return part;
}

double deviation(std::span<const double> values) {
    double mean = 0, squares = 0;
    for (const double value : values) mean += value / static_cast<double>(values.size());
    for (const double value : values)
        squares += (value - mean) * (value - mean) / static_cast<double>(values.size());
    return std::sqrt(squares);
}

/// The table of a pool whose symbols are `scale` times what the grounder gives.
MonomialTable scaled(MonomialTable table, double scale) {
    const auto variables = static_cast<std::size_t>(table.variables);
    for (std::size_t m = 0; m < table.monomials; ++m) {
        int degree = 0;
        for (std::size_t v = 0; v < variables; ++v) degree += table.exponents[m * variables + v];
        for (std::size_t f = 0; f < table.formulas; ++f)
            table.coefficients[f * table.monomials + m] *= std::pow(scale, degree);
    }
    return table;
}

base::Result<bool> add_pool(Problem& problem, std::size_t variables, int operators, double scale) {
    auto pool = formula::formula_pool(
        {.variables = static_cast<int>(variables), .operators = operators, .with_zero = false});
    if (!pool) return base::failure(pool.error());
    if (pool->formulas.size() > most_formulas)
        return base::failure("--operators",
                             fmt::format("{} formulas of {} variables and up to {} operators",
                                         pool->formulas.size(), variables, operators),
                             fmt::format("at most {}", most_formulas));
    auto table = monomial_table(pool->formulas);
    if (!table) return base::failure(table.error());
    problem.table = scaled(std::move(*table), scale);
    problem.pool = std::move(*pool);
    return true;
}

base::Result<bool> add_scales(Problem& problem, const std::string& path) {
    const Given& given = *problem.given;
    for (std::size_t t = 0; t < given.outputs.size(); ++t) {
        const std::span<const double> y{given.training.y.data() + t * given.training.rows,
                                        given.training.rows};
        const double sigma = deviation(y);
        if (!(sigma > 1e-9 * std::abs(y.front())) || !std::isfinite(sigma))
            return base::failure(
                path,
                "outputs of column " + base::quoted(given.outputs[t]) +
                    (std::isfinite(sigma) ? " that are all the same" : " that are too large"),
                "outputs that depend on the images");
        problem.sigma.push_back(sigma);
    }
    return true;
}

/// [rows, variables]
base::Result<std::vector<std::uint32_t>> images_of_rows(Gallery& gallery, const Columns& columns,
                                                        const MixedTable& table) {
    std::vector<std::uint32_t> images;
    for (std::size_t n = 0; n < table.lines.size(); ++n)
        for (const MixedColumn* column : columns.images) {
            const auto index = gallery.index_of(column->texts[n], table.lines[n]);
            if (!index) return base::failure(index.error());
            images.push_back(*index);
        }
    return images;
}

base::Result<bool> check_options(const ManifestOptions& options) {
    if (!(options.holdout > 0 && options.holdout < 1))
        return base::failure("--holdout", fmt::format("{}", options.holdout), "above 0 and below 1");
    if (!(options.scale >= 1e-6 && options.scale <= 1e6))
        return base::failure("--scale", fmt::format("{}", options.scale), "a number from 1e-6 to 1e6");
    for (const auto* names : {&options.image_columns, &options.output_columns})
        for (auto name = names->begin(); name != names->end(); ++name)
            if (std::find(names->begin(), name, *name) != name)
                return base::failure(names == &options.image_columns ? "--image-columns" : "--output-columns",
                                     base::quoted(*name) + " twice", "different columns");
    return true;
}

} // namespace

base::Result<Problem> read_manifest(const std::string& path, const ManifestOptions& options, int operators,
                                    std::uint64_t seed) {
    if (const auto fine = check_options(options); !fine) return base::failure(fine.error());
    const auto table = formula::read_mixed_table(path, options.image_columns);
    if (!table) return base::failure(table.error());
    const std::size_t rows = table->lines.size();
    if (rows < least_manifest_rows)
        return base::failure(path, fmt::format("{} rows", rows),
                             fmt::format("at least {}", least_manifest_rows));
    const auto columns = choose_columns(*table, path, options);
    if (!columns) return base::failure(columns.error());
    Problem problem;
    if (const auto added = add_pool(problem, columns->images.size(), operators, options.scale); !added)
        return base::failure(added.error());
    Gallery gallery(path);
    const auto images = images_of_rows(gallery, *columns, *table);
    if (!images) return base::failure(images.error());
    const std::vector<bool> held = held_out_rows(rows, options.holdout, seed);
    problem.seed = seed;
    problem.given.emplace();
    problem.given->training = part_of(*images, *columns, held, false);
    problem.given->validation = part_of(*images, *columns, held, true);
    problem.given->scale = options.scale;
    for (const MixedColumn* column : columns->outputs) problem.given->outputs.push_back(column->name);
    if (problem.given->training.rows < 2)
        return base::failure("--holdout", fmt::format("{} of {} rows", options.holdout, rows),
                             "a share that leaves rows to learn from");
    problem.dataset.name = path;
    problem.given->files = std::move(gallery).files();
    problem.dataset.train = std::move(gallery).images();
    if (const auto added = add_scales(problem, path); !added) return base::failure(added.error());
    return problem;
}

} // namespace ropewalk::perception
