// compiler: programs to weights and back. The only header other rooms include from here.
#pragma once

#include "ropewalk/compiler/compile.hpp"
#include "ropewalk/compiler/decompile.hpp"
#include "ropewalk/compiler/model.hpp"
#include "ropewalk/compiler/model_file.hpp"
