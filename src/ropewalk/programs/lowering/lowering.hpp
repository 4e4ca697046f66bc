// lowering: programs over lists as assembly. The only header other rooms include from here.
#pragma once

#include "ropewalk/programs/lowering/layout.hpp"
#include "ropewalk/programs/lowering/lower_lists.hpp"
#include "ropewalk/programs/lowering/needs.hpp"
