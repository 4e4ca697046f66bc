#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "ropewalk/programs/synthesis/grammar.hpp"
#include "ropewalk/programs/synthesis/packed_expressions.hpp"

namespace ropewalk::synthesis {

/// Where an expression of a bank comes from.
enum class Origin : std::uint8_t {
    variable, ///< `a`: which
    constant, ///< `a`: index into the bank's constants
    literal,  ///< `a`: where it stands in the bank's bodies
    captured, ///< `a`: an expression of the bank outside the function
    call,     ///< `a`, `b`, `c`: expressions of this bank
    function, ///< `a`, `b`: lists of this bank, `body`: where it stands in the bank's bodies
};

/// One expression of a bank: 24 bytes and a column.
struct Entry {
    std::uint32_t a = 0, b = 0, c = 0;
    std::uint32_t body = 0;
    std::uint16_t cost = 0;
    Operator op = Operator::number;
    Slot type = Slot::number;
    Origin origin = Origin::constant;
    /// Bit d below `first_parameter_bit`: on parameters of the function of depth d. Bits from there on: on which
    /// parameters of the innermost.
    std::uint8_t depends = 0;
};
constexpr int first_parameter_bit = 4;
/// The bits of `Entry::depends` that stand for functions.
constexpr std::uint8_t depth_bits = (1 << first_parameter_bit) - 1;

/// 64 bits that differ where columns or their types differ, but for accidents.
std::uint64_t column_hash(Slot type, std::span<const Word> column);

/// Expressions that differ on the rows of one context, cheapest first, each with its column of values there.
class Bank {
public:
    explicit Bank(std::size_t rows);

    std::size_t rows() const { return rows_; }
    std::size_t size() const { return entries_.size(); }
    const Entry& operator[](std::uint32_t id) const { return entries_[id]; }
    const Word* column(std::uint32_t id) const { return blocks_[id / entries_a_block].get() + id % entries_a_block * rows_; }
    std::span<const std::uint32_t> ids(Slot type, int cost) const;

    /// Room for the next column, behind all others; right until the next `keep`.
    Word* draft();
    /// The entry with this column, or -1.
    std::int64_t find(Slot type, std::uint64_t hash, const Word* column) const;
    /// Makes the draft the column of a new entry. No entry of its type may have the same column.
    std::uint32_t keep(const Entry& entry, std::uint64_t hash);

    /// Bytes held.
    std::size_t bytes() const;

    std::vector<std::int64_t> constants;
    PackedExpressions bodies;

private:
    struct Slotted {
        std::uint32_t entry; ///< + 1, 0: free
        std::uint32_t tag;
    };

    static constexpr std::size_t entries_a_block = 8;

    void grow();
    void put(std::uint32_t id, std::uint64_t hash);

    std::size_t rows_;
    std::vector<Entry> entries_;
    /// Columns never move.
    std::vector<std::unique_ptr<Word[]>> blocks_;
    std::vector<Slotted> table_;
    std::size_t listed_ = 0; ///< room in `by_cost_`
    std::array<std::vector<std::vector<std::uint32_t>>, slot_count> by_cost_;
};

} // namespace ropewalk::synthesis
