// language: a small typed language for array programs. The only header other rooms include from here.
#pragma once

#include "ropewalk/language/evaluate.hpp"
#include "ropewalk/language/lower.hpp"
#include "ropewalk/language/parser.hpp"
#include "ropewalk/language/random_program.hpp"
#include "ropewalk/language/syntax.hpp"
