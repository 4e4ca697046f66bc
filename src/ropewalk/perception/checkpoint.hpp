// The state of a run in a file, so that it can go on.
#pragma once

#include <limits>
#include <optional>
#include <string>

#include "ropewalk/perception/learn.hpp"

namespace ropewalk::perception {

/// Where learning is. Everything a step depends on besides the problem and the options.
struct LearnState {
    Phase phase = Phase::search;
    std::size_t search_steps = 0;
    std::size_t refine_steps = 0;
    std::optional<std::size_t> refine_planned;
    std::size_t mirrored = 0;
    std::size_t skipped = 0;
    std::size_t images = 0; ///< grounded with a gradient
    double loss = 0;
    Decisions decisions;
    /// The mean error of the decisions when it last fell by a tenth, and the step of that.
    double marked_error = std::numeric_limits<double>::max();
    std::size_t marked_at = 0;
    std::optional<Agreement> agreement;
    std::optional<Reading> reading; ///< with it, the refinement reads letters
    std::string no_table;           ///< why the table that was tried has no answer
    std::string unread;             ///< why symbols could not be decoded
};

/// Writes atomically: a reader finds the last checkpoint or this one.
base::Result<std::string> save_checkpoint(const LearnState& state, const Engine& engine,
                                          const std::string& settings, const std::string& path);

/// Fills state and engine. Fails when the file is missing, damaged, or of other settings.
base::Result<bool> load_checkpoint(LearnState& state, Engine& engine, const std::string& settings,
                                   const std::string& path);

} // namespace ropewalk::perception
