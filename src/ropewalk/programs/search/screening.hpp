#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

#include "ropewalk/programs/search/enumerate.hpp"

namespace ropewalk::search {

/// Examples as bytes in rows of whole words, so that scoring compares eight cells at once.
class PackedExamples {
public:
    PackedExamples(const language::Machine& machine, const std::vector<machine::Example>& examples);

    std::size_t count() const { return scored_.size(); }
    std::size_t stride() const { return stride_; }
    /// Examples that near misses are ranked on: the first ones.
    std::size_t scoring() const { return std::min(count(), most_scoring); }
    /// Cells that are scored in an example.
    int scored(std::size_t example) const { return scored_[example]; }
    /// Cells that are scored in all the examples that near misses are ranked on.
    int scored_in_ranking() const { return scored_in_ranking_; }

    const std::uint8_t* memory(std::size_t example) const { return memory_.data() + example * stride_; }

    /// Scored cells of an example that a memory has right.
    int right(const std::uint8_t* memory, std::size_t example) const {
        const std::uint8_t* const expected = expected_.data() + example * stride_;
        const std::uint8_t* const mask = mask_.data() + example * stride_;
        int wrong = 0;
        for (std::size_t i = 0; i < stride_; i += 8) {
            std::uint64_t m, e, k;
            std::memcpy(&m, memory + i, 8);
            std::memcpy(&e, expected + i, 8);
            std::memcpy(&k, mask + i, 8);
            // The top bit of every byte that differs.
            constexpr std::uint64_t low = 0x7F7F7F7F7F7F7F7Fu;
            const std::uint64_t difference = (m ^ e) & k;
            wrong += std::popcount((difference | ((difference & low) + low)) & ~low);
        }
        return scored_[example] - wrong;
    }

    /// Cells of an example that a memory has wrong, one bit each; cells beyond the 64th share bits.
    std::uint64_t wrong_cells(const std::uint8_t* memory, std::size_t example) const {
        const std::uint8_t* const expected = expected_.data() + example * stride_;
        const std::uint8_t* const mask = mask_.data() + example * stride_;
        std::uint64_t wrong = 0;
        for (std::size_t i = 0; i < stride_; ++i)
            wrong |= static_cast<std::uint64_t>(((memory[i] ^ expected[i]) & mask[i]) != 0) << (i % 64);
        return wrong;
    }
    /// Cells that are scored in any example.
    std::uint64_t scored_cells() const { return scored_cells_; }

    /// Combines a memory's scored cells with a hash.
    std::uint64_t hash(const std::uint8_t* memory, std::size_t example, std::uint64_t seed) const {
        const std::uint8_t* const mask = mask_.data() + example * stride_;
        for (std::size_t i = 0; i < stride_; i += 8) {
            std::uint64_t m, k;
            std::memcpy(&m, memory + i, 8);
            std::memcpy(&k, mask + i, 8);
            seed = (seed ^ (m & k)) * 0xD6E8FEB86659FD93u;
            seed ^= seed >> 32;
        }
        return seed;
    }

private:
    static constexpr std::size_t most_scoring = 24;

    std::size_t stride_;
    std::vector<std::uint8_t> memory_, expected_, mask_;
    std::vector<int> scored_;
    int scored_in_ranking_ = 0;
    std::uint64_t scored_cells_ = 0;
};

/// A near miss as found: how much is right, what it does, which filling it is.
struct Miss {
    int right;
    int whole_cells; ///< cells that are right on every example
    std::uint64_t behaviour;
    std::uint64_t index;
};

} // namespace ropewalk::search
