#pragma once

#include <optional>
#include <string>
#include <vector>

#include "papers/shared/shared.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/learning/learning.hpp"

namespace ropewalk::papers {

/// One run, measured: tasks drawn and images learned with one seed.
struct RoapTable2Run {
    std::size_t tasks = 0;
    std::uint64_t seed = 0;
    std::size_t programs_right = 0;
    double symbolic_loss = 0; ///< on test images
    double modulo_gauge = 0;
    bool table = false; ///< whether formulas are from a symbol table, which alone says what is determined
    std::size_t by_data = 0, by_prior = 0, undetermined = 0; ///< formulas
    std::string symbols; ///< "by the data", "by the prior" or "no"; empty without a table
    double seconds = 0;
    double processor_seconds = 0;

    /// Whether the symbols are grounded as the paper counts it: a symbolic loss of at most 0.05.
    bool grounded() const { return symbolic_loss <= 0.05; }
    /// Whether the run says of itself that formulas and symbols are determined.
    bool claimed() const { return table && undetermined == 0 && symbols != "no"; }
};

/// What a single task pins down, over all formulas of the pool: formulas by how they are determined, and of
/// those how many are right and have every symbol right.
struct RoapAlone {
    struct Count {
        std::size_t formulas = 0, right = 0, symbols_claimed = 0, symbols_right = 0;
    };
    Count by_data, by_prior, undetermined;
    double seconds = 0;
};

struct RoapTable2Options {
    learning::Settings settings; ///< images, network, start and alphabet; the seed is that of the first run
    std::vector<std::size_t> tasks{1, 2, 5, 20, 100};
    std::size_t seeds = 10;
    std::size_t steps = 400; ///< that read images after the search
    bool alone = true;       ///< whether each formula of the pool is looked at alone
    ExperimentRun run;
};

struct RoapTable2 {
    std::string settings; ///< learning::to_json
    std::size_t steps = 0;
    std::vector<RoapTable2Run> runs;
    std::optional<RoapAlone> alone;
    bool complete = false; ///< whether every run that was asked for is there
};

/// Table 2 of Tang & Ellis: how often symbols are grounded, by the number of tasks. Fails on numbers out of
/// range, and when `resume` is set and the state file is of another table.
base::Result<RoapTable2> roap_table2(const RoapTable2Options& options);

/// Every formula of the pool as the only task, with a table of symbols for ten labels.
base::Result<RoapAlone> roap_alone(identification::AlphabetPrior prior, const RoapTable2Options& options,
                                   const base::ProgressSink& progress = {});

std::string to_json(const RoapTable2& table);
std::string to_csv(const RoapTable2& table);
std::string to_markdown(const RoapTable2& table);

} // namespace ropewalk::papers
