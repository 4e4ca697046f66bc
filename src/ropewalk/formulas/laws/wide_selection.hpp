// Which few of thousands of columns make a target: all pairs, grown and exchanged, by inner products alone.
#pragma once

#include <functional>
#include <vector>

#include <Eigen/Core>

namespace ropewalk::formula {

struct WideOptions {
    int most_terms = 6;
    Eigen::Index shortlist = 1600; ///< columns whose pairs are all looked at
    int beam = 48;                 ///< sets of every size that are grown
    int branch = 10;               ///< columns that each of them is grown by
    std::size_t kept = 6;          ///< sets of every size that are returned
    Eigen::VectorXd level{};       ///< what the number 1 is on the rows: columns are also judged beside it
    std::function<bool()> stop{};
};

/// Sets of 1, 2, 3, ... columns, the best described of every size first: `costs[j]` is what column j adds to
/// a description in bits, beside n/2 log2 of the squared error for n rows. Columns that alone explain little
/// and cost much are left out first; of the others every pair is looked at, alone and beside column `always`
/// (where it is not negative). Sets grow by single columns, and every column of a set is exchanged for the
/// best one in its place until nothing gets better. Where forward selection needs a column that is good
/// alone, this needs two that are good together. Columns that are not finite or 0 are never chosen.
std::vector<std::vector<std::vector<Eigen::Index>>>
wide_sets(const Eigen::MatrixXd& columns, const Eigen::VectorXd& target, const std::vector<double>& costs,
          Eigen::Index always, const WideOptions& options);

} // namespace ropewalk::formula
