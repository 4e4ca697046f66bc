// Combinatorial batches: a pool of images grounded once, and many input rows formed from it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ropewalk/formula/formula.hpp"
#include "ropewalk/perception/images.hpp"

namespace ropewalk::perception {

/// Shifts and mirrors of the images of a batch.
struct Augmentation {
    int shift = 0;       ///< largest shift in pixels, each way; what comes into sight is black
    bool mirror = false; ///< left and right swapped, half of the time
};

struct BatchOptions {
    std::size_t images = 128;
    std::size_t rows = 384;
    Augmentation augmentation;
};

/// One training step's data. Labels of the images are uniform, images uniform among those of the label. Rows
/// are drawn from the images, never one image twice in a row.
struct Batch {
    std::vector<float> pixels;                 ///< [images, channels, height, width], 0..1
    std::vector<std::uint32_t> rows_of_images; ///< [rows, variables]
    std::vector<double> y;                     ///< [tasks, rows]
    std::vector<double> gold; ///< [images], the symbols behind them, for learning with symbols given
    std::vector<std::uint32_t> indices; ///< [images], where they are among all images
};

/// What the examples of all tasks are drawn from. The programs behind the outputs are known here only, as the
/// outputs of every combination of labels.
struct ExampleSource {
    const Images* images = nullptr;
    std::vector<std::vector<std::uint32_t>> by_label; ///< images_by_label(*images)
    int variables = 0;
    std::size_t tasks = 0;
    std::vector<double> outputs; ///< [tasks, 10^variables]; the first variable's label is the leading digit
    std::uint64_t seed = 0;
};

/// Fails when there are so many variables that the combinations do not fit: at most 5.
base::Result<ExampleSource> example_source(const Images& images, std::span<const formula::Program> programs,
                                           std::uint64_t seed);

/// The batch of a step; the same for the same seed and step, whatever came before.
Batch draw_batch(const ExampleSource& source, const BatchOptions& options, std::uint64_t step);

/// Outputs of the tasks for rows of images: [tasks, rows]. `rows` has indices of images, [rows, variables].
std::vector<double> outputs_of_rows(const ExampleSource& source, std::span<const std::uint32_t> rows);

/// Pixels of the images with these indices as a network takes them: [indices, channels, height, width], 0..1.
std::vector<float> pixels_of(const Images& images, std::span<const std::uint32_t> indices);

/// Values of programs on columns of symbols: [programs, rows].
std::vector<double> values_of(std::span<const formula::Program> programs,
                              const std::vector<std::vector<double>>& columns);

} // namespace ropewalk::perception
