// expression: operators, units, and formulas as straight-line programs. The only header other rooms include
// from here.
#pragma once

#include "ropewalk/formulas/expression/operators.hpp"
#include "ropewalk/formulas/expression/polynomial.hpp"
#include "ropewalk/formulas/expression/program.hpp"
#include "ropewalk/formulas/expression/unit_span.hpp"
#include "ropewalk/formulas/expression/units.hpp"
