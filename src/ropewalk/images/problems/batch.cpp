#include "ropewalk/images/problems/batch.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/images/identification/identification.hpp"

namespace ropewalk::perception {

namespace {

constexpr std::size_t labels = 10;

std::size_t combinations(std::size_t variables) {
    std::size_t count = 1;
    for (std::size_t v = 0; v < variables; ++v) count *= labels;
    return count;
}

std::vector<std::uint32_t> draw_images(const ExampleSource& source, std::size_t count, std::uint64_t step) {
    base::RandomStream random(source.seed, base::Purpose::batch_images, step);
    std::vector<std::uint32_t> indices(count);
    for (std::uint32_t& index : indices) {
        const auto& list = source.by_label[random.below(static_cast<std::uint32_t>(source.by_label.size()))];
        index = list[random.below(static_cast<std::uint32_t>(list.size()))];
    }
    return indices;
}

/// The tasks of a step in turns, so that all come equally often.
std::vector<std::uint32_t> tasks_in_turn(const ExampleSource& source, std::size_t count, std::uint64_t step) {
    count = std::min(count, source.tasks);
    std::vector<std::uint32_t> tasks;
    for (std::size_t k = 0; k < count; ++k)
        tasks.push_back(static_cast<std::uint32_t>((step * count + k) % source.tasks));
    return tasks;
}

/// `count` different images of each task.
std::vector<std::uint32_t> draw_private_images(const ExampleSource& source,
                                               std::span<const std::uint32_t> tasks, std::size_t count,
                                               std::uint64_t step) {
    base::RandomStream random(source.seed, base::Purpose::batch_images, step);
    std::vector<std::uint32_t> indices;
    for (const std::uint32_t task : tasks) {
        std::vector<std::uint32_t> images = source.images_of_task[task];
        for (std::size_t i = 0; i < count; ++i)
            std::swap(images[i], images[i + random.below(static_cast<std::uint32_t>(images.size() - i))]);
        indices.insert(indices.end(), images.begin(), images.begin() + static_cast<std::ptrdiff_t>(count));
    }
    return indices;
}

/// Rows for each of `groups` groups of images.
std::vector<std::uint32_t> draw_rows(const BatchOptions& options, std::size_t groups, std::size_t variables,
                                     std::uint64_t seed, std::uint64_t step) {
    base::RandomStream random(seed, base::Purpose::batch_rows, step);
    std::vector<std::uint32_t> rows(groups * options.rows * variables);
    for (std::size_t n = 0; n < groups * options.rows; ++n)
        for (std::size_t v = 0; v < variables; ++v) {
            const auto first = static_cast<std::uint32_t>(n / options.rows * options.images);
            const auto row = rows.begin() + static_cast<std::ptrdiff_t>(n * variables);
            const auto end = row + static_cast<std::ptrdiff_t>(v);
            do *end = first + random.below(static_cast<std::uint32_t>(options.images));
            while (std::find(row, end, *end) != end);
        }
    return rows;
}

/// Which combination of labels each row shows, as ExampleSource::outputs counts them.
std::vector<std::size_t> combinations_of_rows(const ExampleSource& source,
                                              std::span<const std::uint32_t> rows) {
    const auto variables = static_cast<std::size_t>(source.variables);
    std::vector<std::size_t> combination(rows.size() / variables);
    for (std::size_t n = 0; n < combination.size(); ++n)
        for (std::size_t v = 0; v < variables; ++v)
            combination[n] = combination[n] * labels + source.images->labels[rows[n * variables + v]] - 1u;
    return combination;
}

} // namespace

base::Result<ExampleSource> example_source(const datasets::Images& images,
                                           std::span<const formula::Program> programs, std::uint64_t seed) {
    if (programs.empty()) return base::failure("tasks", "none", "at least one");
    const int variables = programs.front().variables;
    if (variables > 5)
        return base::failure("tasks", std::to_string(variables) + " variables", "at most 5 images in a row");
    std::vector<double> symbols;
    for (std::size_t label = 1; label <= labels; ++label)
        symbols.push_back(static_cast<double>(label) / 10.0);
    ExampleSource source;
    source.images = &images;
    source.by_label = datasets::images_by_label(images);
    source.variables = variables;
    source.tasks = programs.size();
    source.outputs = identification::values_of(
        programs, identification::all_rows(symbols, static_cast<std::size_t>(variables)));
    source.seed = seed;
    return source;
}

base::Status give_private_images(ExampleSource& source, std::size_t least) {
    const std::size_t count = source.images->count(), tasks = source.tasks;
    if (count / tasks < least)
        return base::failure("setting `private-images`", fmt::format("{} images for {} tasks", count, tasks),
                             fmt::format("at least {} images for each task", least));
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), std::uint32_t{0});
    // No step has this number.
    base::RandomStream random(source.seed, base::Purpose::batch_images, ~std::uint64_t{0});
    for (std::size_t i = 0; i < count; ++i) std::swap(order[i], order[i + random.below64(count - i)]);
    source.images_of_task.assign(tasks, {});
    for (std::size_t i = 0; i < count; ++i) source.images_of_task[i % tasks].push_back(order[i]);
    return {};
}

Batch draw_batch(const ExampleSource& source, const BatchOptions& options, std::uint64_t step) {
    if (source.given != nullptr) return draw_given(source, options, step);
    const auto variables = static_cast<std::size_t>(source.variables);
    const bool own = !source.images_of_task.empty();
    Batch batch;
    if (own) batch.tasks = tasks_in_turn(source, options.tasks, step);
    batch.indices = own ? draw_private_images(source, batch.tasks, options.images, step)
                        : draw_images(source, options.images, step);
    batch.pixels =
        datasets::augmented_pixels(*source.images, batch.indices, options.augmentation, source.seed, step);
    batch.rows_of_images = draw_rows(options, own ? batch.tasks.size() : 1, variables, source.seed, step);
    for (const std::uint32_t index : batch.indices) batch.gold.push_back(source.images->symbol(index));
    std::vector<std::uint32_t> rows;
    for (const std::uint32_t place : batch.rows_of_images) rows.push_back(batch.indices[place]);
    batch.y = own ? outputs_of_private_rows(source, rows, batch.tasks) : outputs_of_rows(source, rows);
    return batch;
}

std::vector<double> outputs_of_rows(const ExampleSource& source, std::span<const std::uint32_t> rows) {
    const std::vector<std::size_t> combination = combinations_of_rows(source, rows);
    const std::size_t period = combinations(static_cast<std::size_t>(source.variables)),
                      count = combination.size();
    std::vector<double> y(source.tasks * count);
    for (std::size_t t = 0; t < source.tasks; ++t)
        for (std::size_t n = 0; n < count; ++n)
            y[t * count + n] = source.outputs[t * period + combination[n]];
    return y;
}

std::vector<double> outputs_of_private_rows(const ExampleSource& source, std::span<const std::uint32_t> rows,
                                            std::span<const std::uint32_t> tasks) {
    const std::vector<std::size_t> combination = combinations_of_rows(source, rows);
    const std::size_t period = combinations(static_cast<std::size_t>(source.variables)),
                      of_each = combination.size() / tasks.size();
    std::vector<double> y(combination.size());
    for (std::size_t n = 0; n < y.size(); ++n)
        y[n] = source.outputs[tasks[n / of_each] * period + combination[n]];
    return y;
}

} // namespace ropewalk::perception
