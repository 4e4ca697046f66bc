// tuning: gradient descent on programs, and what comes out of it. The only header other rooms include from
// here.
#pragma once

#include "ropewalk/tuning/adam.hpp"
#include "ropewalk/tuning/certificate.hpp"
#include "ropewalk/tuning/fit.hpp"
#include "ropewalk/tuning/recovery.hpp"
#include "ropewalk/tuning/repair.hpp"
#include "ropewalk/tuning/schedules.hpp"
#include "ropewalk/tuning/tune.hpp"
