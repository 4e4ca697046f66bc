#include "ropewalk/formulas/laws/least_squares.hpp"

#include <algorithm>

#include <Eigen/Cholesky>
#include <Eigen/QR>

namespace ropewalk::formula {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct PivotedQr::Decomposition : Eigen::ColPivHouseholderQR<MatrixXd> {
    using ColPivHouseholderQR::ColPivHouseholderQR;
};

PivotedQr::PivotedQr(const MatrixXd& columns) : decomposition_(std::make_unique<Decomposition>(columns)) {}

PivotedQr::~PivotedQr() = default;

Index PivotedQr::rank() const { return decomposition_->rank(); }

VectorXd PivotedQr::solve(const VectorXd& target) const { return decomposition_->solve(target); }

std::vector<Index> PivotedQr::spanning() const {
    const auto& order = decomposition_->colsPermutation().indices();
    return {order.data(), order.data() + rank()};
}

MatrixXd PivotedQr::basis() const {
    return decomposition_->householderQ() * MatrixXd::Identity(decomposition_->rows(), rank());
}

VectorXd PivotedQr::inverse_diagonal() const {
    const Decomposition& qr = *decomposition_;
    const Index count = qr.cols();
    const MatrixXd inverse = qr.matrixR().topRows(count).template triangularView<Eigen::Upper>().solve(
        MatrixXd::Identity(count, count));
    VectorXd diagonal(count);
    for (Index k = 0; k < count; ++k) diagonal[qr.colsPermutation().indices()[k]] = inverse.row(k).squaredNorm();
    return diagonal;
}

MatrixXd triangle_of(const MatrixXd& columns) {
    const Index height = std::min(columns.cols(), columns.rows());
    return MatrixXd(Eigen::HouseholderQR<MatrixXd>(columns).matrixQR().topRows(height)).triangularView<Eigen::Upper>();
}

VectorXd solve_symmetric(const MatrixXd& symmetric, const VectorXd& right) { return symmetric.ldlt().solve(right); }

VectorXd symmetric_inverse_diagonal(const MatrixXd& symmetric) {
    const MatrixXd inverse = symmetric.ldlt().solve(MatrixXd::Identity(symmetric.rows(), symmetric.cols()));
    return inverse.diagonal();
}

} // namespace ropewalk::formula
