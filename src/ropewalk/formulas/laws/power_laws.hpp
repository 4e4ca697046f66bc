// Products of powers: of the variables, of other programs, and with a number beside them.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "ropewalk/formulas/laws/law_context.hpp"

namespace ropewalk::formula {

/// exp(logarithm) times powers of variables and of other programs, times the part's factor: exponents rounded
/// to halves, to thirds, and as they are, each with the factor that fits best and without one.
std::vector<Program> product_programs(const LawContext& context, const Part& part, double logarithm,
                                      const std::vector<int>& chosen, const std::vector<double>& exponents,
                                      const std::vector<std::pair<Program, double>>& others, double sign);

/// A number plus exponents times logarithms of variables and of other programs, exponents rounded to halves
/// and as they are; the k-th other program takes part as it is where `plain(k)`.
std::vector<Program> log_sum_programs(const LawContext& context, double offset,
                                      const std::vector<int>& chosen, const std::vector<double>& exponents,
                                      const std::vector<std::pair<Program, double>>& others,
                                      const std::function<bool(std::size_t)>& plain);

/// The target as a product of powers of all variables, fitted with equal errors and with equal relative ones.
std::vector<Program> power_programs(const LawContext& context, const Part& part);

/// A number beside a product of powers, through the views (views.hpp).
std::vector<Program> offset_programs(const LawContext& context, const Part& part);

} // namespace ropewalk::formula
