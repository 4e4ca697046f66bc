// From a table to formulas: the one place that says which search of the library answers.
#pragma once

#include "ropewalk/formulas/laws/laws.hpp"

namespace ropewalk::python {

/// A front and the formula on it to believe.
struct FormulaAnswer {
    formula::Explanation explanation;
    bool interrupted = false;
};

/// Fails as `formula::explain` does.
base::Result<FormulaAnswer> answer(const formula::Problem& problem, const formula::ExplainOptions& options);

} // namespace ropewalk::python
