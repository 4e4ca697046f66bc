// assembly: the language both machines run. The only header other rooms include from here.
#pragma once

#include "ropewalk/assembly/instruction.hpp"
#include "ropewalk/assembly/instruction_set.hpp"
#include "ropewalk/assembly/padding.hpp"
#include "ropewalk/assembly/parser.hpp"
#include "ropewalk/assembly/printer.hpp"
#include "ropewalk/assembly/program.hpp"
#include "ropewalk/assembly/random_program.hpp"
#include "ropewalk/assembly/reachability.hpp"
