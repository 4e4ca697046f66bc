#pragma once

#include <algorithm>
#include <array>
#include <bit>
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
    RowSet common(const RowSet& other) const {
        RowSet both = *this;
        for (std::size_t i = 0; i < words_; ++i) both.bits_[i] &= other.bits_[i];
        return both;
    }
    std::size_t size() const {
        std::size_t rows = 0;
        for (std::size_t i = 0; i < words_; ++i) rows += static_cast<std::size_t>(std::popcount(bits_[i]));
        return rows;
    }
    bool operator==(const RowSet&) const = default;
    RowSet without(const RowSet& other) const {
        RowSet rest = *this;
        for (std::size_t i = 0; i < words_; ++i) rest.bits_[i] &= ~other.bits_[i];
        return rest;
    }

private:
    std::size_t words_;
    std::array<std::uint64_t, most_rows / 64> bits_{};
};

/// Takes an expression, and what the whole program costs with it; builds what stands around, and reports the whole.
using Around = std::function<void(int cost, functional::Expression)>;

/// A column that is looked for in a context, and what is built around an expression that has it.
struct Goal {
    Goal(Slot goal_type, std::vector<Word> wanted, int around_cost, Around wrap)
        : type(goal_type), column(std::move(wanted)), cost(around_cost), reach(around_cost), around(std::move(wrap)) {}

    /// An expression that has the column on some rows: the cheapest for these rows.
    struct Term {
        std::uint32_t entry;
        RowSet rows;
    };

    static constexpr std::size_t most_terms = 1000;

    Slot type;
    std::vector<Word> column;
    std::uint64_t hash = 0; ///< of the column, once a context looks for it
    std::vector<std::uint64_t> lists; ///< the hashes of its lists, likewise
    int cost; ///< of what is around
    /// What of this cost is counted when it is decided how far to look: less where the outputs leave little doubt.
    int reach;
    Around around;
    /// Expressions of the context that stand in what is around: to use one again costs little, as it has a name.
    std::vector<std::uint32_t> used;
    /// Only looked for, and nothing is derived from it.
    bool light = false;
    std::vector<Term> terms;
    /// Whether every expression was asked whether it is one. Those of the time before the goal are, all at once, when terms
    /// are first joined.
    bool has_all_terms = false;
    /// Terms and conditions that were joined already.
    std::size_t covered_terms = 0, covered_conditions = 0;
    bool met = false;
    int best_cover = 1 << 20; ///< cost of the cheapest `if` so far
    std::size_t chained_parts = 0; ///< terms and conditions of which chains of `if` were made

    /// The cheapest term that is right on all of these rows.
    const Term* term_on(const RowSet& rows) const {
        const auto found = std::find_if(terms.begin(), terms.end(), [&](const Term& term) { return term.rows.holds(rows); });
        return found == terms.end() ? nullptr : &*found;
    }
};

/// Keys that are looked for: numbers, one for every element of some lists one after the other, by which `sort_by` gives
/// the lists that are wanted, or `max_by` and `min_by` the elements.
struct KeyGoal {
    Operator op; ///< `sort_by`, or `max_by` for both of the others
    std::vector<Word> lists, wanted;
    int cost; ///< of what is around
    std::function<void(int cost, Operator op, functional::Expression key)> around;

    /// Whether these keys, or `falling` their opposites, are right.
    bool is_met(const Word* keys, bool falling, const values::Lists& all) const;
};

} // namespace ropewalk::synthesis
