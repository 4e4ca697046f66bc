// The fast kernels of the executor: samples in the lanes of vectors, once per vector instruction set.
#pragma once

#include <string>
#include <vector>

#include "ropewalk/formula/kernels/executor_task.hpp"

namespace ropewalk::formula {

/// The fast kernel as compiled for one target.
struct ExecutorLanes {
    std::string name;
    ExecutorKernel<float> run_float = nullptr;
    ExecutorKernel<double> run_double = nullptr;
};

/// Kernels that this machine can run, best first.
const std::vector<ExecutorLanes>& executor_lanes();

} // namespace ropewalk::formula
