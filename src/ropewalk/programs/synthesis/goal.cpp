#include "ropewalk/programs/synthesis/goal.hpp"

#include <algorithm>
#include <bit>

namespace ropewalk::synthesis {

bool RowSet::empty() const {
    return std::all_of(words_.begin(), words_.end(), [](std::uint64_t word) { return word == 0; });
}

std::size_t RowSet::count() const {
    std::size_t rows = 0;
    for (const std::uint64_t word : words_) rows += static_cast<std::size_t>(std::popcount(word));
    return rows;
}

RowSet RowSet::without(const RowSet& other) const {
    RowSet rest = *this;
    for (std::size_t i = 0; i < words_.size(); ++i) rest.words_[i] &= ~other.words_[i];
    return rest;
}

RowSet RowSet::within(const RowSet& other) const {
    RowSet common = *this;
    for (std::size_t i = 0; i < words_.size(); ++i) common.words_[i] &= other.words_[i];
    return common;
}

std::size_t RowSet::hash() const {
    std::uint64_t hash = 0;
    for (const std::uint64_t word : words_) hash = (hash ^ word) * 0x9fb21c651e98df25u ^ hash >> 31;
    return hash;
}

} // namespace ropewalk::synthesis
