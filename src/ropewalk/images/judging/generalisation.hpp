// The paper's test of what a grounder is good for beyond its tasks (section 4.3).
#pragma once

#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::perception {

/// One formula that is no task of the run.
struct GeneralisedFormula {
    std::size_t formula = 0; ///< index into the pool
    std::size_t found = 0;   ///< that of the formula found
    bool right = false;      ///< whether the two are equal on the tested labels, in whole numbers
    double loss = 0;         ///< mean squared error of the tested outputs, raw, from mean symbols
};

/// Mean loss of 100 formulas in Table 1 of the paper.
inline constexpr double generalisation_of_the_paper = 0.07;

struct Generalisation {
    std::vector<GeneralisedFormula> formulas;
    std::size_t right = 0;
    double mean = 0;   ///< of the losses
    double median = 0; ///< likewise
    /// Whether it was stopped before the formulas were found: the rest says nothing then.
    bool stopped = false;
};

struct GeneralisationOptions {
    std::size_t formulas = 100; ///< at most
    std::size_t rows = 1000;    ///< to find a formula with, and as many to test it on
    int threads = 0;            ///< 0: all the machine offers
    base::Stop stop;
};

/// Draws formulas of the pool that are no tasks. Each is looked for among all of the pool on training images
/// of labels 1 to 5 and tested on test images of labels 6 to 10. Where the grounder reads letters, the
/// likeliest formula is found (see likeliest_formulas); else that with the least error of its expectation.
/// Fails when the pool has no formula beside the tasks.
base::Result<Generalisation> generalise(const Problem& problem, Engine& engine,
                                        const GeneralisationOptions& options = {});

} // namespace ropewalk::perception
