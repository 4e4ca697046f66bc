// The synthesizer that is taught programs: a network that reads examples and writes a program, without
// libtorch's types.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/images/networks/process_group.hpp"
#include "ropewalk/images/networks/tensors.hpp"

namespace ropewalk::perception {

struct ProposerOptions {
    int variables = 3;
    int lines = 3;      ///< of the programs, see ProgramCode
    int features = 128; ///< width of each network over pairs
    int hidden = 256;   ///< width of the networks that write
    int waves = 3;      ///< sines and cosines of each number that are read beside it
    std::uint64_t seed = 0;
    int threads = 0;            ///< 0: all the machine offers
    std::string device = "cpu"; ///< "cpu" or "cuda"
    StepParts parts;            ///< of every step's tasks, which this process computes
    std::shared_ptr<ProcessGroup> group; ///< who computes the others; may be null where there are none
};

/// Pairs of symbols and outputs, equally many for each task.
struct Examples {
    std::size_t tasks = 0;
    std::size_t pairs = 0;      ///< of each task
    std::vector<float> symbols; ///< [tasks, pairs, variables]
    std::vector<float> y;       ///< [tasks, pairs], as they are
};

/// A program that the network writes.
struct Proposal {
    std::vector<int> tokens; ///< see ProgramCode
    double log_probability = 0;
};

/// A network in training that writes programs line by line: features are the largest values over the pairs
/// of h_out = MLP_out(y), h_io = MLP_io([y; s]) and h_rel[j] = MLP_rel([y; s_j]) (Section 3.2, Tang & Ellis);
/// each line is chosen knowing the lines before. Failures of libtorch come back as diagnostics.
class Proposer {
public:
    Proposer() = default;
    Proposer(const Proposer&) = delete;
    Proposer& operator=(const Proposer&) = delete;
    virtual ~Proposer() = default;

    /// One Adam step on the cross-entropy of the examples' programs, `tokens` [tasks, lines]. Returns the
    /// loss of each task; a step where one is not finite changes nothing. Every process is given all tasks.
    virtual base::Result<std::vector<float>>
    teach(const Examples& examples, std::span<const std::int64_t> tokens, double learning_rate) = 0;

    /// Programs of every task, [tasks, beams], the most probable first; with one beam, the most probable
    /// token of each line in turn. The pairs are read in groups of `group`, over which the logarithms of
    /// probabilities are averaged; pairs beyond the last full group are left out. Nothing is learned.
    virtual base::Result<std::vector<Proposal>> propose(const Examples& examples, std::size_t group,
                                                        std::size_t beams) = 0;

    virtual TensorFile weights() const = 0;

    /// The weights and the state of the optimiser. A restored proposer goes on as the stored one would;
    /// weights alone can be restored as well.
    virtual TensorFile state() const = 0;
    virtual base::Status restore(const TensorFile& state) = 0;
};

/// Made like make_engine's.
base::Result<std::unique_ptr<Proposer>> make_proposer(const ProposerOptions& options);

} // namespace ropewalk::perception
