// compiler: programs to weights and back. The only header other rooms include from here.
#pragma once

#include "ropewalk/programs/compiler/compile.hpp"
#include "ropewalk/programs/compiler/decompile.hpp"
#include "ropewalk/programs/compiler/model.hpp"
#include "ropewalk/programs/compiler/model_file.hpp"
