// machine: exact and differentiable execution of assembly. The only header other rooms include from here.
#pragma once

#include "ropewalk/programs/machine/configuration.hpp"
#include "ropewalk/programs/machine/evaluate.hpp"
#include "ropewalk/programs/machine/exact.hpp"
#include "ropewalk/programs/machine/example.hpp"
#include "ropewalk/programs/machine/kernels/dispatch.hpp"
#include "ropewalk/programs/machine/layer.hpp"
#include "ropewalk/programs/machine/loss.hpp"
#include "ropewalk/programs/machine/mass_ledger.hpp"
#include "ropewalk/programs/machine/soft_run.hpp"
#include "ropewalk/programs/machine/trace.hpp"
