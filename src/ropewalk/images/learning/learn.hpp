// The hybrid method: an exact posterior over formulas, and gradient descent on the grounder through it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/learning/letter_search.hpp"
#include "ropewalk/images/learning/private_tables.hpp"
#include "ropewalk/images/learning/table_reader.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::learning {

/// How the posterior sharpens: from `first` to `last` temperature over `steps` steps, by equal factors.
struct Annealing {
    double first = 0.3;
    double last = 0.03;
    std::size_t steps = 150;
};

/// What finds the formulas: a symbol table or the outputs' own statistics, where the outputs are exact, or
/// else the network's posterior. `automatic` asks the former first where there are few tasks; `table` fails
/// where it has no answer.
enum class Start { automatic, table, network };

struct LearnOptions {
    base::Run run{.seconds = 60}; ///< whose seed is the problem's
    perception::NetworkOptions network;
    Start start = Start::automatic;
    std::size_t few_tasks = 20; ///< that `automatic` takes for few
    /// Step of the search at which `automatic` tries a table after all, where looks for a consensus found
    /// none.
    std::size_t table_step = 100;
    /// Most tasks with given rows whose letters and formulas `automatic` looks for in the outputs, before any
    /// image is looked at (see OutputExplanation); more tasks soon agree in a consensus. 0: never.
    std::size_t letter_tasks = 9;
    identification::AlphabetPrior alphabet = identification::AlphabetPrior::even; ///< see SymbolTable
    /// Categorical symbols: the values an image may stand for, 2 to 64, in any order, in the network's units
    /// (about 0 to 1), at least 0.001 apart. The network gives a distribution over them from the first step,
    /// and no table is asked, which would find letters of its own; empty: a mean and a variance.
    std::vector<double> letters;
    perception::BatchOptions search_batch{.images = 64, .rows = 256, .augmentation = {}};
    perception::BatchOptions refine_batch{.images = 128, .rows = 768, .augmentation = {.shift = 2}};
    /// Steps that read letters, see Reading. Every image is in three rows on average.
    perception::BatchOptions reading_batch{.images = 256, .rows = 256, .augmentation = {.shift = 2}};
    /// Whether the refinement tries to decode symbols; without, and where they cannot be decoded, the loss
    /// goes through the formulas.
    bool decode = true;
    ReadingOptions reading;
    Annealing annealing;
    double learning_rate = 1e-3;         ///< of the search
    double refine_learning_rate = 3e-3;  ///< of the refinement at its start; it falls to 0 along a cosine
    double reading_learning_rate = 3e-3; ///< likewise, where letters are read
    /// The search ends when no task has changed its formula for so many steps, and for such a share of all
    /// steps: close formulas change late.
    std::size_t settle_steps = 120;
    double settle_share = 0.35;
    /// And when their mean error, a share of the outputs' variance, is no more than this, or has not fallen
    /// by a tenth for as many steps: until then, decisions that stay the same may all be wrong.
    double settle_error = 0.25;
    std::size_t least_steps =
        300; ///< of the search: a grounder that is hardly trained favours wrong formulas
    std::size_t most_steps = 20'000; ///< of a search
    /// Searches from different first weights, of which the one with the least error goes on: few tasks let a
    /// network settle on symbols that explain nearly as much with other formulas. Several have equal shares
    /// of three quarters of `seconds`, but the first at least `least_steps`; what one leaves is for the next
    /// ones. A consensus ends them all.
    std::size_t searches = 1;
    /// Searches there are at most where outputs repeat, as exact ones do, and tasks are enough for a consensus, but
    /// no search that was asked for ended by one: another begins from the next first weights, as long as less than
    /// three quarters of `seconds` are over. Rounding decides where a single start leads.
    std::size_t consensus_searches = 5;
    /// Steps of the search between looks at the mirror image of all symbols; 0: none.
    std::size_t mirror_interval = 25;
    /// Steps of the search between looks for a consensus, which ends it; 0: none.
    std::size_t consensus_interval = 25;
    perception::BatchOptions consensus_batch{.images = 192, .rows = 192, .augmentation = {}};
    /// Steps of refinement under the fixed formulas; without a number, as many as fit into `seconds`.
    std::optional<std::size_t> refine_steps;
    std::string device = "cpu";
    /// Processes that make the steps together. The one that leads writes the checkpoint, tells its progress
    /// and has the clock.
    std::shared_ptr<perception::ProcessGroup> group = perception::no_others();
    /// Parts of every step's batch, a power of two, whoever computes them; 0: it is not divided.
    std::size_t ranks = 0;
    /// Where the state is kept, at the latest every `checkpoint_seconds`; empty: nowhere. `settings` is text
    /// that a checkpoint must agree with before it is resumed from.
    std::string checkpoint_file;
    double checkpoint_seconds = 60;
    std::string settings;
    bool resume = false;
    /// Whether a run that was finished is refined further when it is resumed: for `seconds` more, or up to
    /// `refine_steps` where these are more than it has made.
    bool further = true;
    /// Images that are read after learning, which `run.seconds` are to suffice for as well: learning gets what
    /// reading them leaves, half of it at least.
    std::size_t images_to_judge = 0;
    /// Called once everything that the run needs is there, images, network and device, before its first step
    /// or the checkpoint it goes on from; its failure is the run's. Empty: nothing.
    std::function<base::Status()> begin;
};

enum class Phase { search, refine, done };

/// When a consensus ended the search, and of how many tasks; see Consensus.
struct Agreement {
    std::size_t step = 0;
    std::size_t tasks = 0;
    double residual = 0;
};

/// What learning found. `engine` holds the grounder.
struct Learned {
    std::vector<identification::Decision> decisions; ///< one per task
    /// Whether they were made at all: those of a run that was stopped before are the pool's first formula.
    bool decided = false;
    Phase phase = Phase::search;        ///< how far it came; `done` unless it was stopped or out of time
    bool interrupted = false;           ///< whether somebody has asked to stop, where it is not done
    bool settled = false;               ///< whether the search ended by itself
    bool nothing_left = false;          ///< whether it was resumed with nothing left to learn
    std::optional<Agreement> agreement; ///< if the search ended by one
    std::size_t searches = 0;           ///< that ended
    std::size_t search_steps = 0;       ///< of all of them
    std::size_t refine_steps = 0;
    std::optional<identification::SymbolTable> table; ///< what the formulas are from, if it is not the search
    std::optional<PrivateTables> private_tables;      ///< likewise, where tasks have images of their own
    std::string no_table;                             ///< why the table that was tried has no answer
    std::optional<LetterFindings> letters;            ///< where the formulas are from, likewise
    std::string no_letters;                           ///< why the outputs that were asked have no answer
    std::optional<Reading> reading;                   ///< how symbols were decoded, if they were
    std::string unread;                               ///< otherwise why not; empty when that was not tried
    std::size_t images = 0;                           ///< grounded with a gradient
    std::size_t mirrored = 0;                         ///< how often all symbols changed their sign
    std::size_t skipped = 0;                          ///< steps that were not finite
    double loss = 0;                                  ///< of the last steps, averaged
    double search_seconds = 0;                        ///< of this process, by the clock
    double search_processor = 0;                      ///< and of all its threads
    double seconds = 0;
    std::unique_ptr<perception::Engine> engine;
};

/// Fails unless the letters are none, or what LearnOptions say, without a table to start from.
base::Status checked_letters(const LearnOptions& options);

/// The engine that learning starts with.
perception::EngineOptions engine_options_of(const perception::Problem& problem, const LearnOptions& options);

/// Searches until the decisions have settled or a consensus shows them exact, refines the grounder under them
/// - by letters where symbols can be decoded, else through the formulas -, then, without a consensus, decides
/// once more with the refined grounder. The same seed and options give the same result on one machine,
/// stopped and resumed or not, where `refine_steps` is given and `seconds` does not end it.
base::Result<Learned> learn(const perception::Problem& problem, const LearnOptions& options);

} // namespace ropewalk::learning
