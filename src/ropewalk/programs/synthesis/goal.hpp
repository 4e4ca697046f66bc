#pragma once

#include <functional>
#include <vector>

#include "ropewalk/programs/synthesis/bank.hpp"

namespace ropewalk::synthesis {

/// One bit a row: the rows on which something holds.
class RowSet {
public:
    explicit RowSet(std::size_t rows) : words_((rows + 63) / 64, 0) {}

    void add(std::size_t row) { words_[row / 64] |= std::uint64_t{1} << row % 64; }
    bool empty() const;
    std::size_t count() const;
    /// True where every row of `other` is one of these.
    bool holds(const RowSet& other) const {
        for (std::size_t i = 0; i < words_.size(); ++i)
            if ((other.words_[i] & ~words_[i]) != 0) return false;
        return true;
    }
    RowSet without(const RowSet& other) const;
    RowSet within(const RowSet& other) const;
    bool operator==(const RowSet&) const = default;
    std::size_t hash() const;

private:
    std::vector<std::uint64_t> words_;
};

/// A column that is looked for in a context, and what is built around an expression that has it.
struct Goal {
    Goal(Slot goal_type, std::vector<Word> wanted, int around_cost,
         std::function<functional::Expression(functional::Expression)> wrap)
        : type(goal_type), column(std::move(wanted)), hash(column_hash(type, column)), cost(around_cost),
          around(std::move(wrap)) {}

    /// An expression that has the column on some rows: the cheapest for these rows.
    struct Term {
        std::uint32_t entry;
        RowSet rows;
    };

    Slot type;
    std::vector<Word> column;
    std::uint64_t hash;
    int cost; ///< of what is around
    std::function<functional::Expression(functional::Expression)> around;
    std::vector<Term> terms;
    bool met = false;
    int best_cover = 1 << 20; ///< cost of the cheapest `if` so far
};

} // namespace ropewalk::synthesis
