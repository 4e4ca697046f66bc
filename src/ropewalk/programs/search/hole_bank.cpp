#include "ropewalk/programs/search/hole_bank.hpp"

#include <algorithm>
#include <array>

#include "ropewalk/programs/search/bank_builder.hpp"

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

constexpr std::array value_operators{Operator::add,     Operator::subtract,    Operator::multiply,
                                     Operator::divide,  Operator::remainder,   Operator::minimum,
                                     Operator::maximum, Operator::equal_value, Operator::less_value};
constexpr std::array address_operators{Operator::add, Operator::subtract};
// The mirrored comparisons follow from exchanged operands.
constexpr std::array test_operators{Operator::not_equal, Operator::equal, Operator::less,
                                    Operator::less_or_equal};

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

template<class Operators>
std::vector<Binary> binaries_of(const Operators& operators, const BankOptions& options) {
    std::vector<Binary> binaries;
    for (const Operator op : operators) binaries.push_back(binary_of(op, options));
    return binaries;
}

HoleBank value_bank(int arity, const BankOptions& options) {
    const std::size_t stride = power(options.machine.base, arity);
    BankBuilder builder(stride, options);
    add_arguments(builder, arity, options);
    add_numbers(builder, 2, Size::as_value, options);
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
    close_under(builder, binaries, unaries, options);
    return builder.take();
}

/// Folds results onto cells, keeping the cheapest expression for each folded table.
HoleBank folded_onto_cells(const HoleBank& bank, const BankOptions& options) {
    BankBuilder builder(bank.stride, options);
    for (std::size_t i = 0; i < bank.size(); ++i) {
        for (std::size_t j = 0; j < bank.stride; ++j)
            builder.scratch()[j] = static_cast<std::uint8_t>(bank.table(i)[j] % options.machine.cells);
        builder.offer(bank.costs[i], [&] { return bank.expressions[i]; });
    }
    return builder.take();
}

HoleBank address_bank(int arity, int largest_number, const BankOptions& options) {
    const std::size_t stride = power(options.machine.base, arity);
    BankBuilder builder(stride, options);
    add_arguments(builder, arity, options);
    add_numbers(builder, largest_number, Size::as_address, options);
    // The neighbour of a cell is a common thing to say, so it costs less than its parts.
    const auto b = static_cast<std::size_t>(options.machine.base);
    const std::size_t divisor = power(options.machine.base, arity - 1);
    for (const Operator op : address_operators)
        add_leaf(builder,
                 language::operation(op, language::variable(parameter_names()[0]), language::constant(1)),
                 options.costs.of_argument() + 1,
                 [&](std::size_t i) { return (i / divisor % b + (op == Operator::add ? 1 : b - 1)) % b; });
    close_under(builder, binaries_of(address_operators, options), {}, options);
    return options.fold_addresses ? folded_onto_cells(builder.take(), options) : builder.take();
}

HoleBank combine_bank(const BankOptions& options) {
    const std::size_t stride = power(options.machine.base, 2);
    BankBuilder builder(stride, options);
    add_arguments(builder, 2, options);
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
    BankBuilder builder(stride, options);
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
        add_leaf(builder, e, options.costs.of_argument() + (number == 1 ? 0 : 1),
                 [&](std::size_t i) { return (i + distance) % b; });
    }
    return builder.take();
}

HoleBank test_bank(int arity, const BankOptions& options) {
    const std::size_t stride = power(options.machine.base, arity);
    const auto b = static_cast<std::size_t>(options.machine.base);
    BankOptions leaves_only = options;
    leaves_only.largest_cost = 1;
    BankBuilder leaves(stride, leaves_only);
    add_arguments(leaves, arity, leaves_only);
    add_numbers(leaves, 2, Size::as_value, leaves_only);
    BankBuilder builder(stride, options);
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
    BankBuilder useful(stride, options);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::uint8_t* const table = all.table(i);
        if (std::all_of(table, table + stride, [&](std::uint8_t each) { return each == table[0]; })) continue;
        std::copy(table, table + stride, useful.scratch());
        useful.offer(all.costs[i], [&] { return all.expressions[i]; });
    }
    return useful.take();
}

HoleBank cell_bank(const BankOptions& options) {
    BankBuilder builder(1, options);
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
    BankBuilder builder(2, options);
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
    BankBuilder builder(2, options);
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
    BankBuilder builder(stride, options);
    add_numbers(builder, 1, Size::as_address, options);
    // Which cells a store reads is a matter of the task, so one costs as much as another.
    for (int cell = 0; cell < std::min(options.machine.cells, options.machine.base); ++cell)
        add_leaf(builder, language::load(language::constant(cell)),
                 options.costs.of_load() + options.costs.of_number(0), [&](std::size_t example) {
                     return examples[example].memory[static_cast<std::size_t>(cell)];
                 });
    // A number that happens to fit is the commonest accident, a cell that points to a cell the next.
    for (int number = 2; number < std::min(options.machine.cells, options.machine.base); ++number)
        add_leaf(builder, language::constant(number), options.costs.of_number(number) + 1,
                 [&](std::size_t) { return number; });
    const auto cells = static_cast<std::size_t>(options.machine.cells);
    const Unary load{.apply =
                         [examples, cells](std::size_t example, std::uint8_t address) {
                             return static_cast<std::uint8_t>(examples[example].memory[address % cells]);
                         },
                     .cost = options.costs.of_load() + 1,
                     .make = [](const Expression& address) { return language::load(address); }};
    close_under(builder, binaries_of(value_operators, options), {load}, options);
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
