// laws: formulas for real data. Sums, products and functions with fitted numbers, and which formula of a
// front is the answer. The only header other rooms include from here.
#pragma once

#include "ropewalk/formulas/laws/cases.hpp"
#include "ropewalk/formulas/laws/explain.hpp"
#include "ropewalk/formulas/laws/explanation.hpp"
#include "ropewalk/formulas/laws/fit_plot.hpp"
#include "ropewalk/formulas/laws/form_fit.hpp"
#include "ropewalk/formulas/laws/noise_test.hpp"
#include "ropewalk/formulas/laws/number_units.hpp"
#include "ropewalk/formulas/laws/robust_loss.hpp"
#include "ropewalk/formulas/laws/same_form.hpp"
