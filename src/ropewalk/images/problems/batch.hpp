// Combinatorial batches: a pool of images grounded once, and many input rows formed from it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/problems/batch_numbers.hpp"

namespace ropewalk::perception {

struct BatchOptions {
    std::size_t images = 128;
    std::size_t rows = 384;
    datasets::Augmentation augmentation;
    /// Where tasks have images of their own: how many tasks a step takes, and `images` and `rows` are for
    /// each of them.
    std::size_t tasks = 0;
};

/// One training step's data. Labels of the images are uniform, images uniform among those of the label; where
/// tasks have images of their own, different images of a task, whatever their labels. Rows are drawn from the
/// images, never one image twice in a row.
struct Batch {
    std::vector<float> pixels;                 ///< [images, channels, height, width], 0..1
    std::vector<std::uint32_t> rows_of_images; ///< [rows, variables]; with `tasks`, [tasks, rows, variables]
    std::vector<double> y;                     ///< [tasks, rows]
    std::vector<double> gold; ///< [images], the symbols behind them, for learning with symbols given
    std::vector<std::uint32_t> indices; ///< [images], where they are among all images
    /// The tasks that the batch is about, each with its own rows. Empty: all tasks, which share the rows.
    std::vector<std::uint32_t> tasks;
    /// Where rows begin in rows_of_images, and its size; empty where all have as many images.
    std::vector<std::uint32_t> starts;
};

/// Rows that are given: which images they have, and what every task makes of them.
struct GivenRows {
    std::size_t rows = 0;
    std::vector<std::uint32_t> images; ///< [rows, variables], or the images of one row after the other
    std::vector<double> y;             ///< [tasks, rows]
    /// Where rows begin among the images, and how many these are; empty where all rows have as many.
    std::vector<std::uint32_t> starts{};

    /// The images of a row.
    std::span<const std::uint32_t> row(std::size_t number) const;
};

/// Part number `row` of what is divided at `starts`, or, where there are none, into `rows` equal parts.
std::span<const std::uint32_t> row_of(std::span<const std::uint32_t> all, std::span<const std::uint32_t> starts,
                                      std::size_t rows, std::size_t row);

/// What the examples of all tasks are drawn from. The programs behind the outputs are known here only, as the
/// outputs of every combination of labels.
struct ExampleSource {
    const datasets::Images* images = nullptr;
    std::vector<std::vector<std::uint32_t>> by_label; ///< images_by_label(*images)
    int variables = 0;
    std::size_t tasks = 0;
    std::vector<double> outputs; ///< [tasks, 10^variables]; the first variable's label is the leading digit
    std::uint64_t seed = 0;
    std::vector<std::vector<std::uint32_t>> images_of_task; ///< empty where all tasks share the images
    std::shared_ptr<const GivenRows> given; ///< rows to draw from; then labels and outputs are not known
};

/// Fails when there are so many variables that the combinations do not fit: at most 5.
base::Result<ExampleSource> example_source(const datasets::Images& images,
                                           std::span<const formula::Program> programs, std::uint64_t seed);

/// Divides the images among the tasks at random: no image serves two tasks. Fails when a task would have
/// fewer than `least` images.
base::Status give_private_images(ExampleSource& source, std::size_t least);

/// The batch of a step, where rows are given `options.rows` of them and their images; the same for the same
/// seed and step, whatever came before.
Batch draw_batch(const ExampleSource& source, const BatchOptions& options, std::uint64_t step);

/// Outputs of the tasks for rows of images: [tasks, rows]. `rows` has indices of images, [rows, variables].
std::vector<double> outputs_of_rows(const ExampleSource& source, std::span<const std::uint32_t> rows);

/// Outputs of these tasks, each for its own equal share of the rows: [rows].
std::vector<double> outputs_of_private_rows(const ExampleSource& source, std::span<const std::uint32_t> rows,
                                            std::span<const std::uint32_t> tasks);

/// draw_batch where rows are given: `options.rows` of them, all different, and each image of theirs once,
/// however many `options.images` says.
Batch draw_given(const ExampleSource& source, const BatchOptions& options, std::uint64_t step);

} // namespace ropewalk::perception
