// inference: formulas and symbols from numbers alone, without images or networks. The only header other rooms
// include from here.
#pragma once

#include "ropewalk/inference/alphabet.hpp"
#include "ropewalk/inference/consensus.hpp"
#include "ropewalk/inference/decisions.hpp"
#include "ropewalk/inference/decode.hpp"
#include "ropewalk/inference/image_classes.hpp"
#include "ropewalk/inference/letter_posterior.hpp"
#include "ropewalk/inference/letter_values.hpp"
#include "ropewalk/inference/moments.hpp"
#include "ropewalk/inference/monomials.hpp"
#include "ropewalk/inference/output_statistics.hpp"
#include "ropewalk/inference/posterior.hpp"
#include "ropewalk/inference/symbol_table.hpp"
#include "ropewalk/inference/table_summary.hpp"
