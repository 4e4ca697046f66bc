// sdp: tables and curves of Synthesized Differentiable Programs. The only header other rooms include from
// here.
#pragma once

#include "papers/sdp/sdp_curve.hpp"
#include "papers/sdp/sdp_table1.hpp"
