// identification: formulas and symbols from numbers alone, without images or networks. The only header other
// rooms include from here.
#pragma once

#include "ropewalk/images/identification/alphabet.hpp"
#include "ropewalk/images/identification/consensus.hpp"
#include "ropewalk/images/identification/decisions.hpp"
#include "ropewalk/images/identification/decode.hpp"
#include "ropewalk/images/identification/image_classes.hpp"
#include "ropewalk/images/identification/letter_posterior.hpp"
#include "ropewalk/images/identification/letter_values.hpp"
#include "ropewalk/images/identification/moments.hpp"
#include "ropewalk/images/identification/monomials.hpp"
#include "ropewalk/images/identification/output_folds.hpp"
#include "ropewalk/images/identification/output_statistics.hpp"
#include "ropewalk/images/identification/posterior.hpp"
#include "ropewalk/images/identification/symbol_table.hpp"
#include "ropewalk/images/identification/table_summary.hpp"
