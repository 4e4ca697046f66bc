// Which kernel machine::evaluate and machine::run_layer run: picked once, and possible to force.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/programs/machine/evaluate.hpp"
#include "ropewalk/programs/machine/layer.hpp"

namespace ropewalk::machine {

/// Names of the kernels this machine can run, best first: some of avx512, avx2, sse4, neon, then scalar, then
/// reference (the plain kernel).
std::vector<std::string> available_targets();

/// The kernel that machine::evaluate runs in single precision.
std::string active_target();

/// Programs that the active kernel runs side by side. Callers that split programs over threads make pieces of
/// a multiple of it; with Lanes::reproducible or Lanes::programs other splits give the same results, slower.
int active_lanes();

/// Makes machine::evaluate run the named kernel from now on, in all threads, and returns its name; `auto` is
/// the best available one. An unknown or unavailable name changes nothing and is an error that lists what
/// there is.
base::Result<std::string> force_target(std::string_view name);

/// What the environment variable ROPEWALK_TARGET asked for, as by `force_target`; `auto` when it is not set.
/// A value that cannot be honoured is ignored by machine::evaluate, and is the error returned here.
base::Result<std::string> target_from_environment();

/// machine::evaluate on the active kernel.
void evaluate_on_active_target(const EvaluationRequest& request, std::span<const float> weights,
                               std::span<const Example> examples, std::span<float> losses,
                               std::span<float> gradient);

/// machine::run_layer on the active kernel, in either precision.
template<class Real>
void run_layer_on_active_target(const LayerRequest& request, std::span<const Real> weights,
                                std::span<const Real> memory, std::span<Real> result);

/// machine::run_layer_adjoint on the active kernel.
template<class Real>
void run_layer_adjoint_on_active_target(const LayerRequest& request, std::span<const Real> weights,
                                        std::span<const Real> memory, std::span<const Real> result_adjoint,
                                        std::span<Real> weight_adjoint, std::span<Real> memory_adjoint);

} // namespace ropewalk::machine
