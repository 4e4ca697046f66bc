// language: a small typed language for array programs. The only header other rooms include from here.
#pragma once

#include "ropewalk/programs/language/emitter.hpp"
#include "ropewalk/programs/language/evaluate.hpp"
#include "ropewalk/programs/language/lower.hpp"
#include "ropewalk/programs/language/parser.hpp"
#include "ropewalk/programs/language/random_program.hpp"
#include "ropewalk/programs/language/syntax.hpp"
