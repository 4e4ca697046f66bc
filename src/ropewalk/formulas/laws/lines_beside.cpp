#include "ropewalk/formulas/laws/lines_beside.hpp"

#include <numeric>

namespace ropewalk::formula {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

ArrayXd column_of(const Part& part, int variable) {
    const auto& column = part.problem.inputs[static_cast<std::size_t>(variable)];
    return Eigen::Map<const ArrayXd>(column.data(), static_cast<Index>(column.size()));
}

SparseFit fit_lines_beside(const Part& part, const std::vector<int>& lines, const std::vector<ArrayXd>& more) {
    const Index rows = part.weights.size(), count = static_cast<Index>(lines.size());
    MatrixXd columns(rows, count + 1 + static_cast<Index>(more.size()));
    columns.col(0) = part.weights.matrix();
    for (Index k = 0; k < count; ++k) columns.col(k + 1) = (column_of(part, lines[static_cast<std::size_t>(k)]) * part.weights).matrix();
    for (std::size_t k = 0; k < more.size(); ++k) columns.col(count + 1 + static_cast<Index>(k)) = (more[k] * part.weights).matrix();
    const VectorXd target = (Eigen::Map<const ArrayXd>(part.problem.target.data(), rows) * part.weights).matrix();
    std::vector<Index> all(static_cast<std::size_t>(columns.cols()));
    std::iota(all.begin(), all.end(), Index{0});
    return least_squares(columns, target, MatrixXd(rows, 0), all);
}

bool is_whole(const SparseFit& fit, const std::vector<int>& lines, std::size_t more) {
    return fit.coefficients.size() == lines.size() + 1 + more;
}

std::vector<std::vector<int>> lines_beside(const Part& part, int variable, std::size_t most) {
    std::vector<std::vector<int>> choices{{variable}};
    if (part.variables.size() > 1 && part.variables.size() <= most) choices.push_back(part.variables);
    return choices;
}

Program sum_beside(const LawContext& context, const std::vector<int>& lines, const SparseFit& fit, const std::vector<Program>& more) {
    const int count = context.variables();
    std::vector<std::pair<double, Program>> terms{{fit.coefficients[0], constant(count, 1)}};
    for (std::size_t j = 0; j < lines.size(); ++j) terms.emplace_back(fit.coefficients[j + 1], variable(count, lines[j]));
    for (std::size_t j = 0; j < more.size(); ++j) terms.emplace_back(fit.coefficients[lines.size() + 1 + j], more[j]);
    return sum_of(count, terms);
}

} // namespace ropewalk::formula
