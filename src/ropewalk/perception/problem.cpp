#include "ropewalk/perception/problem.hpp"

namespace ropewalk::perception {

std::vector<formula::Program> Problem::programs() const {
    std::vector<formula::Program> programs;
    for (const std::size_t task : tasks) programs.push_back(pool.formulas[task]);
    return programs;
}

base::Result<Problem> make_problem(Dataset dataset, const ProblemOptions& options) {
    auto pool = formula::formula_pool({.variables = 3, .operators = options.operators, .with_zero = false});
    if (!pool) return base::failure(pool.error());
    auto table = monomial_table(pool->formulas);
    if (!table) return base::failure(table.error());
    auto tasks = formula::draw_tasks(*pool, options.tasks, options.seed);
    if (!tasks) return base::failure(tasks.error());
    constexpr std::size_t rows = 4096;
    std::vector<double> symbols;
    for (const int label : formula::draw_labels(rows, 3, options.seed, 0)) symbols.push_back(label / 10.0);
    auto sigma = formula::task_outputs(*pool, *tasks, symbols, rows).sigma;
    return Problem{std::move(dataset), std::move(*pool), std::move(*table),
                   std::move(*tasks),  std::move(sigma), options.seed};
}

} // namespace ropewalk::perception
