// values: whole numbers, truth values and lists of them, as examples and programs over lists have them -> base
#pragma once

#include "ropewalk/programs/values/lists.hpp"
#include "ropewalk/programs/values/type.hpp"
#include "ropewalk/programs/values/value.hpp"
