// The paper's method: amortised gradient search for programs, jointly with the grounder (Tang & Ellis).
#pragma once

#include <memory>
#include <vector>

#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/sketch/sketch.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::papers {

/// Where a training that is not finished is kept.
struct Checkpoint {
    std::string file;     ///< empty: nowhere
    bool resume = false;  ///< go on from the file, where there is one
    std::string settings; ///< as JSON: what a file must agree on to be gone on with
    double every = 60;    ///< seconds between two writes; it is written at the end, too, and when the training is stopped
};

/// Shares are of the training: 0 is its start, 1 its end.
struct RoapOptions {
    perception::RoapModel model;
    bool symbols_given = false;
    perception::NetworkOptions network;
    perception::BatchOptions batch{.images = 64, .rows = 64, .augmentation = {}};
    std::size_t tasks_per_step = 50; ///< drawn anew in each step; 0: all
    std::size_t pairs = 8;           ///< rows that the synthesizer looks at
    std::size_t steps = 20'000;
    double learning_rate = 1e-3;
    double grounder_rate = 1e-3;
    bool falling_rate = true; ///< half a cosine from the full rates to none, instead of constant ones
    bool noise = true;        ///< false: softmax in place of Gumbel-softmax
    /// Programs drawn per task and step. The paper draws one; executing more costs little beside the
    /// synthesizer and steadies the gradient.
    std::size_t samples = 4;
    formula::Sharpness sharpness = formula::Sharpness::inverse_temperature;
    double beta_first = 1;
    double beta_last = 3;
    double beta_from = 0.75; ///< share from which on beta is `beta_last`
    bool beta_ramp = false;  ///< beta grows up to there by equal factors, instead of at once
    double noise_first = 1;  ///< the noise is multiplied by a factor that changes evenly from this ...
    double noise_last = 1;   ///< ... to this; the paper has 1
    double lambda = 2e-4;
    double lambda_from = 0.5; ///< share from which on the prior counts
    double largest_gradient = 1;
    double seconds = 0;            ///< ends training early; 0: no limit
    std::size_t check_every = 500; ///< steps between looks at the programs, for `progress` and the curve
    /// Runs of one seed have the same tasks and images, but other first weights, batches and noise.
    std::size_t run = 0;
    int threads = 0;
    std::string device = "cpu";
    Checkpoint checkpoint;
    base::ProgressSink progress;
    base::Stop stop;
};

/// What a look at the programs found.
struct RoapCheck {
    std::size_t step = 0;
    double seconds = 0;
    double loss = 0; ///< averaged over the last steps
    std::size_t programs_right = 0;
    double nodes = 0; ///< mean over the programs, see MeanSize
};

/// How far a training is.
struct RoapProgress {
    std::size_t steps = 0;
    std::size_t skipped = 0;  ///< steps that were not finite
    std::size_t averaged = 0; ///< steps that the loss is averaged over, the last hundred counting most
    double loss = 0;
    double seconds = 0;
    double processor_seconds = 0; ///< of all threads of the process
    std::vector<RoapCheck> curve;
};

struct RoapLearned : RoapProgress {
    std::vector<formula::Program> programs; ///< per task, tidy; empty without programs
    bool finished = false; ///< whether all steps were taken
    std::unique_ptr<perception::RoapEngine> engine;
};

/// Trains the model; a task's program is that of its sketch's largest logits. The same seed and options give
/// the same result on one machine where `seconds` does not end it, however often the training was stopped and gone on
/// with. Fails on options out of range, and on a checkpoint that cannot be written, is damaged or of other settings.
base::Result<RoapLearned> learn_roap(const perception::Problem& problem, const RoapOptions& options);

} // namespace ropewalk::papers
