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

/// No column is stored.
constexpr std::uint32_t no_column = UINT32_MAX;

/// One expression of a bank: 28 bytes and a column.
struct Entry {
    std::uint32_t a = 0, b = 0, c = 0;
    std::uint32_t body = 0;
    std::uint32_t column = no_column;
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

/// 64 bits that differ where columns or their types differ, but for accidents; those of lists from the hashes of the
/// lists, so that a column has one before its lists are stored.
std::uint64_t column_hash(Slot type, std::span<const Word> column, const values::Lists& lists);

/// The same, row by row.
class ColumnHash {
public:
    explicit ColumnHash(Slot type) : sum_(index_of(type) * 0xc2b2ae3d27d4eb4fu) {}

    /// A number of the next row, or the hash of its list.
    void add(std::uint64_t word) {
        sum_ += word * values::place_factors[row_];
        if (++row_ == values::place_count) {
            sum_ = values::mixed(sum_);
            row_ = 0;
        }
    }
    std::uint64_t value() const { return values::mixed(sum_); }

private:
    std::uint64_t sum_;
    std::size_t row_ = 0;
};

/// Expressions that differ on the rows of one context, cheapest first, each with its column of values there.
class Bank {
public:
    explicit Bank(std::size_t rows);

    std::size_t rows() const { return rows_; }
    std::size_t size() const { return entries_.size(); }
    const Entry& operator[](std::uint32_t id) const { return entries_[id]; }
    /// Of an entry that has one.
    const Word* column(std::uint32_t id) const {
        const std::size_t place = entries_[id].column;
        return blocks_[place / columns_a_block].get() + place % columns_a_block * rows_;
    }
    bool has_column(std::uint32_t id) const { return entries_[id].column != no_column; }
    std::span<const std::uint32_t> ids(Slot type, int cost) const;
    /// The first so many of these have columns.
    std::size_t with_columns(Slot type, int cost) const;

    /// Room for the next column, behind all others; right until the next `keep` or `store`.
    Word* draft();
    /// Brings near what `find` of a hash looks at first.
    void prefetch(std::uint64_t hash) const { __builtin_prefetch(&table_[hash & (table_.size() - 1)]); }
    /// The entry with this hash, or -1. Of 2^32 columns that are new about one is taken for another that is there.
    std::int64_t find(std::uint64_t hash) const;
    /// Makes the draft the column of a new entry. No entry may have the same hash.
    std::uint32_t keep(const Entry& entry, std::uint64_t hash);
    /// The same for an entry without a column as yet.
    std::uint32_t keep_without_column(const Entry& entry, std::uint64_t hash);
    /// Makes the draft the column of the next of these entries that has none.
    void store(Slot type, int cost);

    /// Bytes held.
    std::size_t bytes() const;

    std::vector<std::int64_t> constants;
    PackedExpressions bodies;

private:
    struct Slotted {
        std::uint32_t entry; ///< + 1, 0: free
        std::uint32_t tag;
    };

    struct Group {
        std::vector<std::uint32_t> ids;
        std::size_t with_columns = 0;
    };

    static constexpr std::size_t columns_a_block = 8;

    std::uint32_t next_column() { return columns_++; }
    std::uint32_t add(const Entry& entry, std::uint64_t hash);
    void grow();
    void put(std::uint32_t id, std::uint64_t hash);

    std::size_t rows_;
    std::vector<Entry> entries_;
    std::vector<std::uint64_t> hashes_;
    /// Columns never move.
    std::vector<std::unique_ptr<Word[]>> blocks_;
    std::uint32_t columns_ = 0;
    std::vector<Slotted> table_;
    std::size_t listed_ = 0; ///< room in `by_cost_`
    std::array<std::vector<Group>, slot_count> by_cost_;
};

} // namespace ropewalk::synthesis
