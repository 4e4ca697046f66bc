// Programs for examples, from a proposer: in one pass, or as the best of several candidates.
#pragma once

#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/images/networks/networks.hpp"

namespace ropewalk::proposing {

/// A program with how probable its network holds it.
struct Candidate {
    formula::Program program;
    double log_probability = 0;
};

/// How candidates are made.
struct ProposingOptions {
    std::size_t group = 24; ///< pairs that are read together, see Proposer::propose
    std::size_t beams = 1;  ///< candidates of one reading
    /// Whether the examples are also read with their variables in every other order. A network may know a
    /// formula under other names.
    bool renamings = false;
};

/// Candidates of every task, the most probable first; each program once. With one beam and without
/// renamings, the one program of a single pass.
base::Result<std::vector<std::vector<Candidate>>> candidates(perception::Proposer& proposer,
                                                             const perception::ProgramCode& code,
                                                             const perception::Examples& examples,
                                                             const ProposingOptions& options);

/// Mean of |y - f(s)| over the pairs of a task.
double mean_error(const formula::Program& program, const perception::Examples& examples, std::size_t task);

/// The candidate with the least mean error, the more probable one of equals. `candidates` must not be empty.
const Candidate& checked(std::span<const Candidate> candidates, const perception::Examples& examples,
                         std::size_t task);

} // namespace ropewalk::proposing
