// The paper's model in training: grounder, synthesizer and executor, without libtorch's types.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "ropewalk/formulas/sketch/sketch.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/networks/engine.hpp"

namespace ropewalk::perception {

/// What outputs are computed from symbols by (Table 1, Tang & Ellis).
enum class ProgramModel {
    straight_line,     ///< a sketch of straight-line code
    tree,              ///< a syntax tree, Appendix B
    one_network,       ///< no program: one network for all tasks, which is told the task one-hot
    disjoint_networks, ///< no program: a network per task
};

struct RoapModel {
    ProgramModel program = ProgramModel::straight_line;
    int lines = 30;        ///< L of straight-line code
    int depth = 3;         ///< D of a tree
    bool amortised = true; ///< false: every task has logits of its own in place of the synthesizer's
    int features = 256;    ///< width of all layers of the synthesizer and of the networks without program
    /// Standard deviation of logits without synthesizer at the start.
    double start_deviation = 1;

    bool has_programs() const {
        return program == ProgramModel::straight_line || program == ProgramModel::tree;
    }
    /// The sketch that programs are executed as; a tree is one, see formula::TreeShape.
    formula::SketchShape sketch(int variables) const {
        if (program == ProgramModel::tree) return formula::TreeShape{variables, depth}.sketch();
        return {variables, lines};
    }
};

struct RoapEngineOptions {
    EngineOptions engine; ///< its pool and monomials are not used
    RoapModel model;
    int variables = 3;
    bool symbols_given = false; ///< the executor runs on gold symbols and nothing is grounded
};

struct RoapStepOptions {
    formula::Relaxation relaxation;
    formula::LengthPrior prior;
    std::vector<std::size_t> tasks; ///< those of this step, rising
    std::size_t pairs = 16;         ///< the synthesizer looks at the first rows of the batch
    std::size_t samples = 1;        ///< draws of the noise, over which the loss is averaged
    double noise_scale = 1;         ///< what the noise is multiplied by; Gumbel-softmax has 1
    double learning_rate = 1e-3;
    double grounder_rate = 1e-3;
    double largest_gradient = 1; ///< the gradient's norm is clipped to this
    std::uint64_t seed = 0;      ///< of the noise
    std::uint64_t index = 0;     ///< of the step
};

/// Loss and gradients of a batch of sketches, as formula::sketch_loss gives them.
struct SketchGradient {
    double loss = 0;
    std::vector<double> logits;
    std::vector<double> symbols;
};

/// The model in training. Failures of libtorch come back as diagnostics.
class RoapEngine {
public:
    RoapEngine() = default;
    RoapEngine(const RoapEngine&) = delete;
    RoapEngine& operator=(const RoapEngine&) = delete;
    virtual ~RoapEngine() = default;

    /// One Adam step on the paper's loss: mean over tasks of (y - yhat)^2 / (2 sigma^2) and the prior. A step
    /// whose loss or gradient is not finite changes nothing.
    virtual base::Result<StepReport> step(const Batch& batch, const RoapStepOptions& options) = 0;

    /// Logits of every task's sketch from the first `pairs` rows of the batch, [tasks, choices of the
    /// sketch]; the grounder in evaluation mode. Fails when the model has no programs.
    virtual base::Result<std::vector<float>> propose(const Batch& batch, std::size_t pairs) = 0;

    /// Outputs of the networks without program on symbols [rows, variables]: [tasks, rows]. Fails when the
    /// model has programs.
    virtual base::Result<std::vector<double>> predict(std::span<const double> symbols) = 0;

    /// Means of images, with the network in evaluation mode and no variance. `pixels` as in Batch.
    virtual base::Result<identification::Grounding> ground(std::span<const float> pixels) = 0;

    /// All parameters and running statistics.
    virtual TensorFile weights() const = 0;

    /// The weights and the state of the optimisers. A restored model goes on as the stored one would. Fails, naming them,
    /// on tensors that are missing or of another shape.
    virtual base::Result<TensorFile> state() const = 0;
    virtual base::Status restore(const TensorFile& state) = 0;

    /// For tests: the loss of logits [tasks, choices] on symbols [rows, variables] and its gradient as
    /// libtorch's differentiation gives it, in double precision and without noise.
    virtual base::Result<SketchGradient> sketch_gradient(std::span<const double> logits,
                                                         std::span<const double> symbols,
                                                         std::span<const double> y, double beta,
                                                         double lambda) = 0;
};

/// Made like make_engine's. Fails also when a size of the sketch or tree is out of range.
base::Result<std::unique_ptr<RoapEngine>> make_roap_engine(const RoapEngineOptions& options);

} // namespace ropewalk::perception
