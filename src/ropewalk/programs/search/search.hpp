// search: exhaustive enumeration of programs from examples. The only header other rooms include from here.
#pragma once

#include "ropewalk/programs/search/candidate_machine.hpp"
#include "ropewalk/programs/search/choice.hpp"
#include "ropewalk/programs/search/cost_model.hpp"
#include "ropewalk/programs/search/enumerate.hpp"
#include "ropewalk/programs/search/hole_bank.hpp"
#include "ropewalk/programs/search/library_learning.hpp"
#include "ropewalk/programs/search/open_readings.hpp"
#include "ropewalk/programs/search/sketch.hpp"
#include "ropewalk/programs/search/units_elsewhere.hpp"
