#include "ropewalk/images/problems/problem.hpp"

#include <fmt/format.h>

#include "ropewalk/images/problems/given.hpp"

namespace ropewalk::perception {

std::vector<formula::Program> Problem::programs() const { return programs(tasks); }

std::vector<formula::Program> Problem::programs(std::span<const std::size_t> formulas) const {
    std::vector<formula::Program> programs;
    for (const std::size_t formula : formulas) programs.push_back(pool.formulas[formula]);
    return programs;
}

bool Problem::has_long_rows() const {
    return given() && (!given()->training.starts.empty() || static_cast<std::size_t>(pool.variables) > most_variables);
}

base::Result<ExampleSource> example_source(const Problem& problem, std::size_t least) {
    if (problem.given()) {
        ExampleSource source;
        source.images = &problem.dataset.train;
        source.variables = problem.pool.variables;
        source.tasks = problem.task_count();
        source.seed = problem.seed;
        source.given = {std::shared_ptr<const void>(), &problem.given()->training}; // the problem owns them
        return source;
    }
    auto source = example_source(problem.dataset.train, problem.programs(), problem.seed);
    if (!source || !problem.has_private_images()) return source;
    if (const auto shared_out = give_private_images(*source, least); !shared_out)
        return base::failure(shared_out.error());
    return source;
}

std::string task_name(const Problem& problem, std::size_t task) {
    return problem.given() ? problem.given()->outputs[task] : fmt::format("task {}", task);
}

base::Result<Problem> make_problem(datasets::Dataset dataset, const ProblemOptions& options) {
    auto pool = formula::formula_pool({.variables = 3, .operators = options.operators, .with_zero = false});
    if (!pool) return base::failure(pool.error());
    auto table = identification::monomial_table(pool->formulas);
    if (!table) return base::failure(table.error());
    auto tasks = formula::draw_tasks(*pool, options.tasks, options.seed);
    if (!tasks) return base::failure(tasks.error());
    constexpr std::size_t rows = 4096;
    std::vector<double> symbols;
    for (const int label : formula::draw_labels(rows, 3, options.seed, 0)) symbols.push_back(label / 10.0);
    auto sigma = formula::task_outputs(*pool, *tasks, symbols, rows).sigma;
    Problem problem;
    problem.dataset = std::move(dataset);
    problem.pool = std::move(*pool);
    problem.table = std::move(*table);
    problem.tasks = std::move(*tasks);
    problem.sigma = std::move(sigma);
    problem.seed = options.seed;
    if (options.private_images) problem.rows = PrivateRows{};
    return problem;
}

} // namespace ropewalk::perception
