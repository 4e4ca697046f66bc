// The state of a run in a file, so that it can go on.
#pragma once

#include <limits>
#include <optional>
#include <string>

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/learning/learn.hpp"
#include "ropewalk/images/networks/networks.hpp"

namespace ropewalk::learning {

/// The best search that has ended, while others go on.
struct EndedSearch {
    std::vector<identification::Decision> decisions;
    double error = 0;               ///< of the decisions, mean
    bool settled = false;           ///< whether it ended by itself
    perception::TensorFile network; ///< state of the engine
};

/// Where learning is. Everything a step depends on besides the problem and the options.
struct LearnState {
    Phase phase = Phase::search;
    std::size_t letter_steps = 0; ///< of the search for letters, from all first weights
    std::size_t searches = 0;     ///< that have ended
    std::size_t search_start = 0; ///< the step at which the present one began
    std::size_t search_steps = 0; ///< of all
    bool settled = false;         ///< whether the search that goes on ended by itself
    std::size_t refine_steps = 0;
    std::optional<std::size_t> refine_planned;
    std::size_t mirrored = 0;
    std::size_t skipped = 0;
    std::size_t images = 0; ///< grounded with a gradient
    double loss = 0;
    identification::Decisions decisions;
    /// The mean error of the decisions when it last fell by a tenth, and the step of that.
    double marked_error = std::numeric_limits<double>::max();
    std::size_t marked_at = 0;
    std::optional<EndedSearch> best;
    std::optional<Agreement> agreement;
    std::optional<Reading> reading;           ///< with it, the refinement reads letters
    std::string no_table;                     ///< why the table that was tried has no answer
    std::string unread;                       ///< why symbols could not be decoded
    std::optional<LetterSearchState> letters; ///< once the outputs have left candidates
    /// The best trial of those that are over; `best` has its network.
    std::optional<LetterSearchState> best_letters;
    bool always_rules = false; ///< whether rules beside the pool are asked whatever its formulas explain
    std::string no_letters; ///< why they have left none, or images could not be read so
};

/// Writes atomically: a reader finds the last checkpoint or this one.
base::Result<std::string> save_checkpoint(const LearnState& state, const perception::Engine& engine,
                                          const std::string& settings, const std::string& path);

/// Fills state and engine of all processes from the file of the one that leads; nothing where it names none, and false.
/// Fails when the file is missing, damaged, or of other settings; `refine_steps` may be another number.
base::Result<bool> load_checkpoint(LearnState& state, perception::Engine& engine, perception::ProcessGroup& group,
                                   const std::string& settings, const std::string& path);

} // namespace ropewalk::learning
