// Rows of symbols as a grounder reads them from images.
#pragma once

#include <optional>
#include <vector>

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::proposing {

/// The symbols of rows of images. Where the grounder has an alphabet, the value nearest to what it gives, and
/// rows with an image that it is not sure of are left out; otherwise the grounder's means.
struct SymbolRows {
    std::size_t variables = 0;
    std::vector<std::uint32_t> rows; ///< which of the rows of the images these are, rising
    std::vector<float> symbols;      ///< [rows, variables]

    std::size_t size() const { return rows.size(); }
};

/// `images` [rows, variables] are indices into the grounding. An image is sure when its standard deviation is
/// at most a quarter of the alphabet's smallest gap.
SymbolRows symbol_rows(const identification::Grounding& grounding, std::span<const std::uint32_t> images,
                       std::size_t variables, std::span<const double> alphabet);

/// Examples of all tasks that learning has seen: outputs, and what the grounder makes of the images.
struct ReadExamples {
    SymbolRows symbols;
    std::size_t tasks = 0;
    std::vector<float> y; ///< [tasks, rows]
};

/// Rows drawn as in training, from a pool of training images.
base::Result<ReadExamples> read_examples(const perception::Problem& problem, perception::Engine& engine,
                                         std::size_t images, std::size_t rows);

/// Rows of test images that no training has seen, with the labels that only a judge knows.
struct TestRows {
    SymbolRows symbols;
    std::vector<std::vector<double>> labels; ///< a column per variable, divided by ten
};
base::Result<TestRows> test_rows(const perception::Problem& problem, perception::Engine& engine,
                                 std::size_t rows);

} // namespace ropewalk::proposing
