// Looking at a target through the inverse of a function: y = f(u), and what errors of y make of u.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// A way to look at a target y: values u with y = f(u), the weight of each row (an error of u is that of y
/// divided by it), and the unit of u.
struct View {
    std::string name;
    Eigen::VectorXd values;
    Eigen::VectorXd weights; ///< the largest is 1
    std::optional<Unit> unit;
    Program (*back)(const Program& u, double sign) = nullptr;
    double sign = 1; ///< of the target where f is even

    /// Whether f is y itself or a power of it.
    bool is_power() const { return name.find(' ') == std::string::npos || name == "sqrt y"; }

    /// f of a program of u.
    Program program(const Program& u) const { return back(u, sign); }
};

/// The views that the values of a target allow, y itself first. `unit` is the target's where units play a
/// part.
std::vector<View> views_of(const std::vector<double>& target, const std::optional<Unit>& unit,
                           const std::vector<Operator>& operators);

} // namespace ropewalk::formula
