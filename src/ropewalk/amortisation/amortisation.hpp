// amortisation: networks that write programs in one pass, taught by the posterior or trained by gradient
// descent through the programs they write, as in the paper. The only header other rooms include from here.
#pragma once

#include "ropewalk/amortisation/amortise.hpp"
#include "ropewalk/amortisation/amortise_judge.hpp"
#include "ropewalk/amortisation/proposing.hpp"
#include "ropewalk/amortisation/roap.hpp"
#include "ropewalk/amortisation/roap_judge.hpp"
#include "ropewalk/amortisation/symbol_rows.hpp"
#include "ropewalk/amortisation/synthesizer_file.hpp"
