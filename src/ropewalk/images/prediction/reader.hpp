// A run of `perceive`, opened again to read images.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ropewalk/images/judging/judging.hpp"
#include "ropewalk/images/learning/learning.hpp"

namespace ropewalk::prediction {

/// What is needed to read images and to tell outputs of them. An image is read as if it were alone: the same
/// bits in any table, in any order, and as the run itself has read it.
struct Reader {
    learning::StoredRun run;
    std::vector<double> letters; ///< that images may stand for; empty where the run found none
    int threads = 0;
    std::unique_ptr<perception::Engine> engine;

    const datasets::ImageForm& form() const { return run.reader.form; }
    std::size_t variables() const;
    std::vector<rules::Rule> rules() const;
};

struct ReaderOptions {
    int threads = 0; ///< 0: all the machine offers
    std::string device = "cpu";
};

/// Opens the folder of a run. Fails where a file is missing, damaged, or of a run that has not been decided
/// yet, and where the library's engine cannot be had.
base::Result<Reader> open_run(const std::string& folder, const ReaderOptions& options = {});

/// What images are read as, in their order; symbols are in the user's units.
base::Result<perception::ReadImages> read_images(const Reader& reader, const datasets::Images& images);

/// Images read from files, each named as on the command line.
struct ReadFiles {
    perception::ReadImages read;
    std::vector<std::string> notes; ///< what a person should know
};

/// Fails on a file that is missing, damaged, or of another size than the run reads, unless it scales images.
base::Result<ReadFiles> read_files(const Reader& reader, std::span<const std::string> files);

/// A table whose images have been read.
struct ReadTable {
    perception::ImageRows rows;
    perception::ReadImages read; ///< of rows.images
};

/// Reads a table of images. Its columns of images are those that the run's manifest named, where it has them
/// all, else those of image files. Fails where perception::read_image_rows does, and where there are more or
/// fewer columns of images than the run has variables.
base::Result<ReadTable> read_table(const Reader& reader, const std::string& path);

} // namespace ropewalk::prediction
