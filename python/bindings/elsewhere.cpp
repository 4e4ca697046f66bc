#include "elsewhere.hpp"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;

namespace ropewalk::python {

std::vector<std::string> answers_of(const nb::object& elsewhere, const std::string& problem,
                                    const std::vector<std::string>& units, const base::Stop& stop) {
    const nb::gil_scoped_acquire with_lock;
    const nb::object stopped = nb::cpp_function([stop] { return stop.requested(); });
    return nb::cast<std::vector<std::string>>(elsewhere(problem, units, stopped));
}

} // namespace ropewalk::python
