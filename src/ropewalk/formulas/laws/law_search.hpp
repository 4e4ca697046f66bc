// Formulas with fitted numbers: sums, products and quotients of simple terms, seen through simple functions.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/formulas/laws/defined_function.hpp"
#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

struct LawOptions {
    base::Run run{.seconds = 30};                   ///< progress goes to `tell`
    std::vector<Operator> operators;                ///< functions that may occur beside + - * / and powers
    std::function<void(const std::string&)> tell{}; ///< what is being tried
    std::vector<DefinedFunction> defined{};         ///< functions of one's own, in terms and products
};

/// Programs that explain the problem, with their numbers fitted and made simple, none more than once, best
/// described (description.hpp) first. Looks at the target y
///
/// 1. as a product of powers of the variables, and a number beside it;
/// 2. without the variables that only scale it (separation.hpp), then through each of y, 1/y, y^2, 1/y^2,
///    sqrt y, log y, exp y, sin y, cos y as a sparse sum of terms (term_library.hpp), and as a quotient of
///    two such sums, whose denominator's terms times y join the library;
/// 3. as a product of powers of sums of two terms;
/// 4. as a line with a bend;
/// 5. as a function of a number times a product of powers, such as exp(c*m) - 1 and sin(c*m).
///
/// Nothing here is exhaustive.
std::vector<Found> search_laws(const Problem& problem, const LawOptions& options);

} // namespace ropewalk::formula
