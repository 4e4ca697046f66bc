#pragma once

#include <string>
#include <vector>

#include "papers/shared/shared.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::papers {

/// Manifests of one kind: what a row has, and the formulas behind its outputs.
struct ManifestKind {
    const char* name = "";
    std::size_t variables = 2;
    std::size_t rows = 0;
    /// Digits 0 to 9, each image in one row; else symbols 0.1 to 1 and images drawn for every row.
    bool digits = true;
    std::vector<const char*> formulas; ///< none: so many drawn from the pool
    std::size_t drawn = 0;
};

/// sum, product, difference and sum-and-product of two digits; 1-output, 2-outputs, 5-outputs and 20-outputs
/// of three symbols.
const std::vector<ManifestKind>& manifest_kinds();

/// What `perceive` makes of one manifest.
struct ManifestRun {
    std::string kind;
    std::uint64_t seed = 0;
    std::size_t tasks = 0;
    std::size_t formulas_right = 0;
    std::string found; ///< formulas, with semicolons between them
    /// Whether the right formulas are those it names as the mirror image of its own.
    bool mirror_image = false;
    double exact = 0; ///< share of the outputs kept for validation that come out exactly; mean of tasks
    double search_seconds = 0;
    double seconds = 0;

    bool right() const { return formulas_right == tasks; }
};

struct ManifestTableOptions {
    std::string images = "glyphs";  ///< or mnist, cifar10
    std::string data;               ///< folder of the images; glyphs need none
    std::vector<std::string> kinds; ///< empty: all
    std::size_t runs = 10;          ///< of every kind, with seeds from `seed` on
    std::size_t steps = 300;        ///< that read images after the search
    double seconds = 60;            ///< for a run; the search for letters gets half
    std::uint64_t seed = 0;
    ExperimentRun run;
};

struct ManifestTable {
    std::string images;
    std::size_t steps = 0;
    double limit = 0; ///< seconds for a run
    std::vector<ManifestRun> runs;
    bool complete = false; ///< whether every run that was asked for is there
};

/// How often formulas are found from rows of images and outputs alone, as a user's manifest gives them: 5,000
/// training images, a tenth of the rows kept for validation. Fails on unknown kinds, on images that cannot
/// be read, and when `resume` is set and the state file is of another table.
base::Result<ManifestTable> manifest_table(const ManifestTableOptions& options);

/// A manifest that is drawn, and what is behind it.
struct DrawnManifest {
    perception::Problem problem;
    std::vector<std::size_t> formulas; ///< of the tasks, indices into the pool
};

/// Draws rows of labelled images. Fails where a kind has each image once and there are too few.
base::Result<DrawnManifest> draw_manifest(const ManifestKind& kind, const datasets::Images& images,
                                          std::uint64_t seed);

std::string to_json(const ManifestTable& table);
std::string to_csv(const ManifestTable& table);
std::string to_markdown(const ManifestTable& table);

} // namespace ropewalk::papers
