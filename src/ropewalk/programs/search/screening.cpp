#include "ropewalk/programs/search/screening.hpp"

namespace ropewalk::search {

PackedExamples::PackedExamples(const language::Machine& machine,
                               const std::vector<machine::Example>& examples)
    : stride_((static_cast<std::size_t>(machine.cells) + 7) / 8 * 8), memory_(examples.size() * stride_),
      expected_(memory_.size()), mask_(memory_.size()) {
    for (std::size_t e = 0; e < examples.size(); ++e) {
        int scored = 0;
        for (std::size_t i = 0; i < examples[e].memory.size(); ++i)
            memory_[e * stride_ + i] = static_cast<std::uint8_t>(examples[e].memory[i]);
        for (std::size_t i = 0; i < examples[e].expected_memory.size(); ++i) {
            const int value = examples[e].expected_memory[i];
            if (value == machine::not_scored) continue;
            expected_[e * stride_ + i] = static_cast<std::uint8_t>(value);
            mask_[e * stride_ + i] = 0xFF;
            scored_cells_ |= std::uint64_t{1} << (i % 64);
            ++scored;
        }
        scored_.push_back(scored);
        if (e < most_scoring) scored_in_ranking_ += scored;
    }
}

} // namespace ropewalk::search
