#include "ropewalk/programs/search/candidate_machine.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace ropewalk::search {

using language::Expression;
using language::ExpressionKind;
using language::Statement;
using language::StatementKind;
using Kind = SketchCode::Kind;

namespace {

constexpr int most_slots = 48;
constexpr int most_counters = 8;

class Translator {
public:
    Translator(const Sketch& sketch, const language::Machine& machine) : sketch_(sketch), machine_(machine) {}

    base::Result<SketchCode> run() {
        if (sketch_.holes.size() > most_holes) refuse("too many holes");
        block(sketch_.program.statements);
        add({.kind = Kind::end});
        if (!problem_.empty())
            return base::failure("sketch " + sketch_.name, problem_, "something the search can run");
        std::vector<std::uint8_t> operations = operation_tables();
        return SketchCode{std::move(code_), machine_, cell_table(), std::move(operations)};
    }

private:
    using Instruction = SketchCode::Instruction;

    std::vector<std::uint8_t> cell_table() const {
        std::vector<std::uint8_t> cells;
        for (int value = 0; value < machine_.base; ++value)
            cells.push_back(static_cast<std::uint8_t>(value % machine_.cells));
        return cells;
    }

    std::vector<std::uint8_t> operation_tables() const {
        std::vector<std::uint8_t> tables;
        if (std::none_of(code_.begin(), code_.end(),
                         [](const Instruction& each) { return each.kind == Kind::operation; }))
            return tables;
        for (int op = 0; op < fixed_operations; ++op)
            for (int x = 0; x < machine_.base; ++x)
                for (int y = 0; y < machine_.base; ++y)
                    tables.push_back(static_cast<std::uint8_t>(
                        language::apply(static_cast<language::Operator>(op), x, y, machine_.base)));
        return tables;
    }

    void refuse(std::string problem) {
        if (problem_.empty()) problem_ = std::move(problem);
    }

    std::size_t add(Instruction instruction) {
        code_.push_back(instruction);
        return code_.size() - 1;
    }
    std::uint16_t here() const { return static_cast<std::uint16_t>(code_.size()); }

    std::uint8_t fresh() {
        if (next_slot_ >= most_slots) {
            refuse("too many variables and temporaries");
            return 0;
        }
        return static_cast<std::uint8_t>(next_slot_++);
    }

    std::uint8_t slot_of(const std::string& variable) {
        const auto found = variables_.find(variable);
        if (found != variables_.end()) return found->second;
        return variables_[variable] = fresh();
    }

    std::uint8_t hole_of(const Expression& e) const {
        for (std::size_t h = 0; h < sketch_.holes.size(); ++h)
            if (sketch_.holes[h].name == e.name && to_string(sketch_.holes[h].kind) == e.hole_kind)
                return static_cast<std::uint8_t>(h);
        return 0;
    }

    /// The slot that holds the value; a variable's own where there is one.
    std::uint8_t value(const Expression& e) {
        switch (e.kind) {
        case ExpressionKind::variable: return slot_of(e.name);
        case ExpressionKind::constant: return set(e.number % machine_.base);
        case ExpressionKind::size: return set(machine_.cells % machine_.base);
        case ExpressionKind::load: {
            const std::uint8_t address = value(e.operands[0]), d = fresh();
            add({.kind = Kind::load, .d = d, .a = address});
            return d;
        }
        case ExpressionKind::hole: return hole(e);
        case ExpressionKind::operation: {
            if (e.operands.size() != 2 || static_cast<int>(e.operation) >= fixed_operations) {
                refuse("an operation on conditions");
                return 0;
            }
            const std::uint8_t a = value(e.operands[0]), b = value(e.operands[1]), d = fresh();
            add({.kind = Kind::operation,
                 .d = d,
                 .a = a,
                 .b = b,
                 .c = static_cast<std::uint8_t>(e.operation)});
            return d;
        }
        case ExpressionKind::call: refuse("a call"); return 0;
        }
        return 0;
    }

    std::uint8_t set(int number) {
        const std::uint8_t d = fresh();
        add({.kind = Kind::set, .d = d, .a = static_cast<std::uint8_t>(number)});
        return d;
    }

    std::uint8_t hole(const Expression& e) {
        const std::uint8_t h = hole_of(e);
        std::array<std::uint8_t, 3> arguments{};
        for (std::size_t i = 0; i < e.operands.size(); ++i) arguments[i] = value(e.operands[i]);
        const std::uint8_t d = fresh();
        constexpr std::array tables{Kind::table0, Kind::table1, Kind::table2, Kind::table3};
        Kind kind = tables[e.operands.size()];
        if (sketch_.holes[h].kind == HoleKind::start) kind = Kind::start;
        if (sketch_.holes[h].kind == HoleKind::point) kind = Kind::point;
        add({.kind = kind, .d = d, .a = arguments[0], .b = arguments[1], .c = arguments[2], .hole = h});
        return d;
    }

    void block(const std::vector<Statement>& statements) {
        for (const Statement& s : statements) statement(s);
    }

    void statement(const Statement& s) {
        const int slots = next_slot_;
        switch (s.kind) {
        case StatementKind::assign: assign(s); break;
        case StatementKind::for_range: for_range(s); break;
        case StatementKind::while_do: while_do(s); break;
        case StatementKind::if_else: if_else(s); break;
        case StatementKind::nop: break;
        }
        // Temporaries of a statement are free after it, unless a variable was first met in between.
        int used = slots;
        for (const auto& [name, slot] : variables_) used = std::max(used, slot + 1);
        next_slot_ = used;
    }

    void assign(const Statement& s) {
        if (s.targets.size() != s.values.size()) return refuse("unequal numbers of targets and values");
        std::vector<std::uint8_t> values, addresses;
        for (const Expression& e : s.values) values.push_back(value(e));
        for (const Expression& e : s.targets)
            addresses.push_back(e.kind == ExpressionKind::load ? value(e.operands[0]) : std::uint8_t{0});
        // A value that is a variable's own slot may be overwritten by an earlier target.
        if (s.targets.size() > 1)
            for (std::uint8_t& each : values) {
                const std::uint8_t copy = fresh();
                add({.kind = Kind::copy, .d = copy, .a = each});
                each = copy;
            }
        if (s.targets.size() > 1)
            for (std::uint8_t& each : addresses) {
                const std::uint8_t copy = fresh();
                add({.kind = Kind::copy, .d = copy, .a = each});
                each = copy;
            }
        for (std::size_t i = 0; i < s.targets.size(); ++i)
            if (s.targets[i].kind == ExpressionKind::load)
                add({.kind = Kind::store, .a = addresses[i], .b = values[i]});
            else
                add({.kind = Kind::copy, .d = slot_of(s.targets[i].name), .a = values[i]});
    }

    void for_range(const Statement& s) {
        const auto counter = static_cast<std::uint8_t>(loops_++);
        if (loops_ > most_counters) refuse("too many nested loops");
        const std::uint8_t index = slot_of(s.variable);
        if (s.expressions.size() == 1 && s.expressions[0].kind == ExpressionKind::hole) {
            add({.kind = Kind::begin_range, .d = counter, .a = index, .hole = hole_of(s.expressions[0])});
        } else {
            const auto from = language::constant_integer(s.expressions[0], machine_);
            const auto to = language::constant_integer(s.expressions[1], machine_);
            if (from && to) {
                fixed_range(*from, *to, counter, index);
            } else {
                const std::uint8_t first = value(s.expressions[0]), last = value(s.expressions[1]);
                add({.kind = Kind::copy, .d = index, .a = first});
                add({.kind = Kind::begin_count, .d = counter, .a = first, .b = last});
            }
        }
        const std::size_t skip = add({.kind = Kind::skip_empty, .d = counter});
        const std::uint16_t start = here();
        block(s.body);
        add({.kind = Kind::next, .d = counter, .a = index, .target = start});
        code_[skip].target = here();
        --loops_;
    }

    /// Constant bounds are taken over the integers; a range that is empty leaves the index at its end.
    void fixed_range(long from, long to, std::uint8_t counter, std::uint8_t index) {
        if (to - from > 255) return refuse("a loop of more than 255 iterations");
        const long first = (from < to ? from : to) % machine_.base;
        add({.kind = Kind::begin_fixed,
             .d = counter,
             .a = index,
             .b = static_cast<std::uint8_t>(first < 0 ? first + machine_.base : first),
             .c = static_cast<std::uint8_t>(std::max(0L, to - from))});
    }

    void while_do(const Statement& s) {
        const std::uint16_t start = here();
        const std::size_t leave = add({.kind = Kind::jump_false, .a = condition(s.expressions[0])});
        block(s.body);
        add({.kind = Kind::jump, .target = start});
        code_[leave].target = here();
    }

    void if_else(const Statement& s) {
        const std::size_t skip = add({.kind = Kind::jump_false, .a = condition(s.expressions[0])});
        block(s.body);
        if (s.otherwise.empty()) {
            code_[skip].target = here();
            return;
        }
        const std::size_t leave = add({.kind = Kind::jump});
        code_[skip].target = here();
        block(s.otherwise);
        code_[leave].target = here();
    }

    std::uint8_t condition(const Expression& e) {
        using language::Operator;
        if (e.kind == ExpressionKind::hole) return hole(e);
        if (e.kind == ExpressionKind::operation && e.operation >= Operator::equal &&
            e.operation <= Operator::greater_or_equal)
            return value(e);
        refuse("a condition that is neither a hole nor a comparison");
        return 0;
    }

    static constexpr int fixed_operations = static_cast<int>(language::Operator::both);

    const Sketch& sketch_;
    language::Machine machine_;
    std::vector<Instruction> code_;
    std::map<std::string, std::uint8_t> variables_;
    int next_slot_ = 0;
    int loops_ = 0;
    std::string problem_;
};

} // namespace

base::Result<SketchCode> translate(const Sketch& sketch, const language::Machine& machine) {
    return Translator(sketch, machine).run();
}

CandidateMachine::CandidateMachine(const SketchCode& code) : code_(&code), fuel_(4 * code.machine.base) {}

bool CandidateMachine::run(std::uint8_t* memory, std::size_t example) const {
    std::array<std::uint8_t, most_slots> slots;
    std::array<std::uint8_t, most_counters> counters;
    const std::uint8_t* const cell_of = code_->cell_of.data();
    const std::uint8_t* const operations = code_->operations.data();
    const SketchCode::Instruction* const code = code_->code.data();
    const int base = code_->machine.base;
    const auto b = static_cast<std::size_t>(base);
    int fuel = fuel_;
    const SketchCode::Instruction* at = code;
    for (;;) {
        const SketchCode::Instruction i = *at++;
        switch (i.kind) {
        case Kind::set: slots[i.d] = i.a; break;
        case Kind::copy: slots[i.d] = slots[i.a]; break;
        case Kind::load: slots[i.d] = memory[cell_of[slots[i.a]]]; break;
        case Kind::store: memory[cell_of[slots[i.a]]] = slots[i.b]; break;
        case Kind::table0: slots[i.d] = tables_[i.hole][0]; break;
        case Kind::table1: slots[i.d] = tables_[i.hole][slots[i.a]]; break;
        case Kind::table2: slots[i.d] = tables_[i.hole][slots[i.a] * b + slots[i.b]]; break;
        case Kind::table3:
            slots[i.d] = tables_[i.hole][(slots[i.a] * b + slots[i.b]) * b + slots[i.c]];
            break;
        case Kind::start: {
            const std::uint8_t* const table = tables_[i.hole];
            slots[i.d] = table[0] != 0 ? memory[table[1]] : table[1];
            break;
        }
        case Kind::point: slots[i.d] = tables_[i.hole][example]; break;
        case Kind::operation: slots[i.d] = operations[(i.c * b + slots[i.a]) * b + slots[i.b]]; break;
        case Kind::begin_range:
            slots[i.a] = tables_[i.hole][0];
            counters[i.d] = tables_[i.hole][1];
            break;
        case Kind::begin_fixed:
            slots[i.a] = i.b;
            counters[i.d] = i.c;
            break;
        case Kind::begin_count: {
            const int count = slots[i.b] - slots[i.a];
            counters[i.d] = static_cast<std::uint8_t>(count < 0 ? count + base : count);
            break;
        }
        case Kind::next:
            slots[i.a] = static_cast<std::uint8_t>(slots[i.a] + 1 == base ? 0 : slots[i.a] + 1);
            if (--counters[i.d] != 0) at = code + i.target;
            break;
        case Kind::skip_empty:
            if (counters[i.d] == 0) at = code + i.target;
            break;
        case Kind::jump_false:
            if (slots[i.a] == 0) at = code + i.target;
            break;
        case Kind::jump:
            if (code + i.target < at && --fuel == 0) return false;
            at = code + i.target;
            break;
        case Kind::end: return true;
        }
    }
}

} // namespace ropewalk::search
