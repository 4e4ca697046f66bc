#include "ropewalk/images/problems/manifest.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/problems/given.hpp"
#include "ropewalk/images/problems/image_rows.hpp"
#include "ropewalk/images/problems/names.hpp"

namespace ropewalk::perception {

namespace {

using formula::MixedColumn;
using formula::MixedTable;

constexpr std::size_t most_words = 64;

/// Whether the numbers count the rows, from 0 or 1, as numbers of rows do and outputs do not.
bool counts_rows(const MixedColumn& column) {
    if (column.is_text) return false;
    bool from_zero = true, from_one = true;
    for (std::size_t n = 0; n < column.numbers.size(); ++n) {
        if (std::isnan(column.numbers[n])) continue;
        from_zero = from_zero && column.numbers[n] == static_cast<double>(n);
        from_one = from_one && column.numbers[n] == static_cast<double>(n + 1);
    }
    return from_zero || from_one;
}

bool is_missing_text(const std::string& text) { return formula::cell_of(text).kind == formula::CellKind::missing; }

/// The different words. Where there is one alone, nothing in its place is a word too, as of a mark that some rows have.
std::set<std::string> words_of(const MixedColumn& column) {
    std::set<std::string> words{column.texts.begin(), column.texts.end()};
    const bool has_empty = words.contains("");
    std::erase_if(words, is_missing_text);
    if (words.size() == 1 && has_empty) words.insert("");
    return words;
}

/// By rows, whether there is no number or word.
std::vector<bool> missing_of(const MixedColumn& column) {
    std::vector<bool> missing;
    if (column.is_text) {
        const std::set<std::string> words = words_of(column);
        for (const std::string& text : column.texts) missing.push_back(!words.contains(text));
    }
    for (const double number : column.numbers) missing.push_back(std::isnan(number));
    return missing;
}

bool is_of_few_words(const MixedColumn& column) {
    const std::size_t words = words_of(column).size();
    return column.is_text && words >= 2 && words <= most_words;
}

/// The columns that are outputs, by their places among all, and what is said of those left out.
struct OutputColumns {
    std::vector<std::size_t> places;
    std::vector<std::string> notes;
};

base::Result<OutputColumns> output_columns(const ImageTable& source, const ManifestOptions& options) {
    const std::vector<MixedColumn>& columns = source.table.columns;
    OutputColumns chosen;
    std::vector<std::size_t> of_words, counting;
    for (std::size_t c = 0; c < columns.size(); ++c) {
        if (std::find(source.columns.begin(), source.columns.end(), c) != source.columns.end()) continue;
        const MixedColumn& column = columns[c];
        const bool named = contains(options.output_columns, column.name);
        if (!options.output_columns.empty() && !named) continue;
        if (const std::vector<bool> missing = missing_of(column); std::ranges::all_of(missing, std::identity())) {
            chosen.notes.push_back(fmt::format("column {} is left out: it is empty", base::quoted(column.name)));
            continue;
        }
        if (!named && counts_rows(column))
            counting.push_back(c);
        else if (!column.is_text || (named && is_of_few_words(column)))
            chosen.places.push_back(c);
        else if (is_of_few_words(column))
            of_words.push_back(c);
    }
    for (const std::string& name : options.output_columns)
        if (std::none_of(chosen.places.begin(), chosen.places.end(),
                         [&](std::size_t c) { return columns[c].name == name; }))
            return base::failure(
                source.path,
                "no column of numbers " + base::quoted(name) + ", which setting `output-columns` names",
                fmt::format("names of columns of numbers, or of at most {} different words", most_words));
    if (chosen.places.empty()) chosen.places = of_words;
    if (chosen.places.empty()) std::swap(chosen.places, counting);
    for (const std::size_t c : counting)
        chosen.notes.push_back(fmt::format("column {} numbers the rows and is no function of the images (all "
                                           "different): left out; setting `output-columns` takes it in",
                                           base::quoted(columns[c].name)));
    if (chosen.places.empty())
        return base::failure(source.path, "no column of numbers", "at least one, each the outputs of a formula");
    return chosen;
}

/// Leaves out the rows that lack an output, and says so.
void leave_out_incomplete_rows(ImageTable& source, OutputColumns& outputs) {
    std::map<std::string, std::size_t> lacking;
    std::vector<std::size_t> complete;
    const std::size_t rows = source.table.lines.size();
    std::vector<bool> incomplete(rows);
    for (const std::size_t c : outputs.places) {
        const std::vector<bool> missing = missing_of(source.table.columns[c]);
        for (std::size_t n = 0; n < rows; ++n) {
            if (!missing[n]) continue;
            incomplete[n] = true;
            ++lacking[source.table.columns[c].name];
        }
    }
    for (std::size_t n = 0; n < rows; ++n)
        if (!incomplete[n]) complete.push_back(n);
    if (complete.size() == rows) return;
    std::vector<std::string> columns;
    for (const auto& [name, count] : lacking) columns.push_back(fmt::format("{} ({})", base::quoted(name), count));
    outputs.notes.push_back(fmt::format(
        "{} of {} rows are left out: they have no value in column {}{}", rows - complete.size(), rows,
        fmt::join(columns, ", "),
        outputs.places.size() > 1 ? "; setting `output-columns` chooses fewer outputs" : ""));
    keep_rows(source, complete);
}

/// Outputs of a column of words: the places of the words among all.
std::vector<double> numbers_of(const MixedColumn& column, std::vector<std::string>& words) {
    if (!column.is_text) return column.numbers;
    const std::set<std::string> all = words_of(column);
    words.assign(all.begin(), all.end());
    std::vector<double> numbers;
    for (const std::string& text : column.texts)
        numbers.push_back(static_cast<double>(std::distance(all.begin(), all.find(text))));
    return numbers;
}

/// Says where rows contradict each other, or come twice.
void look_at_rows(const ImageRows& rows, GivenData& data) {
    const std::size_t tasks = data.outputs.size();
    using Key = std::vector<std::uint32_t>;
    std::map<Key, std::size_t> first; // row with these images
    std::size_t again = 0, contradicting = 0;
    std::string where;
    for (std::size_t n = 0; n < rows.rows(); ++n) {
        const auto row = rows.row(n);
        const auto [place, fresh] = first.try_emplace(Key(row.begin(), row.end()), n);
        if (fresh) continue;
        bool same = true;
        for (std::size_t t = 0; t < tasks; ++t)
            same = same && data.rows.y[t * rows.rows() + n] == data.rows.y[t * rows.rows() + place->second];
        if (same) ++again;
        if (!same && contradicting++ == 0)
            where = fmt::format("lines {} and {}", rows.lines[place->second], rows.lines[n]);
    }
    if (contradicting > 0)
        data.notes.push_back(fmt::format("the same images have different outputs in {} rows, such as {}",
                                         contradicting, where));
    if (again > 0)
        data.notes.push_back(fmt::format("{} of {} rows are the same as others", again, rows.rows()));
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

base::Status check_rows(const std::string& path, std::size_t rows, const std::vector<std::string>& notes = {}) {
    if (rows >= least_manifest_rows) return {};
    return base::failure(path, fmt::format("{} rows{}{}", rows, notes.empty() ? "" : ": ", fmt::join(notes, "; ")),
                         fmt::format("at least {}", least_manifest_rows));
}

} // namespace

base::Result<Problem> read_manifest(const std::string& path, const ManifestOptions& options, int operators,
                                    std::uint64_t seed) {
    if (const auto fine = check_names(options); !fine) return base::failure(fine.error());
    auto table = read_image_table(path, options.image_columns);
    if (!table) return base::failure(table.error());
    if (const auto enough = check_rows(path, table->table.lines.size()); !enough)
        return base::failure(enough.error());
    auto outputs = output_columns(*table, options);
    if (!outputs) return base::failure(outputs.error());
    leave_out_incomplete_rows(*table, *outputs);
    if (const auto enough = check_rows(path, table->table.lines.size(), outputs->notes); !enough)
        return base::failure(enough.error());
    const GivenOptions given{
        .operators = operators, .holdout = options.holdout, .scale = options.scale, .seed = seed};
    auto problem = make_given_problem(has_lists(*table) ? most_variables + 1 : table->columns.size(), given);
    if (!problem) return problem;
    auto rows = read_image_rows(*table, {.gallery = options.gallery(), .skip_damaged = options.skip_damaged});
    if (!rows) return base::failure(rows.error());
    if (const auto enough = check_rows(path, rows->rows()); !enough) return base::failure(enough.error());

    GivenData data{.images = {}, .files = {}, .rows = {}, .outputs = {}};
    data.notes = std::move(outputs->notes);
    data.notes.insert(data.notes.end(), rows->notes.begin(), rows->notes.end());
    data.rows.rows = rows->rows();
    data.rows.images = rows->places;
    data.rows.starts = rows->starts;
    for (const std::size_t c : outputs->places) {
        const std::string& name = table->table.columns[c].name;
        const auto column = std::find_if(rows->others.begin(), rows->others.end(),
                                         [&](const MixedColumn& each) { return each.name == name; });
        const std::vector<double> y = numbers_of(*column, data.words.emplace_back());
        data.rows.y.insert(data.rows.y.end(), y.begin(), y.end());
        data.outputs.push_back(name);
        if (column->is_text)
            data.notes.push_back(fmt::format("column {} has text ({}): read as 0 to {}", base::quoted(name),
                                             fmt::join(data.words.back(), ", "), data.words.back().size() - 1));
    }
    look_at_rows(*rows, data);
    data.columns = std::move(rows->columns);
    data.form = rows->form;
    data.files = std::move(rows->files);
    data.images = std::move(rows->images);
    if (auto gave = give_rows(*problem, std::move(data), given, path); !gave)
        return base::failure(gave.error());
    return problem;
}

} // namespace ropewalk::perception
