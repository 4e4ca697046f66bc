// Bottom-up enumeration of what may fill a hole, with observational equivalence.
#pragma once

#include <cstdint>
#include <functional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ropewalk/programs/search/hole_bank.hpp"

namespace ropewalk::search {

/// Collects expressions by rising cost and refuses those whose table is there already.
class BankBuilder {
public:
    /// `stride` bytes a table; the options outlive it.
    BankBuilder(std::size_t stride, const BankOptions& options);

    /// The table of the next offer.
    std::uint8_t* scratch() { return scratch_.data(); }
    bool full() const {
        return bank_.size() >= options_.most_entries || bank_.tables.size() >= options_.most_bytes;
    }

    /// Adds what stands in scratch() unless its behaviour is known; `make` gives the expression.
    template<class Make>
    void offer(int cost, const Make& make) {
        if (full() || !is_new()) return;
        bank_.expressions.push_back(make());
        bank_.costs.push_back(cost);
    }

    std::size_t size() const { return bank_.size(); }
    std::size_t stride() const { return stride_; }
    const HoleBank& bank() const { return bank_; }

    /// The bank, sorted by cost; leaves may have come in any order of it.
    HoleBank take();

private:
    /// Files the table in scratch() where no other is like it.
    bool is_new();

    std::size_t stride_;
    const BankOptions& options_;
    HoleBank bank_;
    std::vector<std::uint8_t> scratch_;
    std::unordered_multimap<std::uint64_t, std::size_t> known_;
};

/// base^exponent: entries of a table over so many arguments.
std::size_t power(int base, int exponent);

/// A leaf of the grammar: an expression, its cost, and its value for the i-th combination of arguments.
void add_leaf(BankBuilder& builder, language::Expression expression, int cost, auto&& value_at) {
    for (std::size_t i = 0; i < builder.stride(); ++i) builder.scratch()[i] = static_cast<std::uint8_t>(value_at(i));
    builder.offer(cost, [&] { return std::move(expression); });
}

/// The arguments of a hole as leaves.
void add_arguments(BankBuilder& builder, int arity, const BankOptions& options);

/// Numbers, and n, which stands for the number it equals where values are meant. As an address it is beyond
/// the last cell, so there it comes after the numbers and only serves in sums.
enum class Size { as_value, as_address };
void add_numbers(BankBuilder& builder, int largest, Size size, const BankOptions& options);

/// A binary operation as a table over pairs.
struct Binary {
    std::vector<std::uint8_t> table;
    int cost;
    bool commutes;
    std::function<language::Expression(const language::Expression&, const language::Expression&)> make;
};

/// An operation on one value: a learned function, or a load, which differs from example to example.
struct Unary {
    std::function<std::uint8_t(std::size_t index, std::uint8_t value)> apply;
    int cost;
    std::function<language::Expression(const language::Expression&)> make;
};

/// An operator of the language; two orders of a commutative one count once.
Binary binary_of(language::Operator op, const BankOptions& options);

/// Adds all operations on what is there, bottom-up by cost: every expression of cost c is an operation on expressions
/// whose costs add up to c minus its own.
void close_under(BankBuilder& builder, const std::vector<Binary>& binaries, const std::vector<Unary>& unaries,
                 const BankOptions& options);

} // namespace ropewalk::search
