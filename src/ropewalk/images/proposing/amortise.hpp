// Amortised search: what the exact posterior has found teaches a network to write programs in one pass.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::proposing {

/// Which formulas are taught, and how. Indices are into a pool of all formulas with up to so many operators,
/// which begins with the problem's; each formula is in exactly one list.
struct Curriculum {
    int operators = 3;
    std::vector<std::size_t> tasks;    ///< found for some task, each once
    std::vector<std::size_t> dreamt;   ///< of no task, taught on outputs computed from drawn symbols
    std::vector<std::size_t> held_out; ///< never taught, to see what the network makes of new formulas
    std::vector<std::size_t> wider;    ///< not in the problem's pool, taught like dreamt ones

    friend bool operator==(const Curriculum&, const Curriculum&) = default;
};

/// Holds out so many of the problem's formulas that no task has, but at most half of them. `operators` is at
/// least that of the problem's pool.
base::Result<Curriculum> curriculum_of(const perception::Problem& problem,
                                       std::span<const identification::Decision> decisions,
                                       std::size_t held_out, int operators);

/// The pool that a curriculum's indices are into.
base::Result<formula::Pool> pool_of(const Curriculum& curriculum, int variables);

struct AmortiseOptions {
    std::size_t steps = 5000;
    std::size_t tasks = 64; ///< formulas of a step
    std::size_t pairs = 24; ///< of each formula in a step, and in a group when programs are proposed
    std::size_t held_out = 100;
    int operators = 3;        ///< of the largest formulas that are dreamt
    double wider_share = 0.5; ///< of a step's formulas, where they may have more operators than the problem's
    std::size_t images = 2048; ///< grounded once, for the tasks' own rows
    std::size_t rows = 8192;   ///< formed from them
    /// A formula that a task has is shown on rows of images, with the outputs observed, for the other share
    /// of the times.
    double dreamt_share = 0.5;
    /// Formulas are drawn in proportion to their latest losses, which count at least so much.
    double least_weight = 0.1;
    double learning_rate = 2e-3; ///< rises over the first 200 steps and falls to 0 along a cosine
    int features = 128;          ///< see ProposerOptions
    int hidden = 256;
    int threads = 0;
    std::string device = "cpu";
    std::shared_ptr<perception::ProcessGroup> group = perception::no_others(); ///< see learning::LearnOptions
    std::size_t ranks = 0;
    /// Where the state is kept, at the latest every `checkpoint_seconds`; empty: nowhere. `settings` is text
    /// that a checkpoint must agree with before it is resumed from.
    std::string checkpoint_file;
    double checkpoint_seconds = 60;
    std::string settings;
    bool resume = false; ///< go on from the checkpoint where there is one
    base::ProgressSink progress;
    base::Stop stop;
    /// Called every `look_interval` steps (0: never), with the time so far.
    std::function<base::Status(perception::Proposer&, std::size_t step, double seconds)> look;
    std::size_t look_interval = 1000;
};

/// A proposer that has been taught.
struct Amortised {
    std::unique_ptr<perception::Proposer> proposer;
    Curriculum curriculum;
    std::size_t pairs = 0; ///< of a group, see Proposer::propose
    std::size_t steps = 0;
    bool finished = false; ///< false when it was stopped
    double loss = 0;       ///< of the last steps, averaged
    double seconds = 0;    ///< of this process, by the clock
    double processor = 0;  ///< and of all its threads
};

/// What the proposer of a curriculum is made from: a line for every operator.
perception::ProposerOptions proposer_options_of(const perception::Problem& problem, int operators,
                                                const AmortiseOptions& options);

/// Teaches for `steps` steps. The same seed and options give the same weights on one machine, stopped and
/// resumed or not.
base::Result<Amortised> amortise(const perception::Problem& problem,
                                 std::span<const identification::Decision> decisions,
                                 perception::Engine& engine, const AmortiseOptions& options);

} // namespace ropewalk::proposing
