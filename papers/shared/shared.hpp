// shared: how experiments are run, runs that are finished, their numbers and their part of a progress bar. The only
// header other rooms include from here.
#pragma once

#include "papers/shared/experiment_run.hpp"
#include "papers/shared/finished_runs.hpp"
#include "papers/shared/finished_units.hpp"
#include "papers/shared/median.hpp"
#include "papers/shared/part_states.hpp"
#include "papers/shared/progress_part.hpp"
#include "papers/shared/run_fields.hpp"
#include "papers/shared/stored_number.hpp"
#include "papers/shared/unit_files.hpp"
