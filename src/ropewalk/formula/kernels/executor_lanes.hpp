// The kernels of sketches by name: executor and softmax, once per vector instruction set.
#pragma once

#include <string>
#include <vector>

#include "ropewalk/formula/kernels/executor_task.hpp"
#include "ropewalk/formula/kernels/softmax.hpp"

namespace ropewalk::formula {

/// Kernels as compiled for one target.
struct ExecutorLanes {
    std::string name;
    ExecutorKernel<float> run_float = nullptr;
    ExecutorKernel<double> run_double = nullptr;
    SoftmaxKernels<float> softmax_float;
    SoftmaxKernels<double> softmax_double;
};

/// Kernels that this machine can run, best first.
const std::vector<ExecutorLanes>& executor_lanes();

} // namespace ropewalk::formula
