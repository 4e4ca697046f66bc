// assembly: the language both machines run. The only header other rooms include from here.
#pragma once

#include "ropewalk/programs/assembly/instruction.hpp"
#include "ropewalk/programs/assembly/instruction_set.hpp"
#include "ropewalk/programs/assembly/padding.hpp"
#include "ropewalk/programs/assembly/parser.hpp"
#include "ropewalk/programs/assembly/printer.hpp"
#include "ropewalk/programs/assembly/program.hpp"
#include "ropewalk/programs/assembly/random_program.hpp"
#include "ropewalk/programs/assembly/reachability.hpp"
