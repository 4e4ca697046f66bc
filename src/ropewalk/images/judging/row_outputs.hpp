// What rules make of rows of images that are read as letters: the likeliest outputs.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/images/networks/networks.hpp"

namespace ropewalk::perception {

/// The letters of an engine in the user's units, which are `scale` times the network's, without what 32 bits
/// round; empty where it reads none.
std::vector<double> letters_of(const Engine& engine, double scale);

/// Likeliest letter of an image, and how sure it is.
struct LikeliestLetter {
    std::size_t letter = 0; ///< index into the letters
    double probability = 0;
};

/// `probabilities` [images, letters].
std::vector<LikeliestLetter> likeliest_letters(std::span<const double> probabilities, std::size_t letters);

/// Of every task and row, [tasks, rows].
struct RowOutputs {
    std::vector<double> values;
    std::vector<double> probabilities;
    std::vector<double> means; ///< of all outputs, weighted by their probabilities
};

/// Within which a prediction is the output that is given: a ten-thousandth of the deviation of outputs; where these are
/// whole numbers, less than a half, so that long numbers are right to the last digit. Missing ones, NaN, are passed over.
double tolerance_of(std::span<const double> given, double deviation);

/// Rows of images, indices of images row by row; `starts` as in GivenRows.
struct ImagesOfRows {
    std::size_t rows = 0;
    std::span<const std::uint32_t> images;
    std::span<const std::uint32_t> starts{};
};

/// The likeliest output of each rule on each row: of all its outputs on rows of letters the one with the
/// most probability. Letters with less than 1e-4 are left out. An image that is in a row of a
/// formula twice is one letter. Letters of which a rule makes nothing
/// (see rules::no_selection) are left out; where there are no others, the output is 0 with probability 0. The
/// same at any number of threads.
RowOutputs likeliest_outputs(std::span<const rules::Rule> rules, std::span<const double> letters,
                             std::span<const double> probabilities, const ImagesOfRows& rows, int threads);

} // namespace ropewalk::perception
