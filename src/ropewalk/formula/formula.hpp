// formula: straight-line programs, their exact search and their differentiable sketch. The only header other
// rooms include from here.
#pragma once

#include "ropewalk/formula/enumeration.hpp"
#include "ropewalk/formula/explain.hpp"
#include "ropewalk/formula/field.hpp"
#include "ropewalk/formula/formula_search.hpp"
#include "ropewalk/formula/fit_plot.hpp"
#include "ropewalk/formula/front.hpp"
#include "ropewalk/formula/operators.hpp"
#include "ropewalk/formula/polynomial.hpp"
#include "ropewalk/formula/pool.hpp"
#include "ropewalk/formula/precision.hpp"
#include "ropewalk/formula/program.hpp"
#include "ropewalk/formula/same_form.hpp"
#include "ropewalk/formula/table.hpp"
#include "ropewalk/formula/text.hpp"
#include "ropewalk/formula/units.hpp"
#include "ropewalk/formula/written_text.hpp"

#include "ropewalk/formula/executor.hpp"
#include "ropewalk/formula/expected_length.hpp"
#include "ropewalk/formula/gradient_search.hpp"
#include "ropewalk/formula/kernels/executor_dispatch.hpp"
#include "ropewalk/formula/relaxation.hpp"
#include "ropewalk/formula/sketch.hpp"
#include "ropewalk/formula/syntax_tree.hpp"
