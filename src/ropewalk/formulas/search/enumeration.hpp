// Exact bottom-up enumeration of formulas: every meaning once, by number of operators.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "ropewalk/formulas/expression/expression.hpp"

namespace ropewalk::formula {

/// What to enumerate. Leaves are the variables, in order, then `constants`.
struct Alphabet {
    int variables = 0;
    std::vector<double> constants;
    std::vector<Operator> operators;
    /// One per variable, to enumerate only what units allow; constants are pure numbers. Empty: no units.
    std::vector<Unit> units;
};

/// One formula of a bank: an operator on two earlier entries, or a leaf (operation no_operation, `left` its
/// index among the leaves).
struct Entry {
    std::uint32_t left = 0;
    std::uint32_t right = 0;
    Operator operation = Operator::no_operation;
};

/// Bounds on a level that is being added; it stays out of the bank when one of them is met.
struct LevelLimits {
    std::uint32_t entries = 100'000'000;
    base::Stop stop; ///< asked every few thousand candidates
};

/// Distinct formulas by number of operators, smallest first.
///
/// Two formulas are one when they agree as functions. Every formula has a fingerprint, its values at two
/// random points of the field of 2^61 - 1 elements, of which 93 bits are compared; different rational
/// functions of degree d share it with a probability of about d^2 / 2^93. Other operators (sqrt, exp, min,
/// ...) act on the field as fixed random functions, which keeps different formulas apart; identities through
/// them, such as log(exp x) = x, go unnoticed and leave two entries with one meaning.
class Bank {
public:
    /// The leaves are level 0. A repeated constant is entered once.
    explicit Bank(Alphabet alphabet);

    /// Adds every new formula with one operator more. Returns false, and leaves the bank as it was, when a
    /// limit is met.
    bool add_level(const LevelLimits& limits = {});

    /// Takes the last of several levels out, as if it had not been added.
    void drop_last_level();

    /// Takes the entries of the last level with keep[i] == 0 out of the bank, i counted from the level's
    /// begin; nothing is built on them. Their meaning stays known: a longer formula of the same meaning is
    /// not added.
    void keep_of_last_level(const std::vector<char>& keep);

    const Alphabet& alphabet() const { return alphabet_; }
    int leaves() const { return static_cast<int>(level_begin_[1]); }
    std::uint32_t size() const { return static_cast<std::uint32_t>(entries_.size()); }
    const Entry& entry(std::uint32_t index) const { return entries_[index]; }

    /// Levels present; those of k operators are entries level_begin(k)..level_begin(k + 1) - 1.
    int levels() const { return static_cast<int>(level_begin_.size()) - 1; }
    std::uint32_t level_begin(int level) const { return level_begin_[static_cast<std::size_t>(level)]; }

    /// Candidates looked at so far, before deduplication.
    std::uint64_t candidates() const { return candidates_; }

    /// The unit of an entry; a pure number where the alphabet has no units.
    const Unit& unit(std::uint32_t index) const { return units_[unit_of_entry_[index]]; }

    /// The program of an entry; shared subformulas are shared lines.
    Program program(std::uint32_t index) const;

private:
    struct Fingerprint {
        std::uint64_t first = 0, second = 0;
    };
    /// A known meaning: `index` is the entry, or `removed`.
    struct Slot {
        std::uint64_t first = 0;
        std::uint32_t second = 0;
        std::uint32_t index = empty;
    };
    static constexpr std::uint32_t empty = 0xffffffffu, removed = 0xfffffffeu;
    static constexpr std::uint32_t batch = 64;

    bool apply_to_level(int level, const LevelLimits& limits);
    bool combine_levels(int left_level, int right_level, const LevelLimits& limits);
    void combine_batch(Operator operation, std::uint32_t left, std::uint32_t right, std::uint32_t count);
    void consider(const Entry& entry, Fingerprint value, std::uint32_t unit);
    void grow_table();
    std::size_t home(std::uint64_t first) const;
    std::uint32_t unit_id(const Unit& unit);
    std::uint32_t unit_id_of(Operator operation, std::uint32_t left_unit, std::uint32_t right_unit);
    bool limited(const LevelLimits& limits);
    /// Takes the entries from this one on out; their meanings may be met anew.
    void forget_from(std::uint32_t index);
    void finish_level();

    static constexpr std::uint32_t no_unit = 0xffffffffu;

    Alphabet alphabet_;
    bool inverts_ = false;
    std::vector<Entry> entries_;
    std::vector<Fingerprint> values_, inverses_;
    std::vector<std::uint32_t> unit_of_entry_;
    std::vector<std::uint32_t> level_begin_;
    std::vector<Slot> table_;
    std::size_t known_ = 0; ///< occupied slots
    std::vector<Unit> units_;
    std::map<std::tuple<Operator, std::uint32_t, std::uint32_t>, std::uint32_t> unit_results_;
    std::uint64_t candidates_ = 0;
    std::uint64_t asked_at_ = 0;
};

} // namespace ropewalk::formula
