#pragma once

#include <string>
#include <vector>

#include "papers/shared/shared.hpp"
#include "ropewalk/base/base.hpp"

namespace ropewalk::papers {

struct RecoveryOptions {
    /// Formulas drawn from the pool of up to five operators and three variables.
    int tasks = 200;
    std::size_t rows = 200;
    /// Standard deviation of the noise as a share of the target's.
    double noise = 0.01;
    /// Time for each law of physics.
    double law_seconds = 30;
    /// Time for each formula and solver of the part `crossover`.
    double solver_seconds = 10;
    /// Formulas of each size in the part `crossover`.
    int crossover_tasks = 20;
    /// Parts to run, of `exact`, `noise`, `constants`, `crossover`, `laws`; empty: all.
    std::vector<std::string> parts;
    std::uint64_t seed = 0;
    ExperimentRun run;
};

/// One formula that was hidden in a table, and what the search made of it.
struct Recovery {
    std::string part;
    std::string name;   ///< the law, or the formula's normal form
    int operators = 0;  ///< of the hidden formula
    bool found = false; ///< see `formula_recovery`
    double seconds = 0;
    std::string answer; ///< the last formula of the front
};

struct RecoveryTable {
    std::vector<Recovery> runs;
    bool complete = false;
};

/// How often the exact search finds a formula again from a table of its values, on one thread each except for
/// laws.
///
/// `exact`: formulas of the pool, variables uniform in [-2, 2]; found means that the smallest exact formula
/// is the same polynomial. `noise`: the same with noise on the target; found means that the true formula is
/// on the front. `constants`: a * p + c with a and c uniform in [-2, 2]; found means exact. `laws`:
/// physics_laws.hpp, with the functions of the law switched on and numbers fitted; found means exact. Fails
/// on an unknown part.
base::Result<RecoveryTable> formula_recovery(const RecoveryOptions& options);

std::string to_json(const RecoveryTable& table);
std::string to_csv(const RecoveryTable& table);
std::string to_markdown(const RecoveryTable& table);

} // namespace ropewalk::papers
