// Sums of lines with more columns beside them: bends or jumps of a variable, lines on one side of a condition.
#pragma once

#include <utility>
#include <vector>

#include <Eigen/Core>

#include "ropewalk/formulas/laws/law_context.hpp"
#include "ropewalk/formulas/laws/sparse_regression.hpp"

namespace ropewalk::formula {

/// The values of a variable on the part's rows.
Eigen::ArrayXd column_of(const Part& part, int variable);

/// The least-squares fit of a number, of these variables with coefficients and of more columns with theirs, in this order.
SparseFit fit_lines_beside(const Part& part, const std::vector<int>& lines, const std::vector<Eigen::ArrayXd>& more);

/// Whether a fit has a coefficient for the number, for every line and for so many columns.
bool is_whole(const SparseFit& fit, const std::vector<int>& lines, std::size_t more);

/// What may stand beside a column of one variable, where at most `most` variables stand together: the variable alone and,
/// where there are several, all.
std::vector<std::vector<int>> lines_beside(const Part& part, int variable, std::size_t most);

/// The sum of such a fit, `more` being what the columns are written as.
Program sum_beside(const LawContext& context, const std::vector<int>& lines, const SparseFit& fit, const std::vector<Program>& more);

/// Two changes of one kind, such as bends: the best one beside `one`, then each beside the other, some times over.
/// `with_one_more` takes where changes are, gives these with the best one more, as `Changes`, whose `at` says where and whose
/// `fit` what they leave.
template<class Changes, class WithOneMore>
Changes two_changes(const Changes& one, const WithOneMore& with_one_more) {
    constexpr int rounds = 4;
    Changes best = with_one_more(one.at);
    for (int round = 0; round < rounds; ++round) {
        Changes again = with_one_more({best.at.back()});
        if (!(again.fit.squared_error < best.fit.squared_error)) break;
        best = std::move(again);
    }
    return best;
}

} // namespace ropewalk::formula
