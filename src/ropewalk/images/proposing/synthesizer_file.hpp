// A taught synthesizer in the folder of its run.
#pragma once

#include <string>

#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"
#include "ropewalk/images/proposing/amortise.hpp"

namespace ropewalk::proposing {

inline constexpr const char *synthesizer_name = "synthesizer.safetensors",
                            *synthesizer_checkpoint_name = "synthesizer-checkpoint.safetensors";

/// A synthesizer as it is stored: how it was made, what it was taught, its weights.
struct StoredSynthesizer {
    perception::ProposerOptions proposer; ///< seed, threads and device are not stored
    Curriculum curriculum;
    std::size_t pairs = 0; ///< of a group, see Proposer::propose
    std::size_t steps = 0;
    perception::TensorFile weights;
};

/// Whether the folder has one.
bool has_synthesizer(const std::string& folder);

/// Writes synthesizer.safetensors, replacing that of an earlier run. Returns its path.
base::Result<std::string> save_synthesizer(const std::string& folder, const perception::Problem& problem,
                                           const AmortiseOptions& options, const Amortised& amortised);

/// Fails when the file is missing or damaged.
base::Result<StoredSynthesizer> load_synthesizer(const std::string& folder);

/// A proposer with the stored weights.
base::Result<std::unique_ptr<perception::Proposer>> proposer_of(const StoredSynthesizer& stored, int threads,
                                                                const std::string& device);

} // namespace ropewalk::proposing
