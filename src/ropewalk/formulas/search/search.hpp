// search: exact search for formulas, smallest first, and the pool of all small ones. The only header other
// rooms include from here.
#pragma once

#include "ropewalk/formulas/search/column_evaluation.hpp"
#include "ropewalk/formulas/search/constants.hpp"
#include "ropewalk/formulas/search/enumeration.hpp"
#include "ropewalk/formulas/search/field.hpp"
#include "ropewalk/formulas/search/formula_search.hpp"
#include "ropewalk/formulas/search/kernels/columns.hpp"
#include "ropewalk/formulas/search/pool.hpp"
#include "ropewalk/formulas/search/precision.hpp"
#include "ropewalk/formulas/search/scan_units.hpp"
#include "ropewalk/formulas/search/screening.hpp"
