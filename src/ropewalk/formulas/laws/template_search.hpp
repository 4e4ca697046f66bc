// The functions of a form that are not known, looked for together.
#pragma once

#include "ropewalk/formulas/laws/explain.hpp"
#include "ropewalk/formulas/laws/template_form.hpp"

namespace ropewalk::formula {

/// Formulas of the form, by squared errors:
///
/// 1. parts that the form is linear in become sums of terms (term_library.hpp), fitted by least squares beside every
///    small formula of the others (enumeration.hpp), with a scale inside;
/// 2. the numbers of the best are fitted together and made simple;
/// 3. part by part, the others kept, the form is solved for the part, which is explained by its arguments
///    (squares_search.hpp), as long as that makes the whole shorter.
///
/// `parts` of the explanation holds the bodies of every formula of the front. Nothing is exhaustive. Fails as
/// search_formulas does, and where no formula of the form has a finite value on every row.
base::Result<Explanation> search_template(const TemplateForm& form, const Problem& problem,
                                          const ExplainOptions& options);

} // namespace ropewalk::formula
