// induction: from a task to a certified program. The only header other rooms include from here.
#pragma once

#include "ropewalk/programs/induction/exceptions.hpp"
#include "ropewalk/programs/induction/induce.hpp"
#include "ropewalk/programs/induction/realise.hpp"
#include "ropewalk/programs/induction/rebase.hpp"
#include "ropewalk/programs/induction/report.hpp"
