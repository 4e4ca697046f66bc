// What a stored synthesizer proposes for tasks that are rows of symbols and outputs.
#pragma once

#include <string>
#include <vector>

#include "ropewalk/images/proposing/candidates.hpp"
#include "ropewalk/images/proposing/synthesizer_file.hpp"

namespace ropewalk::proposing {

/// Columns of outputs with their names, each over the same rows of symbols.
struct NewTasks {
    std::vector<std::string> names;
    std::vector<std::vector<double>> symbols, outputs; ///< [variables, rows] and [tasks, rows]
};

struct ProposalOptions {
    std::size_t beams = 16; ///< candidates of each reading that are checked
    int threads = 0;
    std::string device = "cpu";
};

struct Proposal {
    std::string name;
    formula::Program first, best; ///< of one pass; the candidate that fits best
    bool first_fits = false, best_fits = false;
    std::size_t candidates = 0;
};

/// Whether every row agrees to within 1e-9 of the largest output. `tasks` must have the task.
bool fits(const formula::Program& program, const NewTasks& tasks, std::size_t task);

/// A proposal for each of the tasks, which must have as many columns of symbols as the synthesizer has variables, and at
/// least one row. Fails as proposer_of and candidates do.
base::Result<std::vector<Proposal>> propose(const StoredSynthesizer& stored, const NewTasks& tasks,
                                            const ProposalOptions& options);

} // namespace ropewalk::proposing
