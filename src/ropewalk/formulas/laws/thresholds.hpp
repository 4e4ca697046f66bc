// Points between the values of a column where a law may change.
#pragma once

#include <functional>
#include <vector>

#include <Eigen/Core>

namespace ropewalk::formula {

/// The values of a column that differ, in order.
std::vector<double> different_values(const Eigen::ArrayXd& column);

/// The place among `places` of them where the error is smallest: of every so many, then of all near the best.
std::size_t best_place(std::size_t places, const std::function<double(std::size_t)>& error);

/// The number of fewest digits from `low` on and below `high`.
double shortest_between(double low, double high);

} // namespace ropewalk::formula
