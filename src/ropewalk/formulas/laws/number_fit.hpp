// Numbers in a program moved to the smallest squared error, fast: derivatives only where a number is, in
// vectors.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// Moves the numbers of a program to a local minimum of the (weighted) squared error on the problem, by
/// Levenberg and Marquardt's method on the normal equations, in at most `steps` steps. A line l with
/// frozen[l] != 0 keeps its number. A program without a finite value at the start is returned unchanged. The
/// plain version is `fit_constants`.
Program fit_numbers(const Program& program, const Problem& problem, int steps,
                    const std::vector<char>& frozen = {});

/// The squared error around the numbers of a program: lines of the free ones, and J^T J of the values by
/// them.
struct Curvature {
    std::vector<std::size_t> lines;
    Eigen::MatrixXd squares;
    double squared_error = 0;
};
Curvature curvature_of(const Program& program, const Problem& problem, const std::vector<char>& frozen);

} // namespace ropewalk::formula
