#include "ropewalk/images/learning/reading.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "ropewalk/images/identification/identification.hpp"

namespace ropewalk::learning {

namespace {

/// These rows of a matrix [all, values.size() / all].
std::vector<double> some_rows(const std::vector<double>& values, std::size_t all,
                              std::span<const std::size_t> rows) {
    const std::size_t width = values.size() / all;
    std::vector<double> some;
    some.reserve(rows.size() * width);
    for (const std::size_t row : rows) {
        const auto first = values.begin() + static_cast<std::ptrdiff_t>(row * width);
        some.insert(some.end(), first, first + static_cast<std::ptrdiff_t>(width));
    }
    return some;
}

perception::ExampleSource part_of(const perception::ExampleSource& source,
                                  std::span<const std::size_t> tasks) {
    perception::ExampleSource part = source;
    part.tasks = tasks.size();
    part.outputs = some_rows(source.outputs, source.tasks, tasks);
    if (source.given)
        part.given = std::make_shared<perception::GivenRows>(perception::GivenRows{
            source.given->rows, source.given->images, some_rows(source.given->y, source.tasks, tasks)});
    return part;
}

std::size_t rows_of(const perception::Batch& batch, std::size_t variables) {
    return batch.rows_of_images.size() / variables;
}

std::vector<double> row_outputs(const perception::Batch& batch, std::size_t tasks, std::size_t row) {
    const std::size_t rows = batch.y.size() / tasks;
    std::vector<double> y;
    for (std::size_t t = 0; t < tasks; ++t) y.push_back(batch.y[t * rows + row]);
    return y;
}

/// The middle of the values first, then every corner of the box between their quarters.
std::vector<std::vector<double>> starts_of(std::vector<double> values, std::size_t variables) {
    std::sort(values.begin(), values.end());
    const double low = values[values.size() / 4], high = values[values.size() * 3 / 4];
    std::vector<std::vector<double>> starts{std::vector<double>(variables, (low + high) / 2)};
    for (std::size_t corner = 0; corner < std::size_t{1} << variables; ++corner) {
        std::vector<double>& start = starts.emplace_back();
        for (std::size_t v = 0; v < variables; ++v) start.push_back(corner >> v & 1 ? high : low);
    }
    return starts;
}

constexpr double same_symbol = 1e-3;

bool agree(std::span<const double> a, std::span<const double> b) {
    return std::equal(a.begin(), a.end(), b.begin(),
                      [](double x, double y) { return std::abs(x - y) <= same_symbol; });
}

} // namespace

base::Result<Reading> find_reading(const perception::ExampleSource& source,
                                   const identification::MonomialTable& pool,
                                   std::span<const identification::Decision> decisions,
                                   std::span<const double> sigma, perception::Engine& engine,
                                   const ReadingOptions& options) {
    Reading reading{.tasks = identification::surest_tasks(decisions, options.tasks), .alphabet = {}};
    const identification::Decoder decoder =
        identification::decoder_of(pool, identification::formulas_of(decisions), sigma, reading.tasks);
    const perception::Batch batch = perception::draw_batch(part_of(source, reading.tasks), options.batch,
                                                           perception::reading_batch_number);
    const auto grounding = engine.ground(batch.pixels);
    if (!grounding) return base::failure(grounding.error());
    std::vector<std::vector<double>> starts = starts_of(grounding->mean, decoder.variables());
    starts.emplace(starts.begin());
    std::vector<double> symbols, start(decoder.variables()), other(decoder.variables());
    double smallest = std::numeric_limits<double>::infinity();
    std::size_t explained = 0;
    const std::size_t rows = rows_of(batch, decoder.variables());
    for (std::size_t n = 0; n < rows; ++n) {
        const std::vector<double> y = row_outputs(batch, decoder.tasks(), n);
        for (std::size_t v = 0; v < start.size(); ++v)
            start[v] = grounding->mean[batch.rows_of_images[n * start.size() + v]];
        starts.front() = start;
        const identification::Decoded decoded = decoder.decode(y, starts, options.most_residual);
        smallest = std::min(smallest, decoded.residual);
        if (!(decoded.residual <= options.most_residual)) continue;
        ++explained;
        reading.residual = std::max(reading.residual, decoded.residual);
        reading.uncertainty = std::max(reading.uncertainty, decoded.uncertainty);
        if (!(decoded.uncertainty <= options.most_uncertainty))
            return base::failure("decoding", "a symbol on which the outputs hardly depend",
                                 "tasks that pin down every symbol");
        // Each change of signs: formulas of even degree cannot tell a symbol from its negative.
        for (std::size_t signs = 1; signs < std::size_t{1} << start.size(); ++signs) {
            for (std::size_t v = 0; v < start.size(); ++v)
                other[v] = signs >> v & 1 ? -decoded.symbols[v] : decoded.symbols[v];
            const identification::Decoded again = decoder.decode(y, other);
            if (again.residual <= options.most_residual && !agree(again.symbols, decoded.symbols))
                return base::failure("decoding", "a row that two sets of symbols explain",
                                     "tasks that pin down every symbol");
        }
        symbols.insert(symbols.end(), decoded.symbols.begin(), decoded.symbols.end());
    }
    reading.explained = static_cast<double>(explained) / static_cast<double>(rows);
    if (reading.explained < options.least_explained)
        return base::failure("decoding",
                             fmt::format("{:.0f}% of the rows explained by the formulas, the best of all "
                                         "with a residual of {:.3g}",
                                         100 * reading.explained, smallest),
                             fmt::format("at least {:.0f}% with at most {:.3g} of the outputs' deviation",
                                         100 * options.least_explained, options.most_residual));
    auto alphabet = identification::discover_alphabet(symbols);
    if (!alphabet) return base::failure(alphabet.error());
    reading.alphabet = std::move(*alphabet);
    return reading;
}

Reader::Reader(const perception::ExampleSource& source, const identification::MonomialTable& pool,
               std::span<const identification::Decision> decisions, std::span<const double> sigma,
               Reading reading)
    : reading_(std::move(reading)), source_(part_of(source, reading_.tasks)),
      decoder_(
          identification::decoder_of(pool, identification::formulas_of(decisions), sigma, reading_.tasks)),
      starts_(starts_of(reading_.alphabet, decoder_.variables())) {}

Reader::Page Reader::page(const perception::BatchOptions& options, std::uint64_t step) const {
    constexpr std::int64_t unread = -1, contradicted = -2;
    constexpr double most_residual = ReadingOptions().most_residual;
    perception::Batch batch = perception::draw_batch(source_, options, step);
    Page page{std::move(batch.pixels), std::vector<std::int64_t>(batch.indices.size(), unread)};
    const std::size_t variables = decoder_.variables();
    for (std::size_t n = 0; n < rows_of(batch, variables); ++n) {
        const std::vector<double> y = row_outputs(batch, decoder_.tasks(), n);
        const identification::Decoded decoded = decoder_.decode(y, starts_, most_residual);
        if (!(decoded.residual <= most_residual)) continue;
        for (std::size_t v = 0; v < variables; ++v) {
            std::int64_t& letter = page.letters[batch.rows_of_images[n * variables + v]];
            const auto found = identification::letter_of(reading_.alphabet, decoded.symbols[v]);
            const std::int64_t read = found ? static_cast<std::int64_t>(*found) : contradicted;
            letter = letter == unread || letter == read ? read : contradicted;
        }
    }
    std::replace(page.letters.begin(), page.letters.end(), contradicted, unread);
    return page;
}

} // namespace ropewalk::learning
