// results: what docs/results measures beside the papers. The only header other rooms include from here.
#pragma once

#include "papers/results/digit_benchmark.hpp"
#include "papers/results/formula_recovery.hpp"
#include "papers/results/law_benchmarks.hpp"
#include "papers/results/list_benchmark.hpp"
#include "papers/results/manifests.hpp"
#include "papers/results/physics_laws.hpp"
#include "papers/results/sequence_benchmark.hpp"
