// machine: exact and differentiable execution of assembly. The only header other rooms include from here.
#pragma once

#include "ropewalk/machine/configuration.hpp"
#include "ropewalk/machine/evaluate.hpp"
#include "ropewalk/machine/exact.hpp"
#include "ropewalk/machine/example.hpp"
#include "ropewalk/machine/kernels/dispatch.hpp"
#include "ropewalk/machine/loss.hpp"
#include "ropewalk/machine/mass_ledger.hpp"
#include "ropewalk/machine/soft_run.hpp"
