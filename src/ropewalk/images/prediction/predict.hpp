// Outputs of a run's formulas for new rows of images.
#pragma once

#include <string>
#include <vector>

#include "ropewalk/images/prediction/reader.hpp"

namespace ropewalk::prediction {

/// One row for each of the table.
struct Prediction {
    ReadTable table;
    std::vector<perception::LikeliestLetter> letters; ///< of the table's images; empty where there are none
    /// [tasks, rows]. Where the run reads no letters, values are expectations, and there are no probabilities.
    perception::RowOutputs outputs;
};

/// Reads a table's images and tells the likeliest outputs (see perception::likeliest_outputs). Outputs that
/// the table has are not looked at. Fails where read_table does.
base::Result<Prediction> predict(const Reader& reader, const std::string& path);

/// An output as text: the word whose number it is but for rounding, to within 1e-6, else a whole number or one of 12 digits.
std::string output_text(const learning::StoredOutput& output, double value);

/// A table in CSV: the images of each row, then for every output its value and probability, then for every
/// image its letter and probability; where the run reads no letters, symbol and deviation.
std::string to_csv(const Reader& reader, const Prediction& prediction);

} // namespace ropewalk::prediction
