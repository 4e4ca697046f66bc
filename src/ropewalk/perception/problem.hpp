// What a run is to solve: images, tasks drawn from the pool, and the tables they need.
#pragma once

#include "ropewalk/formula/formula.hpp"
#include "ropewalk/perception/batch.hpp"
#include "ropewalk/perception/images.hpp"
#include "ropewalk/perception/monomials.hpp"

namespace ropewalk::perception {

/// Images and tasks. A task is a formula of the pool; learning sees only the outputs it gives.
struct Problem {
    Dataset dataset;
    formula::Pool pool;             ///< without the zero polynomial: 1,101 formulas for three operators
    MonomialTable table;            ///< of the pool
    std::vector<std::size_t> tasks; ///< indices into the pool, all different
    std::vector<double> sigma; ///< population standard deviation of each task's outputs on training labels
    std::uint64_t seed = 0;

    /// The programs behind the tasks.
    std::vector<formula::Program> programs() const;
};

struct ProblemOptions {
    std::size_t tasks = 500;
    int operators = 3; ///< of the pool's largest formulas
    std::uint64_t seed = 0;
};

/// Fails when the pool has fewer formulas than tasks.
base::Result<Problem> make_problem(Dataset dataset, const ProblemOptions& options);

} // namespace ropewalk::perception
