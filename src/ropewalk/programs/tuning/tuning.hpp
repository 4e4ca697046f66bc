// tuning: gradient descent on programs, and what comes out of it. The only header other rooms include from
// here.
#pragma once

#include "ropewalk/programs/tuning/adam.hpp"
#include "ropewalk/programs/tuning/certificate.hpp"
#include "ropewalk/programs/tuning/certified_repair.hpp"
#include "ropewalk/programs/tuning/certify_part.hpp"
#include "ropewalk/programs/tuning/fit.hpp"
#include "ropewalk/programs/tuning/recovery.hpp"
#include "ropewalk/programs/tuning/repair.hpp"
#include "ropewalk/programs/tuning/report.hpp"
#include "ropewalk/programs/tuning/schedules.hpp"
#include "ropewalk/programs/tuning/tune.hpp"
#include "ropewalk/programs/tuning/tune_part.hpp"
