#include <nanobind/stl/string.h>

#include "bindings.hpp"
#include "errors.hpp"
#include "ropewalk/programs/machine/machine.hpp"
#include "ropewalk/version.hpp"

NB_MODULE(_core, module) {
    using namespace ropewalk::python;
    module.doc() = "What the package `ropewalk` takes from the C++ library. Use `ropewalk` itself: names "
                   "here may change.";
    module.attr("version") = ropewalk::version;
    module.def("target", [] { return ropewalk::machine::active_target(); }, "Kernels that run here, such as avx2.");
    nanobind::set_leak_warnings(false);
    bind_errors(module);
    bind_formulas(module);
    bind_programs(module);
    bind_tasks(module);
    bind_induction(module);
    bind_lists(module);
    bind_layer(module);
}
