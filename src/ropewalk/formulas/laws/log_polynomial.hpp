// A target's logarithm as a polynomial in the logarithms of the inputs: smooth, and without a target's noise.
#pragma once

#include <optional>
#include <vector>

#include <Eigen/Core>

#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// The polynomial is in the logarithms of inputs that are positive, and in the others as they are.
struct LogPolynomial {
    std::vector<std::vector<int>> terms; ///< products of inputs by their numbers, repeated ones as powers
    std::vector<int> logarithmic;        ///< inputs that are positive and vary
    std::vector<double> spreads;         ///< of the inputs' coordinates, which are divided by them
    Eigen::MatrixXd design;              ///< a column for every term
    /// The target's logarithm and what its errors weigh, the largest weight being 1. Where what the
    /// polynomial leaves is not small, the logarithm of a row is biased, so that it is linearised about the
    /// polynomial, fitted in turns (a generalised linear model with normal errors, Nelder & Wedderburn 1972).
    Eigen::VectorXd logarithm, weights;
    bool linearised = false;
    Eigen::VectorXd smooth; ///< where linearised: the polynomial's values
};

/// Of degree 4 or less, with at most a quarter as many terms as rows; none where that allows no degree of 2,
/// and for more than 12 inputs.
std::optional<LogPolynomial> log_polynomial(const Problem& problem);

} // namespace ropewalk::formula
