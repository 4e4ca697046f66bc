// The paper's tasks: distinct formulas, drawn without replacement, and data made from them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/formulas/expression/expression.hpp"

namespace ropewalk::formula {

/// Distinct polynomials of `variables` variables in the order of their smallest number of operators, each by
/// one of its shortest programs. Over {add, subtract, multiply} and three variables there are 3, 22, 150,
/// 1102, 8604, 70083 and 590303 with up to 0, 1, ..., 6 operators.
struct Pool {
    int variables = 0;
    std::vector<Program> formulas;
    std::vector<std::size_t> level_ends; ///< formulas with up to k operators are the first level_ends[k]
};

struct PoolOptions {
    int variables = 3;                ///< 1 to 8
    int operators = 3;                ///< 0 to 6
    bool with_zero = true;            ///< the zero polynomial (s1 - s1), whose outputs have no variance
    std::uint32_t most = 100'000'000; ///< formulas, beyond which there is no pool
};

/// Fails when a number is out of range, and, soon, when the pool outgrows `most`.
base::Result<Pool> formula_pool(const PoolOptions& options);

/// `count` different indices into the pool, uniform without replacement. Fails when the pool is smaller.
base::Result<std::vector<std::size_t>> draw_tasks(const Pool& pool, std::size_t count, std::uint64_t seed);

/// Labels 1..10 of the images of one input row: `rows` times `variables` numbers, uniform and independent,
/// row by row. `stream` separates the draws of one seed: training steps, test sets, tasks with images of
/// their own.
std::vector<int> draw_labels(std::size_t rows, int variables, std::uint64_t seed, std::uint64_t stream,
                             int smallest = 1, int largest = 10);

/// What the outputs of a task look like: y[t * rows + n] = formula t on symbols[n * variables + v]; sigma[t]
/// is the population standard deviation of y over the rows, as the paper's loss divides by.
struct TaskOutputs {
    std::vector<double> y;
    std::vector<double> sigma;
};

/// Outputs of the tasks on symbols shared by all of them (the paper's protocol). With `private_symbols`, the
/// symbols have a leading task axis: symbols[(t * rows + n) * variables + v].
TaskOutputs task_outputs(const Pool& pool, std::span<const std::size_t> tasks,
                         std::span<const double> symbols, std::size_t rows, bool private_symbols = false);

} // namespace ropewalk::formula
