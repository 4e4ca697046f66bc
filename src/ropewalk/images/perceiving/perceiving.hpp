// perceiving: one run from images and numbers to a judged answer, kept in a folder. The only header other
// rooms include from here.
#pragma once

#include "ropewalk/images/perceiving/perceive.hpp"
#include "ropewalk/images/perceiving/report.hpp"
#include "ropewalk/images/perceiving/seeds.hpp"
