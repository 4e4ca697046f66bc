// Where the numbers of batches begin that are drawn beside those of a search's gradient steps, which begin at
// 0: none is drawn twice. One register for all rooms that draw batches.
#pragma once

#include <cstdint>

namespace ropewalk::perception {

constexpr std::uint64_t first_refinement_batch = std::uint64_t{1} << 40;
constexpr std::uint64_t first_scored_batch = std::uint64_t{1} << 41;
constexpr std::uint64_t first_consensus_batch = std::uint64_t{1} << 43;
constexpr std::uint64_t first_letter_batch = std::uint64_t{1} << 44;
constexpr std::uint64_t first_lesson = std::uint64_t{1} << 45;
/// One batch that shows what a network reads; 2^46 is identification::class_batch_number.
constexpr std::uint64_t reading_batch_number = std::uint64_t{1} << 42;

} // namespace ropewalk::perception
