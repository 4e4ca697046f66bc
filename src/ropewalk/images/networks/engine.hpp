// The engine: a grounder and its gradient steps. What libtorch does for us, without libtorch's types.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/networks/letter_likelihood.hpp"
#include "ropewalk/images/networks/process_group.hpp"
#include "ropewalk/images/networks/tensors.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::perception {

/// What a network computes in. bfloat16 has the range of float32 and 8 bits of its mantissa: weights, their
/// gradients, normalisation and losses stay in float32.
enum class Precision { float32, bfloat16 };

/// Which network reads the images. Each gives a mean and a variance per image.
struct NetworkOptions {
    /// small: two convolutions; medium: four, with dropout; resnet: see `blocks`.
    enum class Kind { small, medium, resnet } kind = Kind::small;
    std::vector<int> blocks{2, 2, 2, 2}; ///< basic blocks per stage of a ResNet; these are ResNet-18's
    int width = 64;          ///< channels of a ResNet's first stage; each further stage doubles them
    bool cifar_stem = false; ///< 3 x 3 first convolution without pooling, instead of 7 x 7 by 2
    Precision precision = Precision::float32;
};

/// Everything an engine is made from.
struct EngineOptions {
    NetworkOptions network;
    int channels = 1;
    int height = 28;
    int width = 28;
    datasets::PixelStatistics statistics; ///< pixels are normalised by these
    /// Values an image may stand for, rising: the network gives a distribution over them. Empty: it gives a
    /// mean and a variance.
    std::vector<double> alphabet;
    identification::MonomialTable pool; ///< the formulas of the posterior
    std::vector<double> sigma;          ///< standard deviation of each task's outputs
    std::uint64_t seed = 0;             ///< of the network's first weights
    std::uint64_t start = 0;            ///< which of several first weights
    int threads = 0;                    ///< 0: all the machine offers
    std::string device = "cpu";         ///< "cpu" or "cuda"
    bool private_images = false;        ///< whether batches are about tasks with rows of their own
    StepParts parts;                    ///< of every step's batch, which this engine is given
    std::shared_ptr<ProcessGroup> group; ///< who has the other parts; may be null where there are none
};

struct StepOptions {
    double temperature = 1; ///< of the posterior
    double learning_rate = 1e-3;
};

/// What a step says. A step whose loss or gradient is not finite changes nothing.
struct StepReport {
    double loss = 0;
    bool finite = true;
    std::size_t images = 0; ///< of all parts of the step
};

/// Images of a part of a step, with their letters, indices into the alphabet; an image with a letter of -1 has no
/// loss. `pixels` as in Batch.
struct PartToRead {
    std::span<const float> pixels;
    std::span<const std::int64_t> letters;
};

/// Images of a part of a step, with a loss of the letters' probabilities, [images, letters], and its gradient.
struct PartToWeigh {
    std::span<const float> pixels;
    std::function<LetterLoss(std::span<const double> probabilities)> loss;
};

/// What images are read as, in the order in which they were given.
struct ReadImages {
    identification::Grounding symbols;
    std::vector<double> probabilities; ///< [images, letters]; empty where the network reads no letters
};

/// A grounder in training. Failures of libtorch, lack of memory among them, come back as diagnostics.
/// A step is given the parts of its batch that this process has, one unless the options say more. Engines of all parts
/// make the same steps, and have the same weights afterwards. Losses are means over all parts of the step; each part
/// is normalised by itself.
class Engine {
public:
    Engine() = default;
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    virtual ~Engine() = default;

    /// One Adam step through the posterior over all formulas (see Posterior). Afterwards errors() is that of
    /// the batch, with all its parts.
    virtual base::Result<StepReport> search_step(std::span<const Batch> parts, const StepOptions& options) = 0;

    /// One Adam step with one formula per task, `formulas[t]` an index into the pool: the loss is the mean of
    /// (y - E[f(s)])^2 / sigma^2.
    virtual base::Result<StepReport> refine_step(std::span<const Batch> parts, std::span<const std::size_t> formulas,
                                                 const StepOptions& options) = 0;

    /// From now on the network gives a distribution over these values in place of a mean and a variance,
    /// which become the distribution's. Its last layer starts anew, and so does Adam.
    virtual base::Status begin_reading(std::span<const double> alphabet) = 0;

    /// One Adam step on the cross-entropy of images and their letters.
    virtual base::Result<StepReport> reading_step(std::span<const PartToRead> parts, double learning_rate) = 0;

    /// One Adam step on losses of the letters' probabilities, asked for one after the other. Fails where the network
    /// gives no distribution.
    virtual base::Result<StepReport> letters_step(std::span<const PartToWeigh> parts, double learning_rate) = 0;

    /// The error matrix of a batch into errors(), with the network in evaluation mode; nothing is learned.
    virtual base::Status score(const Batch& batch) = 0;

    /// Looks at the batch with every symbol negated, and changes the network to that when its loss is lower.
    /// A network that gives a distribution stays: the values of its alphabet are given.
    /// Many pools are nearly closed under a change of sign, and then the mirror image is a local optimum.
    /// Returns whether it changed.
    virtual base::Result<bool> mirror_if_better(std::span<const Batch> parts, double temperature) = 0;

    /// Means and variances of images, with the network in evaluation mode. `pixels` as in Batch.
    virtual base::Result<identification::Grounding> ground(std::span<const float> pixels) = 0;

    /// The values of a network that gives a distribution, in rising order, see begin_reading; else empty.
    virtual std::vector<double> alphabet() const = 0;

    /// Probabilities of the letters of images, [images, alphabet], with the network in evaluation mode. Fails
    /// where the network gives no distribution.
    virtual base::Result<std::vector<double>> read(std::span<const float> pixels) = 0;

    /// What each image is read as when it is read alone, with the network in evaluation mode: the same bits
    /// whatever images stand beside it and however many threads there are, on one machine.
    virtual base::Result<ReadImages> read_alone(std::span<const float> pixels) = 0;

    /// [tasks of the batch, formulas], see Posterior::errors.
    virtual std::span<const float> errors() const = 0;

    /// The network's parameters and running statistics; a ResNet's under torchvision's names. `alphabet`
    /// holds the values of a network that gives a distribution.
    virtual TensorFile weights() const = 0;

    /// The weights and the state of the optimiser. A restored engine goes on as the stored one would.
    virtual TensorFile state() const = 0;
    virtual base::Status restore(const TensorFile& state) = 0;

    /// Means and variances from outside in place of the network's, for tests: loss and gradient of a search
    /// step in double precision.
    virtual base::Result<StepReport> posterior_gradient(const identification::Grounding& grounding,
                                                        const Batch& batch, double temperature,
                                                        identification::Grounding& gradient) = 0;
};

/// An engine that runs on libtorch. It lives in a library of its own (ropewalk_torch) that is loaded when it
/// is first asked for, so that other commands start without libtorch. Fails when Ropewalk was built without
/// libtorch, when the device is not there, or when the network does not fit the images.
base::Result<std::unique_ptr<Engine>> make_engine(const EngineOptions& options);

} // namespace ropewalk::perception
