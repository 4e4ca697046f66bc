// experiments: one file per table or figure of the papers or of docs/results. The only header other rooms
// include from here.
#pragma once

#include "ropewalk/experiments/formula_recovery.hpp"
#include "ropewalk/experiments/law_benchmarks.hpp"
#include "ropewalk/experiments/manifests.hpp"
#include "ropewalk/experiments/physics_laws.hpp"
#include "ropewalk/experiments/roap_figures.hpp"
#include "ropewalk/experiments/roap_table1.hpp"
#include "ropewalk/experiments/roap_table2.hpp"
#include "ropewalk/experiments/sdp_curve.hpp"
#include "ropewalk/experiments/sdp_table1.hpp"
