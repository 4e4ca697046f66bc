// rules: what may be behind an output beside formulas of sums and products: programs over rows of letters, and
// how likely they make it. The only header other rooms include from here.
#pragma once

#include "ropewalk/images/rules/fold.hpp"
#include "ropewalk/images/rules/families.hpp"
#include "ropewalk/images/rules/fold_frequencies.hpp"
#include "ropewalk/images/rules/fold_likelihood.hpp"
#include "ropewalk/images/rules/fold_outputs.hpp"
#include "ropewalk/images/rules/rule.hpp"
