// synthesis: programs over lists from examples: contexts, banks, goals, choice -> functional
#pragma once

#include "ropewalk/programs/synthesis/choice.hpp"
#include "ropewalk/programs/synthesis/example_file.hpp"
#include "ropewalk/programs/synthesis/examples.hpp"
#include "ropewalk/programs/synthesis/synthesise.hpp"
