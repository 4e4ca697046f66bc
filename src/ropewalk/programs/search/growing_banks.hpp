// The banks that sketches share, which grow as dearer fillings are asked for.
#pragma once

#include <map>
#include <tuple>
#include <vector>

#include "ropewalk/programs/search/hole_bank.hpp"
#include "ropewalk/programs/search/sketch.hpp"

namespace ropewalk::search {

/// Holes alike have one bank, whose place stays the same; what it holds already keeps its place when it grows.
class GrowingBanks {
public:
    /// `options` without a cost, for examples that may become more. Both outlive it.
    GrowingBanks(BankOptions options, const std::vector<machine::Example>& examples);

    /// The banks of a sketch's holes, made where they are not there.
    std::vector<const HoleBank*> banks_of(const Sketch& sketch);

    /// Grows the banks of a sketch until they hold every filling that a candidate of this cost may have, of which the
    /// sketch itself takes `own`.
    void prepare(const Sketch& sketch, int own, int cost);

    /// Makes those anew that depend on examples: what was alike on the old ones may differ on the new ones.
    void renew_point_banks();

    /// Bytes of all of them.
    std::size_t bytes() const { return bytes_; }

private:
    /// A bank and the cost up to which it is complete.
    struct GrowingBank {
        HoleBank bank;
        int largest_cost = 0;
    };
    /// Kind and arity of the holes a bank is for, and whether an address is a value as well.
    using Key = std::tuple<HoleKind, int, bool>;

    static Key key_of(const Sketch::Hole& hole) { return {hole.kind, hole.arity, hole.is_value}; }
    int largest_filling() const { return options_.costs.fitted() ? 18 : 9; }
    void grow(const Key& key, GrowingBank& growing, int cost);

    BankOptions options_;
    const std::vector<machine::Example>& examples_;
    std::map<Key, GrowingBank> banks_;
    std::size_t bytes_ = 0;
};

} // namespace ropewalk::search
