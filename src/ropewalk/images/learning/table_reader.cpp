#include "ropewalk/images/learning/table_reader.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace ropewalk::learning {

namespace {

/// The first part of each class's signature.
std::vector<double> beginnings(const identification::ImageClasses& classes, std::size_t tasks) {
    const std::size_t size = classes.signatures.size() / classes.count();
    std::vector<double> result;
    for (std::size_t c = 0; c < classes.count(); ++c) {
        const auto first = classes.signatures.begin() + static_cast<std::ptrdiff_t>(c * size);
        result.insert(result.end(), first, first + static_cast<std::ptrdiff_t>(size / classes.tasks * tasks));
    }
    return result;
}

bool tells_apart(const identification::ImageClasses& classes, std::size_t tasks) {
    const std::vector<double> signatures = beginnings(classes, tasks);
    const std::size_t size = signatures.size() / classes.count();
    for (std::size_t c = 0; c < classes.count(); ++c)
        if (identification::class_of(std::span(signatures).subspan(c * size, size), signatures,
                                     classes.tolerance) != static_cast<std::int64_t>(c))
            return false;
    return true;
}

} // namespace

identification::TableQuestion table_question(const perception::Problem& problem,
                                             const perception::ExampleSource& source,
                                             identification::AlphabetPrior prior) {
    identification::TableQuestion question;
    question.pool = &problem.pool;
    question.table = &problem.table;
    question.ask = [&source](std::span<const std::uint32_t> rows) {
        return perception::outputs_of_rows(source, rows);
    };
    question.images = problem.dataset.train.count();
    question.sigma = problem.sigma;
    question.seed = problem.seed;
    question.prior = prior;
    return question;
}

std::vector<float> decisive_errors(const identification::SymbolTable& table) {
    const std::vector<std::size_t>& formulas = table.readings.front().formulas;
    std::vector<float> errors;
    for (const double error : table.errors) errors.push_back(std::max(static_cast<float>(error), 1e-30f));
    const std::size_t pool = errors.size() / formulas.size();
    for (std::size_t t = 0; t < formulas.size(); ++t) errors[t * pool + formulas[t]] = 0;
    return errors;
}

TableReader::TableReader(const perception::ExampleSource& source, const identification::SymbolTable& table)
    : source_(source), contexts_(table.classes.contexts), letters_(table.letters),
      tolerance_(table.classes.tolerance) {
    const std::size_t period = source.outputs.size() / source.tasks;
    source_.tasks = 1;
    while (source_.tasks < source.tasks && !tells_apart(table.classes, source_.tasks)) ++source_.tasks;
    source_.outputs.resize(source_.tasks * period);
    signatures_ = beginnings(table.classes, source_.tasks);
    sigma_.assign(table.sigma.begin(), table.sigma.begin() + static_cast<std::ptrdiff_t>(source_.tasks));
}

Reader::Page TableReader::page(const perception::BatchOptions& options, std::uint64_t step) const {
    perception::BatchOptions images_only = options;
    images_only.rows = 0;
    perception::Batch batch = perception::draw_batch(source_, images_only, step);
    Reader::Page page{std::move(batch.pixels), std::vector<std::int64_t>(options.images, -1)};
    const auto ask = [&](std::span<const std::uint32_t> rows) {
        return perception::outputs_of_rows(source_, rows);
    };
    const auto signatures = identification::signatures_of(
        ask, batch.indices, contexts_, static_cast<std::size_t>(source_.variables), sigma_);
    const std::size_t size = signatures.size() / options.images;
    for (std::size_t i = 0; i < options.images; ++i) {
        // No row has an image twice.
        if (std::find(contexts_.begin(), contexts_.end(), batch.indices[i]) != contexts_.end()) continue;
        const std::int64_t found =
            identification::class_of(std::span(signatures).subspan(i * size, size), signatures_, tolerance_);
        if (found >= 0) page.letters[i] = letters_[static_cast<std::size_t>(found)];
    }
    return page;
}

base::Result<Reading> table_reading(const identification::SymbolTable& table, const TableReader& reader) {
    if (table.alphabet.size() < 2)
        return base::failure("letters", fmt::format("{} that the outputs determine", table.alphabet.size()),
                             "at least 2");
    Reading reading{.tasks = std::vector<std::size_t>(reader.tasks()), .alphabet = table.alphabet};
    std::iota(reading.tasks.begin(), reading.tasks.end(), std::size_t{0});
    reading.explained = 1;
    const std::vector<std::size_t>& formulas = table.readings.front().formulas;
    const std::size_t pool = table.errors.size() / formulas.size();
    for (std::size_t t = 0; t < formulas.size(); ++t)
        reading.residual = std::max(reading.residual, std::sqrt(table.errors[t * pool + formulas[t]]));
    return reading;
}

} // namespace ropewalk::learning
