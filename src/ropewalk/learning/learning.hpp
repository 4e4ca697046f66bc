// learning: the hybrid method, which finds formulas exactly and learns to read images by gradient descent,
// and the folder that a run leaves behind. The only header other rooms include from here.
#pragma once

#include "ropewalk/learning/learn.hpp"
#include "ropewalk/learning/letter_search.hpp"
#include "ropewalk/learning/private_tables.hpp"
#include "ropewalk/learning/reading.hpp"
#include "ropewalk/learning/run_folder.hpp"
#include "ropewalk/learning/settings.hpp"
#include "ropewalk/learning/table_reader.hpp"
#include "ropewalk/learning/table_report.hpp"
