// sketch: formulas relaxed into distributions, and descent on them. The only header other rooms include from
// here.
#pragma once

#include "ropewalk/formulas/sketch/executor.hpp"
#include "ropewalk/formulas/sketch/expected_length.hpp"
#include "ropewalk/formulas/sketch/gradient_search.hpp"
#include "ropewalk/formulas/sketch/kernels/executor_dispatch.hpp"
#include "ropewalk/formulas/sketch/relaxation.hpp"
#include "ropewalk/formulas/sketch/sketch_shape.hpp"
#include "ropewalk/formulas/sketch/syntax_tree.hpp"
