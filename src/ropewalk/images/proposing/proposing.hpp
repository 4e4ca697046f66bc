// proposing: networks that write programs in one pass, taught by the posterior. The only header other rooms
// include from here.
#pragma once

#include "ropewalk/images/proposing/amortise.hpp"
#include "ropewalk/images/proposing/amortise_judge.hpp"
#include "ropewalk/images/proposing/candidates.hpp"
#include "ropewalk/images/proposing/proposals.hpp"
#include "ropewalk/images/proposing/symbol_rows.hpp"
#include "ropewalk/images/proposing/synthesizer_file.hpp"
