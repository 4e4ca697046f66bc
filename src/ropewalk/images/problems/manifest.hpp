// A user's own data: a table whose rows name images and the numbers that go with them.
#pragma once

#include <string>
#include <vector>

#include "ropewalk/base/settings.hpp"
#include "ropewalk/images/problems/problem.hpp"

namespace ropewalk::perception {

struct ManifestOptions {
    std::vector<std::string> image_columns; ///< empty: all of text, most of which ends in .png, .jpg or .jpeg
    std::vector<std::string> output_columns; ///< empty: all columns of numbers
    double holdout = 0.1;                    ///< share of the rows kept for validation, above 0 and below 1
    double scale = 1;                        ///< symbols lie between 0 and about this, above 0
    /// Pixels of the longer side, to which images are scaled; 0: as they are, large ones shrunk.
    int size = 0;
    std::string background = "black"; ///< of transparent pixels, black or white
    bool skip_damaged = false;        ///< leave out rows with an image that cannot be read

    friend bool operator==(const ManifestOptions&, const ManifestOptions&) = default;

    static constexpr auto fields = base::fields(
        base::field<&ManifestOptions::image_columns>(
            "image_columns", "Columns of images in a manifest; none: found by content"),
        base::field<&ManifestOptions::output_columns>(
            "output_columns", "Columns to explain in a manifest; none: all of numbers"),
        base::field<&ManifestOptions::holdout>("holdout", "Share of the manifest's rows kept for validation",
                                               base::above(0.0, 1.0)),
        base::field<&ManifestOptions::scale>(
            "scale", "About the largest symbol: 1 where images stand for 0 to 1, 10 for digits",
            base::above(0.0, 1e30)),
        base::field<&ManifestOptions::size>(
            "size",
            "Pixels of the longer side, to which a manifest's images are scaled; 0: as they are, but shrunk to "
            "64 where they are larger",
            base::within(0, 1024)),
        base::field<&ManifestOptions::background>("background", "What lies behind transparent pixels",
                                                  base::one_of("black", "white")),
        base::field<&ManifestOptions::skip_damaged>(
            "skip_damaged", "Leave out rows of a manifest with an image that cannot be read, and name them"));

    datasets::GalleryOptions gallery() const {
        return {background == "white" ? datasets::Background::white : datasets::Background::black, size, {}};
    }
};

/// Fewest rows a manifest may have.
inline constexpr std::size_t least_manifest_rows = 50;

/// Reads a table with columns of images (see read_image_table), which become the variables s1, s2, ... in the order
/// of the columns, or with lists of images, and at least one column of outputs, each a task. Outputs are numbers; a column
/// of 2 to 64 different texts is taken for one where it is named, or where there are no numbers: each text
/// stands for its place in the alphabet, from 0. A column that numbers the rows is left out unless it is named or alone, and so are
/// rows that lack an output.
/// The pool holds all formulas of so many variables and up to `operators` operators. What a person should know
/// of the table is in Given::notes: rows that contradict each other or come twice, what was left out.
///
/// Fails, with file and line, where read_image_table and read_image_rows do, on fields that are no finite
/// number, a task with constant outputs, no column of outputs, names that are no column or used twice, fewer
/// than least_manifest_rows rows, a pool of more than 100,000 formulas.
base::Result<Problem> read_manifest(const std::string& path, const ManifestOptions& options, int operators,
                                    std::uint64_t seed);

} // namespace ropewalk::perception
