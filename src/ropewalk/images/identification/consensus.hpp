// Consensus: a few formulas that agree on the symbols of every row give away all others.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ropewalk/images/identification/decisions.hpp"
#include "ropewalk/images/identification/monomials.hpp"

namespace ropewalk::identification {

/// Rows that the formulas are to explain.
struct ConsensusRows {
    std::span<const double> y;       ///< outputs, [tasks, rows]
    std::span<const double> symbols; ///< what the grounder holds them to be, [rows, variables]
};

struct ConsensusOptions {
    std::size_t tasks = 96;       ///< that subsets are drawn from: those decided with the largest margin
    std::size_t more = 2;         ///< tasks in a subset beyond the number of variables
    std::size_t few_tasks = 10;   ///< below this many one more is enough: every row is asked all the same
    std::size_t trials = 400;     ///< subsets drawn
    std::size_t checked_rows = 6; ///< that a subset has to explain before all rows are decoded
    double exact = 1e-6;          ///< root mean square of (y - f(s)) / sigma that counts as none
    double least_agreeing = 0.95; ///< share of all tasks
    std::uint64_t seed = 0;
};

/// Formulas that explain the outputs exactly, with the same symbols.
struct Consensus {
    std::vector<Decision> decisions; ///< one per task; errors and margins are those on decoded symbols
    std::size_t agreeing = 0;        ///< tasks whose formula leaves no error
    double residual = 0;             ///< the largest of those
};

/// Looks for a small subset of the tasks whose present formulas, more than there are symbols in a row, have
/// a common solution on every row. Wrong formulas hardly ever do, so the solution is the symbols, and with
/// the symbols the formula of every other task can be looked up. (Random sample consensus, Fischler & Bolles
/// 1981; the network need have few formulas right, and its symbols serve as starts only.) Nothing where there
/// are too few tasks, where outputs are not exact, or where so many formulas are wrong that no subset is
/// right. `step` keys the subsets drawn.
std::optional<Consensus> find_consensus(const MonomialTable& pool, std::span<const Decision> decisions,
                                        std::span<const double> sigma, const ConsensusRows& rows,
                                        std::uint64_t step, const ConsensusOptions& options = {});

} // namespace ropewalk::identification
