// The parts of the module `ropewalk._core`, a file each. What they bind is thin: values, and verbs that take
// and give them.
#pragma once

#include <nanobind/nanobind.h>

namespace ropewalk::python {

void bind_formulas(nanobind::module_& module);
void bind_programs(nanobind::module_& module);
void bind_layer(nanobind::module_& module);
void bind_induction(nanobind::module_& module);
void bind_lists(nanobind::module_& module);
void bind_tasks(nanobind::module_& module);

} // namespace ropewalk::python
