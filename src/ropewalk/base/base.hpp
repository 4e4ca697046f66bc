// base: what every room needs and no room owns. The only header other rooms include from here.
#pragma once

#include "ropewalk/base/diagnostic.hpp"
#include "ropewalk/base/expects.hpp"
#include "ropewalk/base/file.hpp"
#include "ropewalk/base/folder.hpp"
#include "ropewalk/base/interval.hpp"
#include "ropewalk/base/json_nesting.hpp"
#include "ropewalk/base/parallel.hpp"
#include "ropewalk/base/progress.hpp"
#include "ropewalk/base/random_fwd.hpp"
#include "ropewalk/base/result.hpp"
#include "ropewalk/base/run.hpp"
#include "ropewalk/base/source_text.hpp"
#include "ropewalk/base/stop.hpp"
#include "ropewalk/base/stop_check.hpp"
#include "ropewalk/base/stopwatch.hpp"
#include "ropewalk/base/target_choice.hpp"
