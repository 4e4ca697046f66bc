// search: exhaustive enumeration of programs from examples. The only header other rooms include from here.
#pragma once

#include "ropewalk/search/candidate_machine.hpp"
#include "ropewalk/search/choice.hpp"
#include "ropewalk/search/cost_model.hpp"
#include "ropewalk/search/enumerate.hpp"
#include "ropewalk/search/hole_bank.hpp"
#include "ropewalk/search/library_learning.hpp"
#include "ropewalk/search/sketch.hpp"
