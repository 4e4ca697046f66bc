// table: tables of numbers, the column to explain, and how well formulas explain it. The only header other
// rooms include from here.
#pragma once

#include "ropewalk/formulas/table/cell.hpp"
#include "ropewalk/formulas/table/csv_table.hpp"
#include "ropewalk/formulas/table/front.hpp"
#include "ropewalk/formulas/table/hold_out.hpp"
#include "ropewalk/formulas/table/lags.hpp"
