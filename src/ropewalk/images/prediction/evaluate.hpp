// How many of a table's outputs and letters a run gets right.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ropewalk/images/prediction/predict.hpp"

namespace ropewalk::prediction {

/// What a run makes of one output of a table.
struct OutputScore {
    std::size_t output = 0;       ///< of the run
    std::vector<double> given;    ///< [rows]; NaN where the table has none
    std::vector<bool> right;      ///< [rows], whether the value predicted is the one given
    std::size_t rows = 0;         ///< that have a value; what follows is of them
    std::size_t rights = 0;
    double mean_error = 0;        ///< absolute
    double squared_error = 0;     ///< mean
    double share_of_variance = 0; ///< squared_error over the variance of what is given; 0 where that is 0
};

/// How often images that are said to show something are read as each letter.
struct Confusion {
    std::vector<std::string> given;               ///< what images are said to show, in order
    std::vector<std::vector<std::size_t>> counts; ///< [given, letters]
    /// Images that are read as the letter they are said to show; nothing where these are no letters of the run.
    std::optional<std::size_t> right;
    std::size_t images = 0;
};

struct Evaluation {
    Prediction prediction;
    std::vector<OutputScore> scores;
    std::optional<Confusion> confusion; ///< where the table says what images show
};

struct EvaluateOptions {
    /// Columns that say what the images show, one for each column of images in their order; empty: none.
    std::vector<std::string> letter_columns;
};

/// Predicts the rows of a table and compares them with what it gives for them, where it does. Fails where predict does, on a
/// table that has none of the run's outputs, texts that the run does not know, and columns of letters that are
/// missing or more or fewer than there are images in a row.
base::Result<Evaluation> evaluate(const Reader& reader, const std::string& path,
                                  const EvaluateOptions& options = {});

/// A table in CSV of all rows: line, images, letters, and for every output what is given, what is predicted,
/// its probability and whether that is right.
std::string to_csv(const Reader& reader, const Evaluation& evaluation);

} // namespace ropewalk::prediction
