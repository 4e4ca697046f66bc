// tasks: what a program is asked to do. The only header other rooms include from here.
#pragma once

#include "ropewalk/tasks/catalogue.hpp"
#include "ropewalk/tasks/contradiction.hpp"
#include "ropewalk/tasks/example_file.hpp"
#include "ropewalk/tasks/task.hpp"
