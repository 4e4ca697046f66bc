// tasks: what a program is asked to do. The only header other rooms include from here.
#pragma once

#include "ropewalk/programs/tasks/catalogue.hpp"
#include "ropewalk/programs/tasks/contradiction.hpp"
#include "ropewalk/programs/tasks/example_file.hpp"
#include "ropewalk/programs/tasks/task.hpp"
