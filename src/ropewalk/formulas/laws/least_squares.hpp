// Linear systems of fits. Their decompositions take long to compile, so they are compiled here and nowhere else.
#pragma once

#include <memory>
#include <vector>

#include <Eigen/Core>

namespace ropewalk::formula {

/// A matrix A as Q R P^T with the columns pivoted (Businger & Golub 1965), for least squares on its columns.
class PivotedQr {
public:
    explicit PivotedQr(const Eigen::MatrixXd& columns);
    ~PivotedQr();

    /// Columns that are not spanned by the others, to rounding.
    Eigen::Index rank() const;
    /// The coefficients of the columns that leave least of a target, one for each row; 0 for columns beyond the rank.
    Eigen::VectorXd solve(const Eigen::VectorXd& target) const;
    /// As many columns as the rank that span all, in the order of pivoting.
    std::vector<Eigen::Index> spanning() const;
    /// Orthonormal columns, as many as the rank, that span those of the matrix.
    Eigen::MatrixXd basis() const;
    /// The diagonal of (A^T A)^-1. Expects full rank.
    Eigen::VectorXd inverse_diagonal() const;

private:
    struct Decomposition;
    std::unique_ptr<const Decomposition> decomposition_;
};

/// R of A = Q R, as many rows as A has columns or rows, whichever are fewer: a combination of columns has the length that the same
/// combination of the columns of R has.
Eigen::MatrixXd triangle_of(const Eigen::MatrixXd& columns);

/// The solution of S x = b for a symmetric matrix, by LDL^T.
Eigen::VectorXd solve_symmetric(const Eigen::MatrixXd& symmetric, const Eigen::VectorXd& right);

/// The diagonal of the inverse of a symmetric matrix, by LDL^T.
Eigen::VectorXd symmetric_inverse_diagonal(const Eigen::MatrixXd& symmetric);

} // namespace ropewalk::formula
