// What a kernel of the executor does: one task, forward and adjoint.
#pragma once

#include <cstddef>

#include "ropewalk/formulas/sketch/sketch_shape.hpp"

namespace ropewalk::formula {

/// One task, all of whose numbers are finite. Symbols and their gradient are columns: symbol v of row n is
/// symbols[v * rows + n]. Null pointers: nobody wants it. Gradients are wanted when choice_gradient is given,
/// and then symbol_gradient is, too.
template<class Real>
struct ExecutorTask {
    SketchShape shape;
    std::size_t rows = 0;
    const Real* choices = nullptr;
    const Real* symbols = nullptr;
    Real limit = 0;
    const Real* output_gradient = nullptr; ///< otherwise weight * (output - target)
    const Real* targets = nullptr;
    Real weight = 0;
    Real* outputs = nullptr;
    Real* loss = nullptr; ///< with targets: weight / 2 * sum of squared errors
    Real* choice_gradient = nullptr;
    Real* symbol_gradient = nullptr;
};

/// A kernel; what it writes is not finite where values overflow.
template<class Real>
using ExecutorKernel = void (*)(const ExecutorTask<Real>&);

namespace plain {

/// The plain kernel: row by row, every sum in the order of the equations.
template<class Real>
void run_executor_task(const ExecutorTask<Real>& task);

extern template void run_executor_task(const ExecutorTask<float>&);
extern template void run_executor_task(const ExecutorTask<double>&);

} // namespace plain

} // namespace ropewalk::formula
