#include "ropewalk/programs/search/hole_bank.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <unordered_map>

namespace ropewalk::search {

using language::Expression;
using language::Operator;

namespace {

constexpr std::array<std::pair<HoleKind, const char*>, 9> kind_names{{{HoleKind::combine, "combine"},
                                                                      {HoleKind::value, "value"},
                                                                      {HoleKind::address, "address"},
                                                                      {HoleKind::test, "test"},
                                                                      {HoleKind::step, "step"},
                                                                      {HoleKind::cell, "cell"},
                                                                      {HoleKind::start, "start"},
                                                                      {HoleKind::range, "range"},
                                                                      {HoleKind::point, "point"}}};

bool commutative(Operator op) {
    return op == Operator::add || op == Operator::multiply || op == Operator::minimum ||
           op == Operator::maximum || op == Operator::equal_value || op == Operator::equal ||
           op == Operator::not_equal;
}

constexpr std::array value_operators{Operator::add,     Operator::subtract,    Operator::multiply,
                                     Operator::divide,  Operator::remainder,   Operator::minimum,
                                     Operator::maximum, Operator::equal_value, Operator::less_value};
constexpr std::array address_operators{Operator::add, Operator::subtract};
// The mirrored comparisons follow from exchanged operands.
constexpr std::array test_operators{Operator::not_equal, Operator::equal, Operator::less,
                                    Operator::less_or_equal};

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

/// Collects expressions by rising cost and refuses those whose table is there already.
class Builder {
public:
    Builder(std::size_t stride, const BankOptions& options) : stride_(stride), options_(options) {
        bank_.stride = stride;
        scratch_.resize(stride);
    }

    std::uint8_t* scratch() { return scratch_.data(); }
    bool full() const {
        return bank_.size() >= options_.most_entries || bank_.tables.size() >= options_.most_bytes;
    }

    /// Adds what stands in scratch() unless its behaviour is known.
    template<class Make>
    void offer(int cost, const Make& make) {
        if (full()) return;
        const std::uint64_t key = hash_of(scratch_.data(), stride_);
        const auto [first, last] = known_.equal_range(key);
        for (auto each = first; each != last; ++each)
            if (std::memcmp(bank_.table(each->second), scratch_.data(), stride_) == 0) return;
        known_.emplace(key, bank_.size());
        bank_.tables.insert(bank_.tables.end(), scratch_.begin(), scratch_.end());
        bank_.expressions.push_back(make());
        bank_.costs.push_back(cost);
    }

    std::size_t size() const { return bank_.size(); }
    const HoleBank& bank() const { return bank_; }

    HoleBank take() {
        // Leaves may have come in any order of cost.
        std::vector<std::size_t> order(bank_.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
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

private:
    std::size_t stride_;
    const BankOptions& options_;
    HoleBank bank_;
    std::vector<std::uint8_t> scratch_;
    std::unordered_multimap<std::uint64_t, std::size_t> known_;
};

std::size_t power(int base, int exponent) {
    std::size_t product = 1;
    for (int i = 0; i < exponent; ++i) product *= static_cast<std::size_t>(base);
    return product;
}

/// A leaf of the grammar: an expression, its cost, and its value for the i-th combination of arguments.
void add_leaf(Builder& builder, Expression expression, int cost, std::size_t stride, auto&& value_at) {
    for (std::size_t i = 0; i < stride; ++i) builder.scratch()[i] = static_cast<std::uint8_t>(value_at(i));
    builder.offer(cost, [&] { return std::move(expression); });
}

void add_arguments(Builder& builder, int arity, std::size_t stride, const BankOptions& options) {
    const auto b = static_cast<std::size_t>(options.machine.base);
    for (int argument = 0; argument < arity; ++argument) {
        const std::size_t divisor = power(options.machine.base, arity - 1 - argument);
        add_leaf(builder, language::variable(parameter_names()[static_cast<std::size_t>(argument)]),
                 options.costs.of_argument(), stride, [&](std::size_t i) { return i / divisor % b; });
    }
}

/// Numbers, and n, which stands for the number it equals where values are meant. As an address it is beyond
/// the last cell, so there it comes after the numbers and only serves in sums.
enum class Size { as_value, as_address };

void add_numbers(Builder& builder, int largest, Size size, std::size_t stride, const BankOptions& options) {
    const language::Machine& machine = options.machine;
    const auto add_size = [&](int cost) {
        add_leaf(builder, language::size(), cost, stride,
                 [&](std::size_t) { return machine.cells % machine.base; });
    };
    // An n that is 0 or 1 modulo base says less than the number.
    if (machine.cells % machine.base <= 1) size = Size::as_address;
    if (size == Size::as_value) add_size(options.costs.of_size());
    for (int number = 0; number <= std::min(largest, machine.base - 1); ++number)
        add_leaf(builder, language::constant(number), options.costs.of_number(number), stride,
                 [&](std::size_t) { return number; });
    if (size == Size::as_address) add_size(options.costs.of_size() + 1);
}

/// A binary operation as a table over pairs.
struct Binary {
    std::vector<std::uint8_t> table;
    int cost;
    bool commutes;
    std::function<Expression(const Expression&, const Expression&)> make;
};

/// An operation on one value: a learned function, or a load, which differs from example to example.
struct Unary {
    std::function<std::uint8_t(std::size_t index, std::uint8_t value)> apply;
    int cost;
    std::function<Expression(const Expression&)> make;
};

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

/// A function's results over all arguments, by running `M[0] = f(M[0], M[1])`; it may call others of `all`.
std::vector<std::uint8_t> table_of(const language::Function& function,
                                   const std::vector<language::Function>& all, int base, int arity) {
    std::vector<Expression> arguments;
    for (int i = 0; i < arity; ++i) arguments.push_back(language::load(language::constant(i)));
    const language::Program program = language::inlined(language::Program{
        all,
        {language::assign(language::load(language::constant(0)), language::call(function.name, arguments))}});
    std::vector<std::uint8_t> table;
    for (int x = 0; x < base; ++x)
        for (int y = 0; y < (arity == 2 ? base : 1); ++y) {
            const auto memory = language::evaluate(program, {base, std::min(base, 2)}, {x, y});
            table.push_back(static_cast<std::uint8_t>(memory ? memory->front() : 0));
        }
    return table;
}

/// Bottom-up by cost: every expression of cost c is an operation on expressions whose costs add up to c minus
/// its own.
void close(Builder& builder, const std::vector<Binary>& binaries, const std::vector<Unary>& unaries,
           std::size_t stride, const BankOptions& options) {
    const auto b = static_cast<std::size_t>(options.machine.base);
    std::vector<std::vector<std::size_t>> by_cost(static_cast<std::size_t>(options.largest_cost) + 1);
    const auto file_new = [&](std::size_t from) {
        for (std::size_t i = from; i < builder.size(); ++i)
            if (const int cost = builder.bank().costs[i]; cost <= options.largest_cost)
                by_cost[static_cast<std::size_t>(cost)].push_back(i);
    };
    file_new(0);
    for (int cost = 2; cost <= options.largest_cost && !builder.full(); ++cost) {
        const std::size_t before = builder.size();
        for (const Unary& op : unaries) {
            const int inner = cost - op.cost;
            if (inner < 1) continue;
            for (const std::size_t x : by_cost[static_cast<std::size_t>(inner)]) {
                const std::uint8_t* const values = builder.bank().table(x);
                for (std::size_t i = 0; i < stride; ++i) builder.scratch()[i] = op.apply(i, values[i]);
                builder.offer(cost, [&] { return op.make(builder.bank().expressions[x]); });
            }
        }
        for (const Binary& op : binaries)
            for (int left = 1; left + 1 <= cost - op.cost; ++left) {
                const int right = cost - op.cost - left;
                if (op.commutes && right < left) continue;
                for (const std::size_t x : by_cost[static_cast<std::size_t>(left)])
                    for (const std::size_t y : by_cost[static_cast<std::size_t>(right)]) {
                        if (op.commutes && left == right && y < x) continue;
                        const std::uint8_t* const xs = builder.bank().table(x);
                        const std::uint8_t* const ys = builder.bank().table(y);
                        for (std::size_t i = 0; i < stride; ++i)
                            builder.scratch()[i] = op.table[xs[i] * b + ys[i]];
                        builder.offer(cost, [&] {
                            return op.make(builder.bank().expressions[x], builder.bank().expressions[y]);
                        });
                    }
            }
        file_new(before);
    }
}

template<class Operators>
std::vector<Binary> binaries_of(const Operators& operators, const BankOptions& options) {
    std::vector<Binary> binaries;
    for (const Operator op : operators) binaries.push_back(binary_of(op, options));
    return binaries;
}

HoleBank value_bank(int arity, const BankOptions& options) {
    const std::size_t stride = power(options.machine.base, arity);
    Builder builder(stride, options);
    add_arguments(builder, arity, stride, options);
    add_numbers(builder, 2, Size::as_value, stride, options);
    std::vector<Binary> binaries = binaries_of(value_operators, options);
    std::vector<Unary> unaries;
    for (const language::Function& function : options.functions) {
        const int cost = options.costs.of_function(function.name);
        if (function.parameters.size() == 1)
            unaries.push_back(
                {[table = table_of(function, options.functions, options.machine.base, 1)](
                     std::size_t, std::uint8_t value) { return table[value]; },
                 cost, [name = function.name](const Expression& x) { return language::call(name, {x}); }});
        if (function.parameters.size() == 2)
            binaries.push_back({table_of(function, options.functions, options.machine.base, 2), cost, false,
                                [name = function.name](const Expression& x, const Expression& y) {
                                    return language::call(name, {x, y});
                                }});
    }
    close(builder, binaries, unaries, stride, options);
    return builder.take();
}

/// Folds results onto cells, keeping the cheapest expression for each folded table.
HoleBank folded_onto_cells(const HoleBank& bank, const BankOptions& options) {
    Builder builder(bank.stride, options);
    for (std::size_t i = 0; i < bank.size(); ++i) {
        for (std::size_t j = 0; j < bank.stride; ++j)
            builder.scratch()[j] = static_cast<std::uint8_t>(bank.table(i)[j] % options.machine.cells);
        builder.offer(bank.costs[i], [&] { return bank.expressions[i]; });
    }
    return builder.take();
}

HoleBank address_bank(int arity, int largest_number, const BankOptions& options) {
    const std::size_t stride = power(options.machine.base, arity);
    Builder builder(stride, options);
    add_arguments(builder, arity, stride, options);
    add_numbers(builder, largest_number, Size::as_address, stride, options);
    // The neighbour of a cell is a common thing to say, so it costs less than its parts.
    const auto b = static_cast<std::size_t>(options.machine.base);
    const std::size_t divisor = power(options.machine.base, arity - 1);
    for (const Operator op : address_operators)
        add_leaf(builder,
                 language::operation(op, language::variable(parameter_names()[0]), language::constant(1)),
                 options.costs.of_argument() + 1, stride,
                 [&](std::size_t i) { return (i / divisor % b + (op == Operator::add ? 1 : b - 1)) % b; });
    close(builder, binaries_of(address_operators, options), {}, stride, options);
    return options.fold_addresses ? folded_onto_cells(builder.take(), options) : builder.take();
}

HoleBank combine_bank(const BankOptions& options) {
    const std::size_t stride = power(options.machine.base, 2);
    Builder builder(stride, options);
    add_arguments(builder, 2, stride, options);
    const Expression a = language::variable(parameter_names()[0]),
                     b = language::variable(parameter_names()[1]);
    for (const Operator op : value_operators) {
        const Binary binary = binary_of(op, options);
        for (const bool mirrored : {false, true}) {
            const auto base = static_cast<std::size_t>(options.machine.base);
            for (std::size_t i = 0; i < stride; ++i)
                builder.scratch()[i] = binary.table[mirrored ? i % base * base + i / base : i];
            builder.offer(options.costs.of_argument() + binary.cost,
                          [&] { return mirrored ? binary.make(b, a) : binary.make(a, b); });
        }
    }
    return builder.take();
}

HoleBank step_bank(const BankOptions& options) {
    const std::size_t stride = power(options.machine.base, 1);
    const auto b = static_cast<std::size_t>(options.machine.base);
    Builder builder(stride, options);
    const Expression a = language::variable(parameter_names()[0]);
    for (const auto& [op, number] : std::vector<std::pair<Operator, int>>{{Operator::add, 1},
                                                                          {Operator::subtract, 1},
                                                                          {Operator::add, 2},
                                                                          {Operator::subtract, 2},
                                                                          {Operator::add, 0}}) {
        const Expression e = number == 0 ? a : language::operation(op, a, language::constant(number));
        const std::size_t distance =
            op == Operator::add ? static_cast<std::size_t>(number) : b - static_cast<std::size_t>(number) % b;
        // The step itself is what the hole is for, so one step costs as much as an argument.
        add_leaf(builder, e, options.costs.of_argument() + (number == 1 ? 0 : 1), stride,
                 [&](std::size_t i) { return (i + distance) % b; });
    }
    return builder.take();
}

HoleBank test_bank(int arity, const BankOptions& options) {
    const std::size_t stride = power(options.machine.base, arity);
    const auto b = static_cast<std::size_t>(options.machine.base);
    BankOptions leaves_only = options;
    leaves_only.largest_cost = 1;
    Builder leaves(stride, leaves_only);
    add_arguments(leaves, arity, stride, leaves_only);
    add_numbers(leaves, 2, Size::as_value, stride, leaves_only);
    Builder builder(stride, options);
    for (const Operator op : test_operators) {
        const Binary binary = binary_of(op, options);
        for (std::size_t x = 0; x < leaves.size(); ++x)
            for (std::size_t y = 0; y < leaves.size(); ++y) {
                for (std::size_t i = 0; i < stride; ++i)
                    builder.scratch()[i] =
                        binary.table[leaves.bank().table(x)[i] * b + leaves.bank().table(y)[i]];
                builder.offer(binary.cost + leaves.bank().costs[x] + leaves.bank().costs[y], [&] {
                    return binary.make(leaves.bank().expressions[x], leaves.bank().expressions[y]);
                });
            }
    }
    // A test that is always true or always false is no test.
    HoleBank all = builder.take();
    Builder useful(stride, options);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::uint8_t* const table = all.table(i);
        if (std::all_of(table, table + stride, [&](std::uint8_t each) { return each == table[0]; })) continue;
        std::copy(table, table + stride, useful.scratch());
        useful.offer(all.costs[i], [&] { return all.expressions[i]; });
    }
    return useful.take();
}

HoleBank cell_bank(const BankOptions& options) {
    Builder builder(1, options);
    const language::Machine& machine = options.machine;
    const auto add = [&](Expression e, int cost, int cell) {
        builder.scratch()[0] = static_cast<std::uint8_t>(cell);
        builder.offer(cost, [&] { return std::move(e); });
    };
    // The first cell is where results go by habit; the last one is n - 1 whatever n is.
    for (int cell = 0; cell < std::min(machine.cells, machine.base); ++cell)
        add(language::constant(cell), options.costs.of_number(cell), cell);
    return builder.take();
}

HoleBank start_bank(const BankOptions& options) {
    Builder builder(2, options);
    const language::Machine& machine = options.machine;
    for (int number = 0; number < machine.base; ++number) {
        const Expression literal = language::constant(number);
        builder.scratch()[0] = 0;
        builder.scratch()[1] = static_cast<std::uint8_t>(number);
        // Loops start at the ends of things or where a cell says, seldom at a number in between.
        builder.offer(options.costs.of_number(number) + (number > 1 ? 1 : 0), [&] { return literal; });
        if (number >= machine.cells) continue;
        builder.scratch()[0] = 1;
        builder.offer(options.costs.of_number(number) + options.costs.of_load(),
                      [&] { return language::load(literal); });
    }
    return builder.take();
}

HoleBank range_bank(const BankOptions& options) {
    Builder builder(2, options);
    const language::Machine& machine = options.machine;
    struct Bound {
        Expression expression;
        int value, cost;
    };
    std::vector<Bound> bounds;
    const Expression n = language::size();
    bounds.push_back({n, machine.cells, options.costs.of_size()});
    for (int less = 1; less <= 2 && less < machine.cells; ++less)
        bounds.push_back({language::operation(Operator::subtract, n, language::constant(less)),
                          machine.cells - less, options.costs.of_size() + less});
    for (int number = 0; number <= machine.cells; ++number)
        bounds.push_back({language::constant(number), number, options.costs.of_number(number)});
    struct Range {
        std::size_t from, to;
        int cost;
    };
    std::vector<Range> ranges;
    for (std::size_t from = 0; from < bounds.size(); ++from)
        for (std::size_t to = 0; to < bounds.size(); ++to)
            if (bounds[from].value < bounds[to].value && bounds[from].value < machine.base)
                ranges.push_back({from, to, bounds[from].cost + bounds[to].cost - 1});
    std::stable_sort(ranges.begin(), ranges.end(),
                     [](const Range& a, const Range& b) { return a.cost < b.cost; });
    for (const Range& range : ranges) {
        const Bound &from = bounds[range.from], &to = bounds[range.to];
        builder.scratch()[0] = static_cast<std::uint8_t>(from.value);
        builder.scratch()[1] = static_cast<std::uint8_t>(to.value - from.value);
        builder.offer(range.cost, [&] {
            return Expression{.kind = language::ExpressionKind::operation,
                              .operands = {from.expression, to.expression}};
        });
    }
    return builder.take();
}

HoleBank point_bank(const BankOptions& options, std::span<const machine::Example> examples) {
    const std::size_t stride = examples.size();
    Builder builder(stride, options);
    add_numbers(builder, 1, Size::as_address, stride, options);
    // Which cells a store reads is a matter of the task, so one costs as much as another.
    for (int cell = 0; cell < std::min(options.machine.cells, options.machine.base); ++cell)
        add_leaf(builder, language::load(language::constant(cell)),
                 options.costs.of_load() + options.costs.of_number(0), stride, [&](std::size_t example) {
                     return examples[example].memory[static_cast<std::size_t>(cell)];
                 });
    // A number that happens to fit is the commonest accident, a cell that points to a cell the next.
    for (int number = 2; number < std::min(options.machine.cells, options.machine.base); ++number)
        add_leaf(builder, language::constant(number), options.costs.of_number(number) + 1, stride,
                 [&](std::size_t) { return number; });
    const auto cells = static_cast<std::size_t>(options.machine.cells);
    const Unary load{.apply =
                         [examples, cells](std::size_t example, std::uint8_t address) {
                             return static_cast<std::uint8_t>(examples[example].memory[address % cells]);
                         },
                     .cost = options.costs.of_load() + 1,
                     .make = [](const Expression& address) { return language::load(address); }};
    close(builder, binaries_of(value_operators, options), {load}, stride, options);
    return builder.take();
}

} // namespace

std::string to_string(HoleKind kind) {
    for (const auto& [each, name] : kind_names)
        if (each == kind) return name;
    return {};
}

std::optional<HoleKind> hole_kind(std::string_view name) {
    for (const auto& [kind, each] : kind_names)
        if (each == name) return kind;
    return std::nullopt;
}

const std::vector<std::string>& parameter_names() {
    static const std::vector<std::string> names{"a", "b", "c"};
    return names;
}

HoleBank make_bank(HoleKind kind, int arity, const BankOptions& options,
                   std::span<const machine::Example> examples) {
    switch (kind) {
    case HoleKind::combine: return combine_bank(options);
    case HoleKind::value: return value_bank(arity, options);
    case HoleKind::address: return address_bank(arity, 2, options);
    case HoleKind::test: return test_bank(arity, options);
    case HoleKind::step: return step_bank(options);
    case HoleKind::cell: return cell_bank(options);
    case HoleKind::start: return start_bank(options);
    case HoleKind::range: return range_bank(options);
    case HoleKind::point: return point_bank(options, examples);
    }
    return {};
}

} // namespace ropewalk::search
