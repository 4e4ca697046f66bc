// learning: the hybrid method, which finds formulas exactly and learns to read images by gradient descent,
// and the folder that a run leaves behind. The only header other rooms include from here.
#pragma once

#include "ropewalk/images/learning/answer.hpp"
#include "ropewalk/images/learning/learn.hpp"
#include "ropewalk/images/learning/letter_search.hpp"
#include "ropewalk/images/learning/private_tables.hpp"
#include "ropewalk/images/learning/reading.hpp"
#include "ropewalk/images/learning/run_folder.hpp"
#include "ropewalk/images/learning/settings.hpp"
#include "ropewalk/images/learning/table_reader.hpp"
#include "ropewalk/images/learning/table_report.hpp"
