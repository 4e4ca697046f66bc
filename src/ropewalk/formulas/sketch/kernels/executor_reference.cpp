// The plain kernel of the executor.
#include <vector>

#include "ropewalk/formulas/sketch/kernels/executor_task.hpp"

namespace ropewalk::formula::plain {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// Slots and operands of one row, and the adjoint of the slots.
template<class Real>
class Row {
public:
    explicit Row(const ExecutorTask<Real>& task)
        : task_(task), slots_(at(task.shape.slots())), left_(at(task.shape.lines)),
          right_(at(task.shape.lines)), adjoint_(slots_.size()) {}

    Real forward(std::size_t row) {
        const SketchShape& shape = task_.shape;
        for (int v = 0; v < shape.variables; ++v) slots_[at(v)] = task_.symbols[at(v) * task_.rows + row];
        for (int l = 0; l < shape.lines; ++l) {
            const Real* const operation = task_.choices + shape.operator_begin(l);
            const Real* const left = task_.choices + shape.left_begin(l);
            const Real* const right = task_.choices + shape.right_begin(l);
            Real a = 0, b = 0;
            for (std::size_t i = 0; i < at(shape.operands(l)); ++i) {
                a += left[i] * slots_[i];
                b += right[i] * slots_[i];
            }
            Real value =
                operation[0] * (a + b) + operation[1] * (a - b) + operation[2] * (a * b) + operation[3] * a;
            // Comparisons that leave what is not a number as it is.
            if (value > task_.limit) value = task_.limit;
            if (value < -task_.limit) value = -task_.limit;
            left_[at(l)] = a;
            right_[at(l)] = b;
            slots_[at(shape.operands(l))] = value;
        }
        return slots_.back();
    }

    void backward(std::size_t row, Real seed) {
        const SketchShape& shape = task_.shape;
        std::fill(adjoint_.begin(), adjoint_.end(), Real{0});
        adjoint_.back() = seed;
        for (int l = shape.lines - 1; l >= 0; --l) {
            const Real value = slots_[at(shape.operands(l))];
            if (!(value < task_.limit && value > -task_.limit)) continue;
            const Real g = adjoint_[at(shape.operands(l))], a = left_[at(l)], b = right_[at(l)];
            const Real* const operation = task_.choices + shape.operator_begin(l);
            Real* const operation_gradient = task_.choice_gradient + shape.operator_begin(l);
            operation_gradient[0] += g * (a + b);
            operation_gradient[1] += g * (a - b);
            operation_gradient[2] += g * (a * b);
            operation_gradient[3] += g * a;
            const Real ga = g * (operation[0] + operation[1] + operation[2] * b + operation[3]);
            const Real gb = g * (operation[0] - operation[1] + operation[2] * a);
            for (std::size_t i = 0; i < at(shape.operands(l)); ++i) {
                adjoint_[i] += task_.choices[shape.left_begin(l) + i] * ga +
                               task_.choices[shape.right_begin(l) + i] * gb;
                task_.choice_gradient[shape.left_begin(l) + i] += ga * slots_[i];
                task_.choice_gradient[shape.right_begin(l) + i] += gb * slots_[i];
            }
        }
        for (int v = 0; v < shape.variables; ++v)
            task_.symbol_gradient[at(v) * task_.rows + row] = adjoint_[at(v)];
    }

private:
    const ExecutorTask<Real>& task_;
    std::vector<Real> slots_, left_, right_, adjoint_;
};

} // namespace

template<class Real>
void run_executor_task(const ExecutorTask<Real>& task) {
    Row<Real> row(task);
    Real squares = 0;
    if (task.choice_gradient != nullptr) std::fill_n(task.choice_gradient, task.shape.choices(), Real{0});
    for (std::size_t n = 0; n < task.rows; ++n) {
        const Real output = row.forward(n);
        if (task.outputs != nullptr) task.outputs[n] = output;
        Real seed = 0;
        if (task.output_gradient != nullptr)
            seed = task.output_gradient[n];
        else if (task.targets != nullptr) {
            const Real difference = output - task.targets[n];
            squares += difference * difference;
            seed = task.weight * difference;
        }
        if (task.choice_gradient != nullptr) row.backward(n, seed);
    }
    if (task.loss != nullptr) *task.loss = task.weight / 2 * squares;
}

template void run_executor_task(const ExecutorTask<float>&);
template void run_executor_task(const ExecutorTask<double>&);

} // namespace ropewalk::formula::plain
