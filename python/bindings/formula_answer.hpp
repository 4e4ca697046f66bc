// From a table to formulas: the one place that says which search of the library answers.
#pragma once

#include <cstddef>
#include <string>

#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::python {

/// A front and the formula on it to believe.
struct FormulaAnswer {
    formula::FormulaReport report;
    std::size_t best = 0; ///< on the front, which may be empty
    std::string reason;   ///< why that one
    bool interrupted = false;
};

/// Fails as `formula::search_formulas` does.
base::Result<FormulaAnswer> answer(const formula::Problem& problem, const formula::SearchOptions& options);

} // namespace ropewalk::python
