// A table whose rows name images: which columns they are in, and the images themselves.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ropewalk/formulas/table/table.hpp"
#include "ropewalk/images/datasets/datasets.hpp"

namespace ropewalk::perception {

/// Columns of images in a row there may be.
inline constexpr std::size_t most_image_columns = 1000;

/// A table with the places of its columns of images.
struct ImageTable {
    std::string path;
    formula::MixedTable table;
    std::vector<std::size_t> columns;
};

/// Whether a table's only column of images has lists of them: "a.png|b.png" or "a.png;b.png".
bool has_lists(const ImageTable& table);

/// Reads a table in CSV (see formula::read_mixed_table) with 1 to 1,000 columns of images: those named, or, where
/// none is, all of text most of which ends in .png, .jpg or .jpeg. No image is looked at, and numbers may be
/// missing (NaN). Fails, with file and line, on a table that is damaged, no column of images or more than
/// 1,000, and names that are no column.
base::Result<ImageTable> read_image_table(const std::string& path, const std::vector<std::string>& columns);

/// The table's rows of these numbers alone.
void keep_rows(ImageTable& table, const std::vector<std::size_t>& rows);

struct ImageRowsOptions {
    datasets::GalleryOptions gallery;
    bool skip_damaged = false; ///< leave out rows with an image that cannot be read, and name them
};

/// Rows of images, and what else the table says of them.
struct ImageRows {
    std::vector<std::string> columns;   ///< of images
    std::vector<std::uint32_t> places;  ///< [rows, columns], among the images; of lists, row by row
    std::vector<std::uint32_t> starts;  ///< of lists, where rows begin in places, and its size; else empty
    datasets::Images images;            ///< each once
    std::vector<std::string> files;     ///< of the images, as the table names them
    datasets::ImageForm form;
    std::vector<formula::MixedColumn> others; ///< columns that are no images, the same rows
    std::vector<int> lines;                   ///< of the table, where each row begins
    std::vector<std::string> notes;           ///< what a person should know

    std::size_t rows() const { return lines.size(); }

    /// The images of a row, among all.
    std::span<const std::uint32_t> row(std::size_t number) const;
};

/// Reads the images, each once, named relative to the table. Lists of images are rows of any
/// length. Fails where datasets::Gallery does.
base::Result<ImageRows> read_image_rows(const ImageTable& table, const ImageRowsOptions& options);

} // namespace ropewalk::perception
