// networks: what reads images and writes programs, behind interfaces without libtorch. The only header other
// rooms include from here.
#pragma once

#include "ropewalk/images/networks/engine.hpp"
#include "ropewalk/images/networks/fold_rows_likelihood.hpp"
#include "ropewalk/images/networks/letter_likelihood.hpp"
#include "ropewalk/images/networks/process_group.hpp"
#include "ropewalk/images/networks/program_code.hpp"
#include "ropewalk/images/networks/proposer.hpp"
#include "ropewalk/images/networks/rates.hpp"
#include "ropewalk/images/networks/roap_engine.hpp"
#include "ropewalk/images/networks/tensors.hpp"
