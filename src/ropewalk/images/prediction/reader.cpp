#include "ropewalk/images/prediction/reader.hpp"

#include <algorithm>
#include <filesystem>
#include <numeric>

#include <fmt/format.h>

namespace ropewalk::prediction {

std::size_t Reader::variables() const {
    return run.reader.columns.empty() ? rules::variables_of(run.outputs.front().rule) : run.reader.columns.size();
}

std::vector<rules::Rule> Reader::rules() const {
    std::vector<rules::Rule> rules;
    for (const learning::StoredOutput& output : run.outputs) rules.push_back(output.rule);
    return rules;
}

base::Result<Reader> open_run(const std::string& folder, const ReaderOptions& options) {
    const auto has = [&](const char* name) {
        std::error_code error;
        return std::filesystem::exists(std::filesystem::path(folder) / name, error);
    };
    if (!has(learning::weights_name) || !has(learning::programs_name)) {
        if (has(learning::settings_name))
            return base::failure(folder, "a run that has not decided any formula yet",
                                 "a finished one; setting `resume` of `ropewalk perceive` goes on with it");
        return base::failure(folder, "no run of `ropewalk perceive`",
                             "the folder that perceive was given with -o");
    }
    auto run = learning::load_run(folder);
    if (!run) return base::failure(run.error());
    auto engine = learning::reading_engine_of(*run, options.threads, options.device);
    if (!engine) return base::failure(engine.error());
    std::vector<double> letters = perception::letters_of(**engine, run->reader.scale);
    return Reader{std::move(*run), std::move(letters), options.threads, std::move(*engine)};
}

base::Result<perception::ReadImages> read_images(const Reader& reader, const datasets::Images& images) {
    // A part at a time: pixels as floats take four times the memory.
    constexpr std::size_t part = 500;
    std::vector<std::uint32_t> all(images.count());
    std::iota(all.begin(), all.end(), 0u);
    perception::ReadImages result;
    const auto append = [](std::vector<double>& to, const std::vector<double>& from, double factor) {
        for (const double value : from) to.push_back(value * factor);
    };
    const double scale = reader.run.reader.scale;
    for (std::size_t first = 0; first < all.size(); first += part) {
        const auto some = std::span(all).subspan(first, std::min(part, all.size() - first));
        const auto read = reader.engine->read_alone(datasets::pixels_of(images, some));
        if (!read) return base::failure(read.error());
        append(result.symbols.mean, read->symbols.mean, scale);
        append(result.symbols.variance, read->symbols.variance, scale * scale);
        append(result.probabilities, read->probabilities, 1);
    }
    return result;
}

base::Result<ReadFiles> read_files(const Reader& reader, std::span<const std::string> files) {
    datasets::Gallery gallery("", {.background = reader.form().background, .form = reader.form()});
    std::vector<std::uint32_t> places;
    for (const std::string& file : files) {
        const auto place = gallery.index_of(file, 0);
        if (!place) return base::failure(place.error());
        places.push_back(*place);
    }
    ReadFiles result{{}, gallery.notes()};
    const datasets::Images images = std::move(gallery).images();
    const auto once = read_images(reader, images);
    if (!once) return base::failure(once.error());
    const std::size_t letters = reader.letters.size();
    for (const std::size_t place : places) {
        result.read.symbols.mean.push_back(once->symbols.mean[place]);
        result.read.symbols.variance.push_back(once->symbols.variance[place]);
        for (std::size_t k = 0; k < letters; ++k)
            result.read.probabilities.push_back(once->probabilities[place * letters + k]);
    }
    return result;
}

base::Result<ReadTable> read_table(const Reader& reader, const std::string& path) {
    const std::vector<std::string>& known = reader.run.reader.columns;
    auto table = perception::read_image_table(path, {});
    const auto has = [&](const std::string& name) {
        return std::any_of(table->table.columns.begin(), table->table.columns.end(),
                           [&](const formula::MixedColumn& column) { return column.name == name; });
    };
    if (table && !known.empty() && std::all_of(known.begin(), known.end(), has)) {
        // In the order of the run: which variable is which is told by the names.
        std::vector<std::size_t> columns;
        for (const std::string& name : known)
            for (std::size_t c = 0; c < table->table.columns.size(); ++c)
                if (table->table.columns[c].name == name && table->table.columns[c].is_text)
                    columns.push_back(c);
        if (columns.size() == known.size()) table->columns = std::move(columns);
    }
    if (!table) return base::failure(table.error());
    if (table->columns.size() != reader.variables())
        return base::failure(path, fmt::format("{} columns of images", table->columns.size()),
                             fmt::format("{}, as the run has learned from", reader.variables()));
    auto rows = perception::read_image_rows(
        *table, {.gallery = {.background = reader.form().background, .form = reader.form()}});
    if (!rows) return base::failure(rows.error());
    if (rows->rows() == 0) return base::failure(path, "no rows", "at least one");
    const std::vector<rules::Rule> of_run = reader.rules();
    if (!rows->starts.empty() && std::any_of(of_run.begin(), of_run.end(), [](const rules::Rule& rule) {
            return std::holds_alternative<formula::Program>(rule.program);
        }))
        return base::failure(path, "lists of images", "one image in each column, as the run has learned from");
    auto read = read_images(reader, rows->images);
    if (!read) return base::failure(read.error());
    return ReadTable{std::move(*rows), std::move(*read)};
}

} // namespace ropewalk::prediction
