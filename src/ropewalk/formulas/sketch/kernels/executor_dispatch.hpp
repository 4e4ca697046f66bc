// Which kernels executor and relaxation run: picked once, and possible to force.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/formulas/sketch/kernels/adam.hpp"
#include "ropewalk/formulas/sketch/kernels/executor_task.hpp"
#include "ropewalk/formulas/sketch/kernels/softmax.hpp"

namespace ropewalk::formula {

/// Names of the executor's kernels that this machine can run, best first: some of avx512, avx2, sse4, neon,
/// then scalar, then reference (the plain kernel).
const std::vector<std::string>& executor_targets();

/// The kernel that `execute` runs: what ROPEWALK_TARGET asks for where that can be had, else the best one.
std::string active_executor_target();

/// Makes `execute` run the named kernel from now on, in all threads, and returns its name; `auto` is the best
/// one. An unknown or unavailable name changes nothing and is an error that lists what there is.
base::Result<std::string> force_executor_target(std::string_view name);

/// The active kernel, for Real = float or double.
template<class Real>
ExecutorKernel<Real> active_executor_kernel();

template<>
ExecutorKernel<float> active_executor_kernel<float>();
template<>
ExecutorKernel<double> active_executor_kernel<double>();

/// The active kernels of the relaxation.
template<class Real>
const SoftmaxKernels<Real>& active_softmax_kernels();

template<>
const SoftmaxKernels<float>& active_softmax_kernels<float>();
template<>
const SoftmaxKernels<double>& active_softmax_kernels<double>();

/// The active kernel of descent.
AdamKernel active_adam_kernel();

} // namespace ropewalk::formula
