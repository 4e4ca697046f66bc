#include "ropewalk/programs/search/bank_builder.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace ropewalk::search {

using language::Expression;
using language::Operator;

namespace {

std::uint64_t hash_of(const std::uint8_t* bytes, std::size_t count) {
    std::uint64_t hash = 0x9E3779B97F4A7C15u ^ count;
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        std::uint64_t word;
        std::memcpy(&word, bytes + i, 8);
        hash = (hash ^ word) * 0xD6E8FEB86659FD93u;
        hash ^= hash >> 32;
    }
    for (; i < count; ++i) hash = (hash ^ bytes[i]) * 0x100000001B3u;
    return hash ^ hash >> 29;
}

bool commutative(Operator op) {
    return op == Operator::add || op == Operator::multiply || op == Operator::minimum ||
           op == Operator::maximum || op == Operator::equal_value || op == Operator::equal ||
           op == Operator::not_equal;
}

using ByCost = std::vector<std::vector<std::size_t>>;

void add_unary(BankBuilder& builder, const Unary& op, const std::vector<std::size_t>& operands, int cost) {
    for (const std::size_t x : operands) {
        const std::uint8_t* const values = builder.bank().table(x);
        for (std::size_t i = 0; i < builder.stride(); ++i) builder.scratch()[i] = op.apply(i, values[i]);
        builder.offer(cost, [&] { return op.make(builder.bank().expressions[x]); });
    }
}

/// On all pairs of operands, of each pair of equals one order where that is enough.
void add_binary(BankBuilder& builder, const Binary& op, const std::vector<std::size_t>& left,
                const std::vector<std::size_t>& right, int cost, std::size_t base) {
    const bool one_order = op.commutes && &left == &right;
    for (const std::size_t x : left)
        for (const std::size_t y : right) {
            if (one_order && y < x) continue;
            const std::uint8_t* const xs = builder.bank().table(x);
            const std::uint8_t* const ys = builder.bank().table(y);
            for (std::size_t i = 0; i < builder.stride(); ++i)
                builder.scratch()[i] = op.table[xs[i] * base + ys[i]];
            builder.offer(
                cost, [&] { return op.make(builder.bank().expressions[x], builder.bank().expressions[y]); });
        }
}

} // namespace

BankBuilder::BankBuilder(std::size_t stride, const BankOptions& options) : stride_(stride), options_(options) {
    bank_.stride = stride;
    scratch_.resize(stride);
}

bool BankBuilder::is_new() {
    const std::uint64_t key = hash_of(scratch_.data(), stride_);
    const auto [first, last] = known_.equal_range(key);
    for (auto each = first; each != last; ++each)
        if (std::memcmp(bank_.table(each->second), scratch_.data(), stride_) == 0) return false;
    known_.emplace(key, bank_.size());
    bank_.tables.insert(bank_.tables.end(), scratch_.begin(), scratch_.end());
    return true;
}

HoleBank BankBuilder::take() {
    std::vector<std::size_t> order(bank_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return bank_.costs[a] < bank_.costs[b]; });
    HoleBank sorted{.stride = stride_};
    for (const std::size_t i : order) {
        sorted.expressions.push_back(std::move(bank_.expressions[i]));
        sorted.costs.push_back(bank_.costs[i]);
        sorted.tables.insert(sorted.tables.end(), bank_.table(i), bank_.table(i) + stride_);
        if (sorted.levels.empty() || sorted.levels.back().cost != bank_.costs[i])
            sorted.levels.push_back({bank_.costs[i], sorted.size() - 1, sorted.size() - 1});
        ++sorted.levels.back().end;
    }
    return sorted;
}

std::size_t power(int base, int exponent) {
    std::size_t product = 1;
    for (int i = 0; i < exponent; ++i) product *= static_cast<std::size_t>(base);
    return product;
}

void add_arguments(BankBuilder& builder, int arity, const BankOptions& options) {
    const auto b = static_cast<std::size_t>(options.machine.base);
    for (int argument = 0; argument < arity; ++argument) {
        const std::size_t divisor = power(options.machine.base, arity - 1 - argument);
        add_leaf(builder, language::variable(parameter_names()[static_cast<std::size_t>(argument)]),
                 options.costs.of_argument(), [&](std::size_t i) { return i / divisor % b; });
    }
}

void add_numbers(BankBuilder& builder, int largest, Size size, const BankOptions& options) {
    const language::Machine& machine = options.machine;
    const auto add_size = [&](int cost) {
        add_leaf(builder, language::size(), cost,
                 [&](std::size_t) { return machine.cells % machine.base; });
    };
    // An n that is 0 or 1 modulo base says less than the number.
    if (machine.cells % machine.base <= 1) size = Size::as_address;
    if (size == Size::as_value) add_size(options.costs.of_size());
    for (int number = 0; number <= std::min(largest, machine.base - 1); ++number)
        add_leaf(builder, language::constant(number), options.costs.of_number(number),
                 [&](std::size_t) { return number; });
    if (size == Size::as_address) add_size(options.costs.of_size() + 1);
}

Binary binary_of(Operator op, const BankOptions& options) {
    const int b = options.machine.base;
    Binary binary{
        .table = {},
        .cost = options.costs.of(op),
        .commutes = commutative(op),
        .make = [op](const Expression& x, const Expression& y) { return language::operation(op, x, y); }};
    for (int x = 0; x < b; ++x)
        for (int y = 0; y < b; ++y)
            binary.table.push_back(static_cast<std::uint8_t>(language::apply(op, x, y, b)));
    return binary;
}

void close_under(BankBuilder& builder, const std::vector<Binary>& binaries, const std::vector<Unary>& unaries,
                 const BankOptions& options) {
    const auto base = static_cast<std::size_t>(options.machine.base);
    ByCost by_cost(static_cast<std::size_t>(options.largest_cost) + 1);
    const auto at = [&](int cost) -> const std::vector<std::size_t>& {
        return by_cost[static_cast<std::size_t>(cost)];
    };
    const auto file_new = [&](std::size_t from) {
        for (std::size_t i = from; i < builder.size(); ++i)
            if (const int cost = builder.bank().costs[i]; cost <= options.largest_cost)
                by_cost[static_cast<std::size_t>(cost)].push_back(i);
    };
    file_new(0);
    for (int cost = 2; cost <= options.largest_cost && !builder.full(); ++cost) {
        const std::size_t before = builder.size();
        for (const Unary& op : unaries)
            if (cost > op.cost) add_unary(builder, op, at(cost - op.cost), cost);
        for (const Binary& op : binaries)
            for (int left = 1; left + 1 <= cost - op.cost; ++left) {
                const int right = cost - op.cost - left;
                if (!op.commutes || right >= left) add_binary(builder, op, at(left), at(right), cost, base);
            }
        file_new(before);
    }
}

} // namespace ropewalk::search
