// The control of benchmarks over lists: what one answers without any program.
#pragma once

#include "ropewalk/programs/synthesis/synthesis.hpp"

namespace ropewalk::papers {

/// The output of the example whose inputs are most like these: by the share of equal elements at equal places.
values::Value nearest_output(const synthesis::Examples& examples, const std::vector<values::Value>& inputs);

} // namespace ropewalk::papers
