#include "ropewalk/programs/search/growing_banks.hpp"

#include <algorithm>
#include <utility>

namespace ropewalk::search {

namespace {

/// Cost up to which banks are filled at first; most searches end before dearer fillings are needed.
constexpr int first_filling = 4;

std::size_t bytes_of(const HoleBank& bank) {
    constexpr std::size_t beside_its_table = 256; // about what an expression takes
    return bank.tables.size() + bank.size() * beside_its_table;
}

int cheapest_filling(const HoleBank& bank) { return bank.levels.empty() ? 0 : bank.levels.front().cost; }

} // namespace

GrowingBanks::GrowingBanks(BankOptions options, const std::vector<machine::Example>& examples)
    : options_(std::move(options)), examples_(examples) {}

std::vector<const HoleBank*> GrowingBanks::banks_of(const Sketch& sketch) {
    std::vector<const HoleBank*> banks;
    for (const Sketch::Hole& hole : sketch.holes) {
        GrowingBank& growing = banks_[key_of(hole)];
        if (growing.largest_cost == 0) grow(key_of(hole), growing, first_filling);
        banks.push_back(&growing.bank);
    }
    return banks;
}

void GrowingBanks::prepare(const Sketch& sketch, int own, int cost) {
    int cheapest = own;
    for (const HoleBank* bank : banks_of(sketch)) cheapest += cheapest_filling(*bank);
    for (const Sketch::Hole& hole : sketch.holes) {
        GrowingBank& growing = banks_[key_of(hole)];
        const int needed = cost - cheapest + cheapest_filling(growing.bank);
        if (needed > growing.largest_cost && growing.largest_cost < largest_filling())
            grow(key_of(hole), growing, std::max(needed, growing.largest_cost + 1));
    }
}

void GrowingBanks::renew_point_banks() {
    for (auto& [key, growing] : banks_)
        if (std::get<HoleKind>(key) == HoleKind::point) grow(key, growing, growing.largest_cost);
}

void GrowingBanks::grow(const Key& key, GrowingBank& growing, int cost) {
    const auto [kind, arity, is_value] = key;
    growing.largest_cost = std::min(cost, largest_filling());
    BankOptions options = options_;
    options.fold_addresses = !is_value;
    options.largest_cost = growing.largest_cost;
    bytes_ -= bytes_of(growing.bank);
    growing.bank = make_bank(kind, arity, options, examples_);
    bytes_ += bytes_of(growing.bank);
}

} // namespace ropewalk::search
