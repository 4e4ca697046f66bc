// A form that is given, with its constants fitted: `c1*exp(-c2*x) + c3`.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ropewalk/formulas/laws/robust_loss.hpp"
#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// A formula in which some numbers are to be fitted, each a line of its own however often it is used.
struct Form {
    Program program;                    ///< with 1 for every constant
    std::vector<std::string> constants; ///< c1, c2, ... in the order of their numbers
    std::vector<std::size_t> lines;     ///< of the constants
};

/// Reads a formula over the names and constants c1, c2, ...; a name that a column has is never a constant.
/// Fails as parse_formula does, and where no constant occurs.
base::Result<Form> parse_form(std::string_view text, std::span<const std::string> names);

/// A form with the constants that fit best.
struct FittedForm {
    Program program;
    std::vector<double> constants;
    /// Standard errors, from the curvature of the squared error; infinite where the data do not fix a
    /// constant.
    std::vector<double> standard_errors;
    std::vector<double> weights; ///< of the rows, in the end; empty: all alike
    Fit fit;                     ///< by these weights
};

/// Fits the constants by least squares, of weights that follow the loss: those that the form is linear in
/// have a closed form around the others (variable projection, Golub & Pereyra 1973), which start from many
/// places, magnitudes of all scales and frequencies up to what the rows can tell, and descend from the best
/// few (Levenberg and Marquardt). Depends on the seed of the run alone, unless it is stopped. Fails where no
/// start has a finite value on every row, or where there are fewer rows than constants.
base::Result<FittedForm> fit_form(const Form& form, const Problem& problem, Loss loss, const base::Run& run);

} // namespace ropewalk::formula
