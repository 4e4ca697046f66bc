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
            base::above(0.0, 1e30)));
};

/// Fewest rows a manifest may have.
inline constexpr std::size_t least_manifest_rows = 50;

/// Reads a table in CSV (see formula::read_mixed_table) with 1 to 5 columns of images, which become the
/// variables s1, s2, ... in the order of the columns, and at least one column of numbers, each a task. Image
/// files are PNG or JPEG, named relative to the manifest; a file is read once however many rows name it. The
/// pool holds all formulas of so many variables and up to `operators` operators.
///
/// Fails, with file and line, on a manifest or an image that is missing or damaged, images of different size
/// or number of channels or of less than 8 x 8 pixels, fields that are no finite number, a task with constant
/// outputs, no column of images or of outputs, more than 5 columns of images, names that are no column or
/// used twice, fewer than least_manifest_rows rows, more than 4 GiB of pixels, a pool of more than 100,000
/// formulas.
base::Result<Problem> read_manifest(const std::string& path, const ManifestOptions& options, int operators,
                                    std::uint64_t seed);

} // namespace ropewalk::perception
