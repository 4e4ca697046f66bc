// All formulas and symbols that explain the outputs of a few tasks.
#pragma once

#include "ropewalk/images/identification/symbol_table.hpp"

namespace ropewalk::identification {

/// Formulas of the tasks read so far, and the symbols that explain all of them.
struct Family {
    std::vector<std::size_t> formulas; ///< [tasks]; those of tasks not yet read say nothing
    ClassSymbols symbols;
};

/// The search behind find_symbol_table.
class FamilySearch {
public:
    FamilySearch(const TableQuestion& question, const ImageClasses& classes);
    // The outputs of tasks are parts of all outputs.
    FamilySearch(const FamilySearch&) = delete;
    FamilySearch& operator=(const FamilySearch&) = delete;

    /// Fails where no formulas and symbols explain all tasks.
    base::Result<std::vector<Family>> families();

    /// Errors of all formulas under the first symbol of each class, as Posterior has them: [tasks, pool].
    std::vector<double> errors(const std::vector<std::vector<double>>& symbols) const;

private:
    const ClassRows& rows() const { return examples_.rows; }
    std::vector<Family> first_families();
    std::vector<Family> from(std::size_t task) const;
    std::vector<Family> with(std::size_t task, const std::vector<Family>& families) const;

    ClassExamples examples_;
    std::vector<double> y_; ///< [tasks, rows]
    std::vector<ClassOutputs> outputs_;
    std::vector<SparsePolynomial> formulas_;
    std::vector<std::size_t> order_; ///< in which the tasks are read
};

} // namespace ropewalk::identification
