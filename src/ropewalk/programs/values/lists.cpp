#include "ropewalk/programs/values/lists.hpp"

#include <algorithm>

#include "ropewalk/base/base.hpp"

namespace ropewalk::values {

namespace {

constexpr std::size_t words_per_block = std::size_t{1} << 15;

constexpr auto drawn_factors = [] {
    std::array<std::uint64_t, place_count> factors{};
    std::uint64_t state = 0;
    for (std::uint64_t& each : factors) each = mixed(state += 0x9e3779b97f4a7c15u) | 1;
    return factors;
}();

std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

} // namespace

const std::array<std::uint64_t, place_count> place_factors = drawn_factors;

Lists::Lists(std::size_t longest) : longest_(longest), slots_(1024, Slot{0, 0}) { intern({}); }

Word Lists::intern(std::span<const Word> elements) {
    if (elements.size() > longest_) return undefined;
    if (std::find(elements.begin(), elements.end(), undefined) != elements.end()) return undefined;
    const std::uint64_t hash = hash_of(elements);
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = hash & mask;
    for (; slots_[slot].record != 0; slot = (slot + 1) & mask) {
        if (slots_[slot].tag != tag_of(hash)) continue;
        const Record& record = records_[slots_[slot].record - 1];
        if (record.length == elements.size() && std::equal(elements.begin(), elements.end(), record.start))
            return slots_[slot].record - 1;
    }
    records_.push_back({store(elements), hash, static_cast<std::uint32_t>(elements.size())});
    slots_[slot] = {static_cast<std::uint32_t>(records_.size()), tag_of(hash)};
    if (records_.size() * 2 > slots_.size()) grow();
    return static_cast<Word>(records_.size() - 1);
}

const Word* Lists::store(std::span<const Word> elements) {
    if (blocks_.empty() || block_used_ + elements.size() > blocks_.back().size) {
        const std::size_t size = std::max(words_per_block, elements.size());
        blocks_.push_back({std::make_unique_for_overwrite<Word[]>(size), size});
        block_used_ = 0;
        words_ += size;
    }
    Word* start = blocks_.back().words.get() + block_used_;
    std::copy(elements.begin(), elements.end(), start);
    block_used_ += elements.size();
    return start;
}

void Lists::grow() {
    slots_.assign(slots_.size() * 2, Slot{0, 0});
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = 0; i < records_.size(); ++i) {
        std::size_t slot = records_[i].hash & mask;
        while (slots_[slot].record != 0) slot = (slot + 1) & mask;
        slots_[slot] = {static_cast<std::uint32_t>(i + 1), tag_of(records_[i].hash)};
    }
}

void Lists::forget_from(std::size_t count) {
    base::expects(count > 0);
    // The last first: whatever was put behind an occupied slot is gone before that slot becomes free.
    const std::size_t mask = slots_.size() - 1;
    for (; records_.size() > count; records_.pop_back()) {
        const Record& record = records_.back();
        std::size_t slot = record.hash & mask;
        while (slots_[slot].record != records_.size()) slot = (slot + 1) & mask;
        slots_[slot] = {0, 0};
        if (record.start == blocks_.back().words.get() && blocks_.size() > 1) {
            words_ -= blocks_.back().size;
            blocks_.pop_back();
        }
        const Record& last = records_[records_.size() - 2];
        block_used_ = static_cast<std::size_t>(last.start + last.length - blocks_.back().words.get());
    }
}

std::size_t Lists::bytes() const {
    return words_ * sizeof(Word) + records_.capacity() * sizeof(Record) + slots_.size() * sizeof(slots_[0]);
}

} // namespace ropewalk::values
