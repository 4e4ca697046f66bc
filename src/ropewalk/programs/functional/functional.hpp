// functional: typed programs over whole numbers and lists: operators, text, evaluation, simplification -> values
#pragma once

#include "ropewalk/programs/functional/check.hpp"
#include "ropewalk/programs/functional/evaluate.hpp"
#include "ropewalk/programs/functional/names.hpp"
#include "ropewalk/programs/functional/operators.hpp"
#include "ropewalk/programs/functional/parse.hpp"
#include "ropewalk/programs/functional/print.hpp"
#include "ropewalk/programs/functional/program.hpp"
#include "ropewalk/programs/functional/random_program.hpp"
#include "ropewalk/programs/functional/simplify.hpp"
