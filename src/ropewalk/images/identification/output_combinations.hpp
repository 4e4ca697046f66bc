// Formulas of several tasks put together on the same letters.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "ropewalk/images/identification/output_alphabets.hpp"

namespace ropewalk::identification {

/// What one alphabet explains.
struct Attempt {
    std::vector<double> alphabet;
    std::vector<std::vector<Marginal>> of_tasks; ///< best first; empty as a whole where a task has none
    double score = -std::numeric_limits<double>::infinity(); ///< of the best of all tasks together
    bool fits = false; ///< whether the outputs of every task are as frequent as chance lets them be
    bool fits_well = false; ///< likewise, and well, see fits_well
    const Trial* trial = nullptr;
};

/// Formulas of some tasks together, and the outputs of these tasks that rows of letters give.
struct Joint {
    std::vector<std::size_t> formulas;
    std::vector<std::uint32_t> outputs; ///< [rows of letters], numbers of combined outputs
    /// What the first task's formula tells of the letters.
    const std::vector<double>* frequencies = nullptr;
    std::shared_ptr<const std::vector<double>> of_rows; ///< probabilities of the rows of letters
    double log_likelihood = 0;
};

/// Puts the tasks' formulas together, task by task in this order; of the combinations the likeliest stay, of those
/// that make the same of all rows of letters the first.
/// The first task's formula tells the frequencies of the letters.
std::vector<Joint> combine(const OutputQuestion& question, const std::vector<Outputs>& outputs,
                           const Attempt& attempt, const std::vector<std::size_t>& order);

} // namespace ropewalk::identification
