// The kernels of sketches by name: executor, softmax and descent, once per vector instruction set.
#pragma once

#include <string>
#include <vector>

#include "ropewalk/formulas/sketch/kernels/adam.hpp"
#include "ropewalk/formulas/sketch/kernels/executor_task.hpp"
#include "ropewalk/formulas/sketch/kernels/softmax.hpp"

namespace ropewalk::formula {

/// Kernels as compiled for one target.
struct SketchKernels {
    std::string name;
    ExecutorKernel<float> run_float = nullptr;
    ExecutorKernel<double> run_double = nullptr;
    SoftmaxKernels<float> softmax_float;
    SoftmaxKernels<double> softmax_double;
    AdamKernel adam = nullptr;
};

/// Kernels that this machine can run, best first.
const std::vector<SketchKernels>& sketch_kernels();

} // namespace ropewalk::formula
