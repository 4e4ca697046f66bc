// From a table to an answer: every search, one front, and which formula on it to believe.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "ropewalk/formulas/laws/defined_function.hpp"
#include "ropewalk/formulas/laws/explanation.hpp"
#include "ropewalk/formulas/laws/form_fit.hpp"
#include "ropewalk/formulas/laws/robust_loss.hpp"
#include "ropewalk/formulas/laws/template_form.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

struct ExplainOptions {
    SearchOptions search; ///< operators, size, seconds, memory, seed, threads, progress, stop
    bool laws = true;     ///< sums, products and fitted numbers beyond what the enumeration reaches
    /// Functions for the laws; the enumeration, which every function makes larger, has those of `search`.
    std::vector<Operator> law_functions;
    std::vector<DefinedFunction> defined; ///< functions of one's own, for the laws
    /// Formulas with more operators are left out; 0: the enumeration's limit is none for laws.
    int most_operators = 0;
    /// Other than squared errors: the search is repeated with weights that follow what its answer leaves.
    Loss loss = Loss::squared;
    double held_out = 0; ///< share of the rows that the search does not see and that judge what it finds
    /// Of problems with units: units that fitted numbers may have, and with them products of their powers. Empty: those of
    /// `conversions`, such as m/km where both are there; without any numbers are pure.
    std::vector<Unit> constant_units;

    static constexpr auto fields = base::fields(
        base::group<&ExplainOptions::search>(),
        base::field<&ExplainOptions::loss>("loss", "How errors count; huber and absolute pass over rows that are far off",
                                           losses),
        base::field<&ExplainOptions::held_out>(
            "holdout", "Share of the rows that are kept from the search and judge what it finds",
            base::within(0.0, 1.0)));
};

/// The one general setting: numbers fitted; the enumeration with + - * /, sqrt, exp, log, sin, cos, and laws
/// with tanh, asin, acos, abs, max, min, floor and mod as well. It is what the command does without options
/// and what the benchmarks are run with.
ExplainOptions general_options();

/// How the general setting is narrowed.
struct Narrowing {
    std::optional<std::string> operators; ///< names; these and `functions` alone, by enumeration
    std::string functions;                ///< names, in place of the usual functions
    bool exact_only = false;              ///< no fitted numbers, by enumeration
    std::optional<int> most_operators;    ///< size of the largest formula

    static constexpr auto fields = base::fields(
        base::field<&Narrowing::operators>("operators", "Operators that formulas are made of (add,sub,mul,div)"),
        base::field<&Narrowing::functions>(
            "functions", "The only functions, in place of the usual ones: min, max, square, sqrt, reciprocal, exp, "
                         "log, sin, cos, tan, tanh, asin, acos, atan, abs, sign, floor, ceil, mod, pow, less"),
        base::field<&Narrowing::exact_only>(
            "exact_only", "Enumerate formulas without fitted numbers, with the functions that are named"));
};

/// The general setting, narrowed: any choice of operators or functions is all of them. Fails on unknown names
/// and where no operator is left; the diagnostic's file is "setting `operators`" or "setting `functions`".
base::Result<ExplainOptions> narrowed_options(const Narrowing& narrowing);

/// A way from a table to an answer.
using Explainer = std::function<base::Result<Explanation>(const Problem&)>;

/// What a way says of a problem, on the rows that are not held out. A target that never changes needs no way.
/// Fails as the way and hold_out do, and where no formula of the inputs can have the target's unit; the diagnostic's file
/// is then "target".
base::Result<Explanation> explain_by(const Explainer& way, const Problem& problem,
                                     const ExplainOptions& options);

/// The search: by squared errors (squares_search.hpp) or another loss (robust_search.hpp). Fails as search_formulas and
/// explain_by do, and where numbers are to have units in a problem that has none.
base::Result<Explanation> explain(const Problem& problem, const ExplainOptions& options);

/// A form that is given, with the constants that fit best, by the loss, rows held out and run of the options.
/// Fails as fit_form does, and for options that would have formulas enumerated.
base::Result<Explanation> explain_form(const Form& form, const Problem& problem,
                                       const ExplainOptions& options);

/// A form with functions that are not known (template_search.hpp). Fails as search_template does, for another loss than
/// squared errors, and for options that would have formulas enumerated or numbers have units.
base::Result<Explanation> explain_template(const TemplateForm& form, const Problem& problem,
                                           const ExplainOptions& options);

} // namespace ropewalk::formula
