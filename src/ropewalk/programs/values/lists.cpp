#include "ropewalk/programs/values/lists.hpp"

#include <algorithm>

namespace ropewalk::values {

namespace {

constexpr std::size_t words_per_block = std::size_t{1} << 15;

std::uint32_t hash_of(std::span<const Word> elements) {
    std::uint64_t hash = 0x9e3779b97f4a7c15u ^ elements.size();
    for (const Word word : elements) {
        hash = (hash ^ static_cast<std::uint64_t>(word)) * 0xff51afd7ed558ccdu;
        hash ^= hash >> 32;
    }
    return static_cast<std::uint32_t>(hash);
}

} // namespace

Lists::Lists(std::size_t longest) : longest_(longest), slots_(1024, 0) { intern({}); }

Word Lists::intern(std::span<const Word> elements) {
    if (elements.size() > longest_) return undefined;
    if (std::find(elements.begin(), elements.end(), undefined) != elements.end()) return undefined;
    const std::uint32_t hash = hash_of(elements);
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = hash & mask;
    for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
        const Record& record = records_[slots_[slot] - 1];
        if (record.hash == hash && record.length == elements.size() &&
            std::equal(elements.begin(), elements.end(), record.start))
            return slots_[slot] - 1;
    }
    records_.push_back({store(elements), static_cast<std::uint32_t>(elements.size()), hash});
    slots_[slot] = static_cast<std::uint32_t>(records_.size());
    if (records_.size() * 2 > slots_.size()) grow();
    return static_cast<Word>(records_.size() - 1);
}

const Word* Lists::store(std::span<const Word> elements) {
    if (block_used_ + elements.size() > block_size_) {
        block_size_ = std::max(words_per_block, elements.size());
        blocks_.push_back(std::make_unique<Word[]>(block_size_));
        block_used_ = 0;
        words_ += block_size_;
    }
    Word* start = blocks_.empty() ? nullptr : blocks_.back().get() + block_used_;
    std::copy(elements.begin(), elements.end(), start);
    block_used_ += elements.size();
    return start;
}

void Lists::grow() {
    slots_.assign(slots_.size() * 2, 0);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = 0; i < records_.size(); ++i) {
        std::size_t slot = records_[i].hash & mask;
        while (slots_[slot] != 0) slot = (slot + 1) & mask;
        slots_[slot] = static_cast<std::uint32_t>(i + 1);
    }
}

std::size_t Lists::bytes() const {
    return words_ * sizeof(Word) + records_.capacity() * sizeof(Record) + slots_.size() * sizeof(slots_[0]);
}

} // namespace ropewalk::values
