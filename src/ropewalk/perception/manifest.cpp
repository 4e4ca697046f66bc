#include "ropewalk/perception/manifest.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "ropewalk/perception/image_file.hpp"

namespace ropewalk::perception {

namespace {

using formula::MixedColumn;
using formula::MixedTable;

constexpr std::size_t most_formulas = 100'000, most_pixels = std::size_t{1} << 32, most_variables = 5;

bool names_an_image(const std::string& text) {
    std::string extension = std::filesystem::path(text).extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return extension == ".png" || extension == ".jpg" || extension == ".jpeg";
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
    Columns chosen;
    for (const MixedColumn& column : table.columns) {
        const bool named = contains(options.image_columns, column.name);
        const bool found = options.image_columns.empty() && column.is_text && !column.texts.empty() &&
                           names_an_image(column.texts.front());
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

/// Reads images one at a time, each file once.
class Gallery {
public:
    explicit Gallery(const std::string& manifest)
        : manifest_(manifest), folder_(std::filesystem::path(manifest).parent_path()) {}

    base::Result<std::uint32_t> index_of(const std::string& name, int line) {
        if (const auto known = places_.find(name); known != places_.end()) return known->second;
        const std::string file = (folder_ / name).string();
        std::error_code error;
        if (std::filesystem::exists(file, error) && !std::filesystem::is_regular_file(file, error))
            return at_line(line, name, {.found = "no file of bytes", .expected = "a PNG or JPEG file"});
        const auto bytes = base::read_file(file);
        if (!bytes) return at_line(line, name, bytes.error().front());
        const auto image = decode_image(*bytes, file);
        if (!image) return at_line(line, name, image.error().front());
        if (const auto added = add(*image, name, line); !added) return base::failure(added.error());
        const auto index = static_cast<std::uint32_t>(files_.size());
        files_.push_back(name);
        return places_[name] = index;
    }

    Images images() && { return std::move(images_); }
    std::vector<std::string> files() && { return std::move(files_); }

private:
    tl::unexpected<base::Diagnostics> at_line(int line, const std::string& name,
                                              const base::Diagnostic& reason) const {
        return base::failure(base::Diagnostics{{.file = manifest_,
                                                .line = line,
                                                .found = "image " + base::quoted(name) + ": " + reason.found,
                                                .expected = reason.expected}});
    }

    base::Result<bool> add(const DecodedImage& image, const std::string& name, int line) {
        const auto complain = [&](std::string found, std::string expected) {
            return at_line(line, name, {.found = std::move(found), .expected = std::move(expected)});
        };
        const std::string size = fmt::format("{} x {} x {}", image.channels, image.height, image.width);
        if (files_.empty()) {
            if (image.height < 8 || image.width < 8) return complain(size, "at least 8 x 8 pixels");
            images_.channels = image.channels;
            images_.height = image.height;
            images_.width = image.width;
        } else if (image.channels != images_.channels || image.height != images_.height ||
                   image.width != images_.width) {
            return complain(size + " (channels x height x width)",
                            fmt::format("{} x {} x {} as {}, the first image", images_.channels,
                                        images_.height, images_.width, base::quoted(files_.front())));
        }
        if (images_.pixels.size() + image.pixels.size() > most_pixels)
            return complain("more than 4 GiB of pixels", "fewer or smaller images");
        images_.pixels.insert(images_.pixels.end(), image.pixels.begin(), image.pixels.end());
        images_.labels.push_back(0);
        return true;
    }

    const std::string& manifest_;
    std::filesystem::path folder_;
    std::map<std::string, std::uint32_t> places_;
    Images images_;
    std::vector<std::string> files_;
};

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

base::Result<GivenJudgement> judge_given(const Problem& problem, Engine& engine,
                                         std::span<const std::size_t> formulas) {
    const Images& images = problem.dataset.train;
    std::vector<std::uint32_t> all(images.count());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint32_t>(i);
    GivenJudgement judgement;
    // A part at a time: pixels as floats take four times the memory.
    constexpr std::size_t part = 1000;
    for (std::size_t first = 0; first < all.size(); first += part) {
        const auto some = std::span(all).subspan(first, std::min(part, all.size() - first));
        const auto grounding = engine.ground(pixels_of(images, some));
        if (!grounding) return base::failure(grounding.error());
        judgement.symbols.mean.insert(judgement.symbols.mean.end(), grounding->mean.begin(),
                                      grounding->mean.end());
        judgement.symbols.variance.insert(judgement.symbols.variance.end(), grounding->variance.begin(),
                                          grounding->variance.end());
    }
    MonomialTable found = problem.table;
    found.formulas = formulas.size();
    found.coefficients.clear();
    for (const std::size_t formula : formulas) {
        const auto first =
            problem.table.coefficients.begin() + static_cast<std::ptrdiff_t>(formula * found.monomials);
        found.coefficients.insert(found.coefficients.end(), first,
                                  first + static_cast<std::ptrdiff_t>(found.monomials));
    }
    for (const auto& [examples, errors] : {std::pair{&problem.given->training, &judgement.training},
                                           std::pair{&problem.given->validation, &judgement.validation}}) {
        const std::vector<double> values = expected_values(found, judgement.symbols, examples->images);
        for (std::size_t t = 0; t < formulas.size(); ++t) {
            double sum = 0;
            for (std::size_t n = 0; n < examples->rows; ++n) {
                const double rest = values[t * examples->rows + n] - examples->y[t * examples->rows + n];
                sum += rest * rest;
            }
            errors->push_back(sum /
                              (static_cast<double>(examples->rows) * problem.sigma[t] * problem.sigma[t]));
        }
    }
    const double scale = problem.given->scale;
    for (double& mean : judgement.symbols.mean) mean *= scale;
    for (double& variance : judgement.symbols.variance) variance *= scale * scale;
    return judgement;
}

std::string symbols_text(const Problem& problem, const Grounding& symbols) {
    std::string text = "image,symbol,deviation\n";
    for (std::size_t i = 0; i < symbols.mean.size(); ++i) {
        std::string name = problem.given->files[i];
        if (name.find_first_of(",\"\n\r") != std::string::npos) {
            std::string quoted = "\"";
            for (const char c : name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
            name = quoted + "\"";
        }
        text += fmt::format("{},{:.6g},{:.3g}\n", name, symbols.mean[i], std::sqrt(symbols.variance[i]));
    }
    return text;
}

} // namespace ropewalk::perception
