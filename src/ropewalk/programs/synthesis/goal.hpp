#pragma once

#include <array>
#include <functional>
#include <vector>

#include "ropewalk/programs/synthesis/bank.hpp"

namespace ropewalk::synthesis {

/// One bit a row: the rows on which something holds.
class RowSet {
public:
    /// Contexts with more rows have no conditionals.
    static constexpr std::size_t most_rows = 512;

    explicit RowSet(std::size_t rows) : words_((rows + 63) / 64) {}

    /// The rows, of `rows`, for which the function is true. There must be at most `most_rows`.
    template<class Holds>
    static RowSet where(std::size_t rows, Holds holds) {
        RowSet set(rows);
        for (std::size_t row = 0; row < rows; ++row)
            set.bits_[row / 64] |= static_cast<std::uint64_t>(holds(row)) << row % 64;
        return set;
    }

    bool empty() const {
        std::uint64_t some = 0;
        for (std::size_t i = 0; i < words_; ++i) some |= bits_[i];
        return some == 0;
    }
    /// True where every row of `other` is one of these.
    bool holds(const RowSet& other) const {
        std::uint64_t missing = 0;
        for (std::size_t i = 0; i < words_; ++i) missing |= other.bits_[i] & ~bits_[i];
        return missing == 0;
    }
    RowSet without(const RowSet& other) const {
        RowSet rest = *this;
        for (std::size_t i = 0; i < words_; ++i) rest.bits_[i] &= ~other.bits_[i];
        return rest;
    }

private:
    std::size_t words_;
    std::array<std::uint64_t, most_rows / 64> bits_{};
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
    /// Expressions of the context that stand in what is around: to use one again costs little, as it has a name.
    std::vector<std::uint32_t> used;
    /// Only looked for, and nothing is derived from it.
    bool light = false;
    std::vector<Term> terms;
    /// Terms and conditions that were joined already.
    std::size_t covered_terms = 0, covered_conditions = 0;
    bool met = false;
    int best_cover = 1 << 20; ///< cost of the cheapest `if` so far
};

} // namespace ropewalk::synthesis
