#include "ropewalk/programs/synthesis/bank.hpp"

#include <algorithm>

namespace ropewalk::synthesis {

std::uint64_t column_hash(Slot type, std::span<const Word> column) {
    // Two chains, so that multiplications of one row do not wait for those of the row before.
    constexpr std::uint64_t factor = 0x9fb21c651e98df25u;
    std::uint64_t even = 0x9e3779b97f4a7c15u + index_of(type), odd = 0xc2b2ae3d27d4eb4fu;
    std::size_t row = 0;
    for (; row + 1 < column.size(); row += 2) {
        even = (even ^ static_cast<std::uint64_t>(column[row])) * factor;
        odd = (odd ^ static_cast<std::uint64_t>(column[row + 1])) * factor;
        even ^= even >> 29;
        odd ^= odd >> 29;
    }
    if (row < column.size()) even = (even ^ static_cast<std::uint64_t>(column[row])) * factor;
    std::uint64_t hash = (even ^ (odd << 32 | odd >> 32)) * factor;
    hash ^= hash >> 32;
    return hash * factor ^ hash >> 29;
}

Bank::Bank(std::size_t rows) : rows_(rows), table_(64, Slotted{0, 0}) {}

std::span<const std::uint32_t> Bank::ids(Slot type, int cost) const {
    const auto& costs = by_cost_[index_of(type)];
    if (cost < 0 || static_cast<std::size_t>(cost) >= costs.size()) return {};
    return costs[static_cast<std::size_t>(cost)];
}

Word* Bank::draft() {
    const std::size_t id = entries_.size();
    if (id / entries_a_block >= blocks_.size()) blocks_.push_back(std::make_unique_for_overwrite<Word[]>(entries_a_block * rows_));
    return blocks_.back().get() + id % entries_a_block * rows_;
}

std::int64_t Bank::find(Slot type, std::uint64_t hash, const Word* column) const {
    const std::size_t mask = table_.size() - 1;
    const auto tag = static_cast<std::uint32_t>(hash >> 32);
    for (std::size_t slot = hash & mask; table_[slot].entry != 0; slot = (slot + 1) & mask) {
        if (table_[slot].tag != tag) continue;
        const std::uint32_t id = table_[slot].entry - 1;
        if (entries_[id].type == type && std::equal(column, column + rows_, this->column(id))) return id;
    }
    return -1;
}

std::uint32_t Bank::keep(const Entry& entry, std::uint64_t hash) {
    const auto id = static_cast<std::uint32_t>(entries_.size());
    entries_.push_back(entry);
    auto& costs = by_cost_[index_of(entry.type)];
    if (costs.size() <= entry.cost) costs.resize(entry.cost + std::size_t{1});
    auto& ids = costs[entry.cost];
    listed_ -= ids.capacity();
    ids.push_back(id);
    listed_ += ids.capacity();
    if (entries_.size() * 2 > table_.size())
        grow();
    else
        put(id, hash);
    return id;
}

void Bank::put(std::uint32_t id, std::uint64_t hash) {
    const std::size_t mask = table_.size() - 1;
    std::size_t slot = hash & mask;
    while (table_[slot].entry != 0) slot = (slot + 1) & mask;
    table_[slot] = {id + 1, static_cast<std::uint32_t>(hash >> 32)};
}

void Bank::grow() {
    table_.assign(table_.size() * 2, Slotted{0, 0});
    for (std::uint32_t id = 0; id < entries_.size(); ++id) put(id, column_hash(entries_[id].type, {column(id), rows_}));
}

std::size_t Bank::bytes() const {
    return blocks_.size() * (entries_a_block * rows_ * sizeof(Word) + sizeof(blocks_[0])) + entries_.capacity() * sizeof(Entry) +
           table_.size() * sizeof(Slotted) + listed_ * sizeof(std::uint32_t) + bodies.bytes();
}

} // namespace ropewalk::synthesis
