// Sums of few terms out of many: which columns of a library, with which coefficients, make a target.
#pragma once

#include <functional>
#include <vector>

#include <Eigen/Core>

namespace ropewalk::formula {

/// Some columns of a library with the coefficients of least squares.
struct SparseFit {
    std::vector<Eigen::Index> columns;       ///< chosen ones, without those that are always in
    std::vector<double> coefficients;        ///< one per chosen column
    std::vector<double> forced_coefficients; ///< one per column that is always in
    double squared_error = 0;
};

struct SparseOptions {
    int most_terms = 8;
    int beam = 16;         ///< sets of columns that are kept of every size
    int branch = 12;       ///< columns that each of them is extended by
    double rows_count = 0; ///< what an error counts for, in rows; 0: the rows of the library
    std::function<bool()> stop{};
};

/// The best sums of 0, 1, 2, ... columns by forward selection with a beam (orthogonal least squares, Chen,
/// Billings & Luo 1989), improved by taking terms out again: for every number of terms up to `beam` fits,
/// best first. `forced` columns take part in every fit. `costs[j]` is what column j adds to the description
/// of a fit in bits, which weighs against the error in choosing sets. A column without a finite value on
/// every row, or that the chosen ones span, is never chosen. Ends early where a fit is exact to rounding or
/// where no further column is worth its cost.
std::vector<std::vector<SparseFit>> sparse_fits(const Eigen::MatrixXd& library, const Eigen::VectorXd& target,
                                                const Eigen::MatrixXd& forced,
                                                const std::vector<double>& costs,
                                                const SparseOptions& options);

/// Coefficients of least squares of the target on some columns and the forced ones, and the error.
SparseFit least_squares(const Eigen::MatrixXd& library, const Eigen::VectorXd& target,
                        const Eigen::MatrixXd& forced, std::vector<Eigen::Index> columns);

/// Sums that are left when terms are taken one by one out of the least-squares fit by all columns, each time
/// the one whose loss costs least (backward elimination): the best described one, `costs` as above, and those
/// with a few terms less and more; at most `most` of them, best first. Expects fewer columns than rows.
std::vector<SparseFit> pruned_fits(const Eigen::MatrixXd& library, const Eigen::VectorXd& target,
                                   const std::vector<double>& costs, std::size_t most);

} // namespace ropewalk::formula
