#include "ropewalk/programs/synthesis/bank.hpp"

namespace ropewalk::synthesis {

std::uint64_t column_hash(Slot type, std::span<const Word> column, const values::Lists& lists) {
    ColumnHash hash(type);
    if (type == Slot::number || type == Slot::truth)
        for (const Word word : column) hash.add(static_cast<std::uint64_t>(word));
    else
        for (const Word word : column) hash.add(lists.hash(word));
    return hash.value();
}

Bank::Bank(std::size_t rows) : rows_(rows), table_(64, Slotted{0, 0}) {}

std::span<const std::uint32_t> Bank::ids(Slot type, int cost) const {
    const auto& costs = by_cost_[index_of(type)];
    if (cost < 0 || static_cast<std::size_t>(cost) >= costs.size()) return {};
    return costs[static_cast<std::size_t>(cost)].ids;
}

std::size_t Bank::with_columns(Slot type, int cost) const {
    const auto& costs = by_cost_[index_of(type)];
    if (cost < 0 || static_cast<std::size_t>(cost) >= costs.size()) return 0;
    return costs[static_cast<std::size_t>(cost)].with_columns;
}

Word* Bank::draft() {
    if (columns_ / columns_a_block >= blocks_.size())
        blocks_.push_back(std::make_unique_for_overwrite<Word[]>(columns_a_block * rows_));
    return blocks_.back().get() + columns_ % columns_a_block * rows_;
}

std::int64_t Bank::find(std::uint64_t hash) const {
    const std::size_t mask = table_.size() - 1;
    const auto tag = static_cast<std::uint32_t>(hash >> 32);
    for (std::size_t slot = hash & mask; table_[slot].entry != 0; slot = (slot + 1) & mask)
        if (table_[slot].tag == tag) return table_[slot].entry - 1;
    return -1;
}

std::uint32_t Bank::keep(const Entry& entry, std::uint64_t hash) {
    const std::uint32_t id = add(entry, hash);
    Group& group = by_cost_[index_of(entry.type)][entry.cost];
    // Those before it without a column keep their order: it waits until they have theirs.
    entries_[id].column = next_column();
    if (group.with_columns + 1 == group.ids.size()) ++group.with_columns;
    return id;
}

std::uint32_t Bank::keep_without_column(const Entry& entry, std::uint64_t hash) { return add(entry, hash); }

void Bank::store(Slot type, int cost) {
    Group& group = by_cost_[index_of(type)][static_cast<std::size_t>(cost)];
    entries_[group.ids[group.with_columns]].column = next_column();
    do ++group.with_columns;
    while (group.with_columns < group.ids.size() && has_column(group.ids[group.with_columns]));
}

std::uint32_t Bank::add(const Entry& entry, std::uint64_t hash) {
    const auto id = static_cast<std::uint32_t>(entries_.size());
    entries_.push_back(entry);
    hashes_.push_back(hash);
    auto& costs = by_cost_[index_of(entry.type)];
    if (costs.size() <= entry.cost) costs.resize(entry.cost + std::size_t{1});
    auto& ids = costs[entry.cost].ids;
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
    for (std::uint32_t id = 0; id < entries_.size(); ++id) put(id, hashes_[id]);
}

std::size_t Bank::bytes() const {
    return blocks_.size() * (columns_a_block * rows_ * sizeof(Word) + sizeof(blocks_[0])) + entries_.capacity() * sizeof(Entry) + hashes_.capacity() * sizeof(hashes_[0]) +
           table_.size() * sizeof(Slotted) + listed_ * sizeof(std::uint32_t) + bodies.bytes();
}

} // namespace ropewalk::synthesis
