// induction: from a task to a certified program. The only header other rooms include from here.
#pragma once

#include "ropewalk/induction/deadline.hpp"
#include "ropewalk/induction/induce.hpp"
#include "ropewalk/induction/realise.hpp"
