// From a table to an answer: every search, one front, and which formula on it to believe.
#pragma once

#include "ropewalk/formulas/laws/defined_function.hpp"
#include "ropewalk/formulas/laws/robust_loss.hpp"
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
};

/// The one general setting: numbers fitted; the enumeration with + - * /, sqrt, exp, log, sin, cos, and laws
/// with tanh, asin, acos, abs, max, min, floor and mod as well. It is what the command does without options
/// and what the benchmarks are run with.
ExplainOptions general_options();

/// A front with the formula to believe.
struct Explanation {
    FormulaReport report;
    std::size_t best = 0;         ///< the formula with the shortest description
    std::string reason;           ///< why, as "the formula with the shortest description"
    bool found = false;           ///< it is exact, or explains the target better than its mean does
    double noise = 0;             ///< the answer's root mean squared error as a share of the target's spread
    bool only_noise_left = false; ///< a polynomial of degree 3 finds nothing in what the answer leaves
};

/// Enumerates small formulas (formula_search.hpp), looks for laws (law_search.hpp), enumerates on while there
/// is time, and chooses by description length. Ends early at an exact formula. Fails as search_formulas does.
base::Result<Explanation> explain(const Problem& problem, const ExplainOptions& options);

/// A report with its formula to believe: descriptions are worked out and the shortest one is chosen.
Explanation chosen_of(FormulaReport report, const Problem& problem);

/// Whether what a formula leaves of the target looks like noise: a polynomial of degree at most 3 in the
/// inputs explains no more of it than chance does (F-test at 1 in 1000).
bool looks_like_noise(const std::vector<double>& residual, const Problem& problem);

/// The same of what a program leaves; true where it is exact.
bool leaves_noise(const Program& program, const Problem& problem);

} // namespace ropewalk::formula
