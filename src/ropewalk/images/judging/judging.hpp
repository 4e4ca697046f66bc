// judging: how well images are read and tasks are solved, on images that learning has not seen. The only
// header other rooms include from here.
#pragma once

#include "ropewalk/images/judging/generalisation.hpp"
#include "ropewalk/images/judging/given_judge.hpp"
#include "ropewalk/images/judging/judge.hpp"
#include "ropewalk/images/judging/judged_rows.hpp"
#include "ropewalk/images/judging/row_outputs.hpp"
