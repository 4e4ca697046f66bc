// Units of work that a search sends to a function of Python, which has them run by others.
#pragma once

#include <string>
#include <vector>

#include <nanobind/nanobind.h>

#include "ropewalk/base/base.hpp"

namespace ropewalk::python {

/// What `elsewhere(problem, units, stopped)` answers: a text for every unit, or fewer once `stopped()` says True. Called
/// from a thread that does not hold Python's lock; what Python raises is thrown on.
std::vector<std::string> answers_of(const nanobind::object& elsewhere, const std::string& problem,
                                    const std::vector<std::string>& units, const base::Stop& stop);

} // namespace ropewalk::python
