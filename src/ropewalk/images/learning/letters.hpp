// Learning letters and formulas together: a search for letters over alphabets and first weights, until the
// images have decided.
#pragma once

#include <optional>

#include "ropewalk/images/learning/run.hpp"

namespace ropewalk::learning {

/// The search for letters of a run, and what it found. What the outputs say is not kept in checkpoints: a run
/// that goes on finds the same again.
class LearningLetters {
public:
    /// Looks for letters and formulas in the outputs, where rows are given, and learns to read the letters
    /// until the images have decided between the formulas, the time for it is over or the run is stopped.
    base::Status search(LearningRun& run);

    /// Whether the network learns to read letters from outputs, in the search or after it.
    bool learns() const { return search_ && run_->state.no_letters.empty(); }

    /// One step of reading under the formulas found.
    base::Status refine_step(const perception::StepNumber& number, double learning_rate);

    /// Decides for the formulas of the letters, with errors as the network has them now.
    base::Status choose_formulas();

    /// Once they are decided.
    std::optional<LetterFindings> findings() const;

private:
    LetterSearchState& letters() { return *run_->state.letters; }
    const LetterSearchState& letters() const { return *run_->state.letters; }

    base::Status look();
    base::Status read_alphabet();
    base::Status step();
    base::Status end_trial();
    base::Status return_to_best();
    base::Status start(LetterSearchState letters);
    base::Status start_again();
    base::Status end_in_time();
    base::Status give_up();
    base::Status ask_rules();
    base::Status decide();
    bool time_is_over() const;

    LearningRun* run_ = nullptr;
    std::optional<LetterSearch> search_;
};

} // namespace ropewalk::learning
