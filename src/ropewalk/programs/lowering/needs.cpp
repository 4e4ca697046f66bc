#include "ropewalk/programs/lowering/needs.hpp"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "ropewalk/programs/machine/machine.hpp"

namespace ropewalk::lowering {

namespace {

using assembly::Opcode;
using values::Value;

constexpr long most_steps = 20'000'000;
constexpr std::int64_t most_cells = 1'000'000;
/// More than a machine has.
constexpr int unbounded = 1 << 30;

/// A machine whose numbers and cells have no bound, but for those that no program here reaches.
class WideRun {
public:
    WideRun(const Lowered& lowered, std::vector<std::int64_t> memory)
        : lowered_(lowered), memory_(std::move(memory)),
          registers_(lowered.program.initial_registers.begin(), lowered.program.initial_registers.end()) {}

    /// False where the run does not end.
    bool run(Needs& needs) {
        std::size_t line = 0;
        for (steps_ = 0; steps_ < most_steps; ++steps_) {
            const assembly::Instruction& each = lowered_.program.instructions[line];
            if (each.opcode == Opcode::halt) {
                needs.cells = std::max(needs.cells, static_cast<std::int64_t>(highest_) + 1);
                needs.steps = std::max(needs.steps, steps_ + 1);
                return true;
            }
            if (!step(each)) return false;
            if (lowered_.gives_number[line]) {
                needs.least = std::min(needs.least, registers_[each.destination]);
                needs.largest = std::max(needs.largest, registers_[each.destination]);
            }
            line = each.opcode == Opcode::jump && registers_[each.first] == 0 ? each.target : line + 1;
        }
        return false;
    }

private:
    bool step(const assembly::Instruction& each) {
        const std::int64_t x = registers_[each.first], y = registers_[each.second];
        std::int64_t& to = registers_[each.destination];
        switch (each.opcode) {
        case Opcode::zero: to = 0; break;
        case Opcode::mov: to = x; break;
        case Opcode::inc: to = x + 1; break;
        case Opcode::dec: to = x - 1; break;
        case Opcode::add: return !__builtin_add_overflow(x, y, &to);
        case Opcode::sub: return !__builtin_sub_overflow(x, y, &to);
        case Opcode::mul: return !__builtin_mul_overflow(x, y, &to);
        case Opcode::div: to = y == 0 ? 0 : x / y - (x % y != 0 && (x < 0) != (y < 0)); break;
        case Opcode::min: to = std::min(x, y); break;
        case Opcode::max: to = std::max(x, y); break;
        case Opcode::eq: to = x == y; break;
        case Opcode::lt: to = x < y; break;
        case Opcode::read:
            if (!reach(x)) return false;
            to = memory_[static_cast<std::size_t>(x)];
            break;
        case Opcode::write:
            if (!reach(x)) return false;
            memory_[static_cast<std::size_t>(x)] = y;
            break;
        default: break;
        }
        return true;
    }

    bool reach(std::int64_t cell) {
        if (cell < 0 || cell >= most_cells) return false;
        highest_ = std::max(highest_, static_cast<std::size_t>(cell));
        if (highest_ >= memory_.size()) memory_.resize(highest_ + 1, 0);
        return true;
    }

    const Lowered& lowered_;
    std::vector<std::int64_t> memory_, registers_;
    std::size_t highest_ = 0;
    long steps_ = 0;
};

/// Notes how large numbers and lists of a value are, as they stand in examples and programs.
void note(const Value& value, Needs& needs) {
    if (!value.type.is_list()) {
        needs.least = std::min(needs.least, value.number);
        needs.largest = std::max(needs.largest, value.number);
    }
    needs.longest = std::max(needs.longest, static_cast<int>(value.elements.size()));
    for (const Value& each : value.elements) note(each, needs);
}

void note(const functional::Expression& expression, Needs& needs) {
    if (expression.op == functional::Operator::number) note(values::whole_number(expression.number), needs);
    if (expression.op == functional::Operator::digits || expression.op == functional::Operator::from_digits) note(values::whole_number(10), needs);
    for (const auto& each : expression.arguments) note(each, needs);
}

bool goes_below_zero(const functional::Expression& expression) {
    using enum functional::Operator;
    return expression.op == subtract || expression.op == negate || expression.op == index || expression.op == absolute ||
           (expression.op == functional::Operator::number && expression.number < 0) ||
           std::any_of(expression.arguments.begin(), expression.arguments.end(), goes_below_zero);
}

base::Result<Lowered> refused(const Needs& needs, int base, int cells) {
    return base::failure("machine", fmt::format("base {} and {} cells", base, cells),
                         fmt::format("base {} and {} cells: on these inputs numbers go from {} to {}", needs.base(), needs.cells,
                                     needs.least, needs.largest));
}

/// Whether the machine leaves what the program says.
bool is_right(const Lowered& lowered, const functional::Program& program, const std::vector<Value>& arguments, long steps) {
    const auto memory = memory_of(lowered.layout, program, arguments);
    const auto wanted = functional::run(program, arguments);
    if (!memory || !wanted) return false;
    const auto state = machine::run_exact(lowered.program, *memory, {}, steps);
    const auto value = value_in(lowered.layout, program.result, state.memory);
    return state.halted && value && values::to_text(*value) == values::to_text(*wanted);
}

} // namespace

std::int64_t Needs::base() const {
    constexpr std::int64_t beyond_all = std::int64_t{1} << 60;
    const std::int64_t most = std::min(largest, beyond_all), fewest = std::max(least, -beyond_all);
    const std::int64_t numbers = negative() ? 2 * std::max(most + 1, -fewest) : most + 1;
    return std::max<std::int64_t>({numbers, cells + cells % 2, 4});
}

base::Result<Needs> needs_of(const functional::Program& program, const std::vector<std::vector<Value>>& inputs) {
    Needs needs;
    note(program.body, needs);
    for (const auto& arguments : inputs)
        for (const Value& each : arguments) note(each, needs);
    const auto layout = layout_of(program, unbounded, unbounded, needs.longest, true);
    if (!layout) return base::failure(layout.error());
    const auto lowered = lower_unbounded(program, *layout);
    if (!lowered) return base::failure(lowered.error());
    for (const auto& arguments : inputs) {
        std::vector<std::int64_t> memory(static_cast<std::size_t>(layout->free), 0);
        for (std::size_t i = 0; i < arguments.size(); ++i) {
            auto cell = static_cast<std::size_t>(layout->arguments[i]);
            memory[cell] = arguments[i].type.is_list() ? static_cast<std::int64_t>(arguments[i].elements.size()) : arguments[i].number;
            for (const Value& each : arguments[i].elements) memory[++cell] = each.number;
        }
        needs.cells = std::max<std::int64_t>(needs.cells, layout->free);
        if (!WideRun(*lowered, std::move(memory)).run(needs))
            return base::failure("lowering", "a run of more than 2 * 10^7 steps", "a program that ends on its inputs");
    }
    return needs;
}

base::Result<Lowered> lower_for(const functional::Program& program, const std::vector<std::vector<Value>>& inputs, int base, int cells) {
    const auto needs = needs_of(program, inputs);
    if (!needs) return base::failure(needs.error());
    if (base == 0) base = static_cast<int>(std::min<std::uint64_t>(assembly::largest_base, std::bit_ceil(static_cast<std::uint64_t>(needs->base()))));
    if (cells == 0) cells = base;
    if (needs->base() > base || needs->cells > cells) return refused(*needs, base, cells);
    const auto layout = layout_of(program, base, cells, needs->longest, needs->negative());
    if (!layout) return base::failure(layout.error());
    auto lowered = lower(program, *layout);
    if (!lowered) return lowered;
    constexpr long times = 4, more = 64;
    lowered->program.steps = needs->steps * times + more;
    for (const auto& arguments : inputs)
        if (!is_right(*lowered, program, arguments, *lowered->program.steps * times)) return refused(*needs, base, cells);
    return lowered;
}

base::Result<Lowered> lower_for_any(const functional::Program& program, int base, int cells) {
    int lists = 0, numbers = 0;
    for (const auto& each : program.parameters) ++(each.type.is_list() ? lists : numbers);
    const int longest = lists > 0 ? std::max(1, (cells / 2 - numbers) / lists - 1) : 0;
    return layout_of(program, base, cells, longest, base % 2 == 0 && goes_below_zero(program.body)).and_then([&](const Layout& layout) {
        return lower(program, layout);
    });
}

std::string to_text(const Lowered& lowered, const functional::Program& program) {
    std::string text;
    const std::string source = functional::to_string(program);
    for (std::size_t start = 0; start < source.size();) {
        const std::size_t end = std::min(source.find('\n', start), source.size());
        text += "; " + source.substr(start, end - start) + "\n";
        start = end + 1;
    }
    for (const std::string& line : described(lowered.layout, program)) text += "; " + line + "\n";
    return text + assembly::to_string(lowered.program);
}

} // namespace ropewalk::lowering
