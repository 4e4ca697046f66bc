// A training that is not finished, in a file.
#pragma once

#include "papers/roap/roap_training.hpp"

namespace ropewalk::papers {

/// Writes the model, its optimisers and how far the training is, where there is to be a file.
base::Status save_roap_checkpoint(const Checkpoint& checkpoint, const RoapProgress& progress,
                                  const perception::RoapEngine& engine);

/// Fills the progress and the model from the file where it is to be gone on with and is there. Fails where it is damaged or
/// of other settings.
base::Status load_roap_checkpoint(const Checkpoint& checkpoint, RoapProgress& progress, perception::RoapEngine& engine);

} // namespace ropewalk::papers
