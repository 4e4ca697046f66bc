// Sums of lines with one more column beside them: a bend or a jump of a variable.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "ropewalk/formulas/laws/law_context.hpp"
#include "ropewalk/formulas/laws/sparse_regression.hpp"

namespace ropewalk::formula {

/// The values of a variable on the part's rows.
Eigen::ArrayXd column_of(const Part& part, int variable);

/// The least-squares fit of a number, of these variables with coefficients and of one more column with one, in this order.
SparseFit fit_lines_beside(const Part& part, const std::vector<int>& lines, const Eigen::ArrayXd& column);

/// What may stand beside a column of one variable, where at most `most` variables stand together: the variable alone and,
/// where there are several, all.
std::vector<std::vector<int>> lines_beside(const Part& part, int variable, std::size_t most);

/// The sum of such a fit, `column` being what the column is written as.
Program sum_beside(const LawContext& context, const std::vector<int>& lines, const SparseFit& fit, const Program& column);

} // namespace ropewalk::formula
