#include "ropewalk/programs/language/lower.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "ropewalk/programs/language/assignment.hpp"
#include "ropewalk/programs/language/emitter.hpp"
#include "ropewalk/programs/language/facts.hpp"
#include "ropewalk/programs/language/modulo.hpp"
#include "ropewalk/programs/language/step_count.hpp"
#include "ropewalk/programs/language/value_graph.hpp"
#include "ropewalk/programs/language/zero_test.hpp"

namespace ropewalk::language {

using assembly::Opcode;

namespace {

void add_assigned(const std::vector<Statement>& statements, std::set<std::string>& names) {
    for (const Statement& each : statements) {
        for (const Expression& target : each.targets)
            if (target.kind == ExpressionKind::variable) names.insert(target.name);
        if (each.kind == StatementKind::for_range) names.insert(each.variable);
        add_assigned(each.body, names);
        add_assigned(each.otherwise, names);
    }
}

std::set<std::string> assigned_in(const std::vector<Statement>& statements) {
    std::set<std::string> names;
    add_assigned(statements, names);
    return names;
}

class Lowering {
public:
    Lowering(const LowerOptions& options, bool endless)
        : options_(options), out_(options), endless_(endless) {}

    /// Emits the whole program, free of calls.
    void program(const std::vector<Statement>& statements) {
        for (std::size_t i = 0; i < statements.size(); ++i) {
            last_ = i + 1 == statements.size();
            statement(statements[i]);
        }
        if (!last_line_runs_) out_.plain(Opcode::halt);
    }

    const std::string& refusal() const { return refusal_; }
    const Emitter& emitter() const { return out_; }
    std::optional<long> last_line_runs() const { return last_line_runs_; }

private:
    using Block = std::vector<Statement>;
    using Emit = std::function<void()>;

    bool given_up() const { return !refusal_.empty() || out_.is_too_long(); }

    void refuse(const std::string& found) {
        if (refusal_.empty()) refusal_ = found;
    }

    void block(const Block& statements) {
        for (const Statement& each : statements) statement(each);
    }

    /// A block that does not run exactly once.
    void inner_block(const Block& statements) {
        ++depth_;
        block(statements);
        --depth_;
    }

    void statement(const Statement& each) {
        if (given_up()) return;
        const bool last = std::exchange(last_, false) && depth_ == 0;
        switch (each.kind) {
        case StatementKind::assign: return assign(each);
        case StatementKind::for_range: return for_range(each, last);
        case StatementKind::while_do: return while_do(each);
        case StatementKind::if_else: return if_else(each);
        case StatementKind::nop:
            if (out_.has(Opcode::nop)) out_.plain(Opcode::nop);
            return;
        }
    }

    // Variables and assignments.

    ValueGraph graph() {
        return {options_.machine, options_.instruction_set,
                [this](const std::string& name) { return read_variable(name); }};
    }

    int read_variable(const std::string& name) {
        const int index = out_.variable(name);
        mentioned_.insert(index);
        if (!facts_.assigned.contains(index)) out_.start_at_zero(index);
        return index;
    }

    int built(int node) {
        if (node < 0) refuse("a hole, an unknown function, or a condition where a value is needed");
        return node;
    }

    void assign(const Statement& each) {
        ValueGraph values = graph();
        Assignment assignment(values, out_);
        std::vector<std::pair<int, int>> variables;
        for (std::size_t i = 0; i < each.targets.size() && i < each.values.size(); ++i) {
            const Expression& target = each.targets[i];
            const int value = built(values.build(each.values[i]));
            const int address =
                target.kind == ExpressionKind::load ? built(values.build_address(target.operands[0])) : -1;
            if (given_up()) return;
            if (target.kind == ExpressionKind::load) {
                assignment.add_write(address, value);
                continue;
            }
            const int index = out_.variable(target.name);
            // Of two values for one variable the last counts.
            std::erase_if(variables, [&](const auto& entry) { return entry.first == index; });
            variables.emplace_back(index, value);
        }
        finish_assignment(values, assignment, variables);
    }

    void finish_assignment(ValueGraph& values, Assignment& assignment,
                           const std::vector<std::pair<int, int>>& variables) {
        for (const auto& [index, value] : variables)
            if (!becomes_start_value(index, values, value)) assignment.add_move(index, value);
        assignment.emit([this](int index, int value) { load_constant(index, value); });
        Facts after = facts_;
        for (const auto& [index, value] : variables) {
            const Node& node = values[value];
            const auto known = facts_.constants.find(node.value);
            if (node.kind == NodeKind::constant)
                after.constants[index] = node.value;
            else if (node.kind == NodeKind::variable && known != facts_.constants.end())
                after.constants[index] = known->second;
            else
                after.constants.erase(index);
            after.assigned.insert(index);
            mentioned_.insert(index);
        }
        facts_ = std::move(after);
    }

    /// The first value of a variable needs no instruction when the register can start with it.
    bool becomes_start_value(int index, ValueGraph& values, int value) {
        if (!options_.initial_registers || depth_ > 0 || mentioned_.contains(index)) return false;
        if (values[value].kind != NodeKind::constant) return false;
        out_.start_with(index, values[value].value);
        return true;
    }

    void assign_constant(int index, int value) {
        ValueGraph values = graph();
        Assignment assignment(values, out_);
        finish_assignment(values, assignment, {{index, values.constant(value)}});
    }

    /// Instructions that put a constant into a variable.
    void load_constant(int index, int value) {
        const auto known = facts_.constants.find(index);
        const int base = options_.machine.base;
        constexpr int counted_from_zero = 2;
        if (known != facts_.constants.end() && known->second == value) return;
        if (value == 0)
            out_.clear(index);
        else if (known != facts_.constants.end() && (known->second + 1) % base == value)
            out_.value(Opcode::inc, index, -1, index);
        else if (known != facts_.constants.end() && known->second == (value + 1) % base &&
                 out_.has(Opcode::dec))
            out_.value(Opcode::dec, index, -1, index);
        else if (!options_.initial_registers && depth_ == 0 && value <= counted_from_zero) {
            out_.clear(index);
            for (int i = 0; i < value; ++i) out_.value(Opcode::inc, index, -1, index);
        } else
            out_.copy(out_.constant(value), index);
    }

    // Conditions.

    /// Jumps to the label when the condition comes out as `sense`, else goes on below. Where the ways of a
    /// conditional statement meet, if there is such a place, is the label `meeting`.
    void jump_if(const Expression& condition, bool sense, int label, int meeting) {
        if (given_up()) return;
        const auto& operands = condition.operands;
        if (condition.kind != ExpressionKind::operation || condition.operation < Operator::equal)
            return refuse("a hole, or a value where a condition is needed");
        if (condition.operation == Operator::negation) return jump_if(operands[0], !sense, label, meeting);
        if (condition.operation == Operator::both || condition.operation == Operator::either) {
            // `either` is the negation of `both` of the negated sides, so one of them decides alone.
            const bool deciding = condition.operation == Operator::either;
            if (sense == deciding) {
                jump_if(operands[0], sense, label, meeting);
                jump_if(operands[1], sense, label, meeting);
                return;
            }
            const int skip = out_.new_label("skip");
            jump_if(operands[0], deciding, skip, meeting);
            jump_if(operands[1], sense, label, meeting);
            out_.bind(skip);
            return;
        }
        ValueGraph values = graph();
        const int x = built(values.build(operands[0])), y = x < 0 ? -1 : built(values.build(operands[1]));
        if (y < 0) return;
        jump_on(values, condition.operation, x, y, sense, label, meeting);
    }

    void jump_on(ValueGraph& values, Operator operation, int x, int y, bool sense, int label, int meeting) {
        const ZeroTest outcome = zero_test(values, operation, x, y, sense);
        if (values[outcome.node].kind == NodeKind::constant) {
            const bool holds = (values[outcome.node].value == 0) == outcome.zero_means_true;
            if (holds == sense) out_.jump_always(label);
            return;
        }
        NodeEmitter nodes(values, out_);
        nodes.announce(outcome.node);
        const int place = nodes.place(outcome.node);
        nodes.release(outcome.node);
        if (outcome.zero_means_true == sense) {
            out_.jump(place, label, meeting);
            return;
        }
        const int skip = out_.new_label("skip");
        out_.jump(place, skip, meeting);
        out_.jump_always(label);
        out_.bind(skip);
    }

    /// Instructions that `emit` would add.
    int length_of(const std::function<void(Lowering&)>& emit) const {
        Lowering trial = *this;
        emit(trial);
        return trial.out_.line_count() - out_.line_count();
    }

    void if_else(const Statement& each) {
        const Expression& condition = each.expressions[0];
        const int end = out_.new_label("end"), other = out_.new_label("else");
        const int jump_when_false =
            length_of([&](Lowering& trial) { trial.jump_if(condition, false, other, end); });
        const int jump_when_true =
            length_of([&](Lowering& trial) { trial.jump_if(condition, true, other, end); });
        const bool exchanged = !each.otherwise.empty() && jump_when_true < jump_when_false;
        const Block& first = exchanged ? each.otherwise : each.body;
        const Block& second = exchanged ? each.body : each.otherwise;
        jump_if(condition, exchanged, second.empty() ? end : other, end);
        const Facts before = facts_;
        inner_block(first);
        const Facts after_first = std::exchange(facts_, before);
        if (!second.empty()) {
            out_.jump_always(end);
            out_.bind(other);
            inner_block(second);
        }
        out_.bind(end);
        facts_.merge(after_first);
    }

    // Loops.

    /// Forgets what a loop's body may change.
    void forget(const std::set<std::string>& names) {
        for (const std::string& name : names) facts_.constants.erase(out_.variable(name));
    }

    void while_do(const Statement& each) {
        forget(assigned_in(each.body));
        const Expression& condition = each.expressions[0];
        loop_while(
            "while",
            [&condition](Lowering& self, bool sense, int label) {
                self.jump_if(condition, sense, label, -1);
            },
            [&] { inner_block(each.body); });
    }

    /// A loop that may not run at all. `jump_when` jumps to a label when going on comes out as the given
    /// sense. The test stands at the top or, with a jump to it, at the bottom, whichever is shorter.
    void loop_while(const std::string& name,
                    const std::function<void(Lowering& self, bool sense, int label)>& jump_when,
                    const Emit& body) {
        const int head = out_.new_label(name), done = out_.new_label("done");
        const int at_top = length_of([&](Lowering& trial) { jump_when(trial, false, done); });
        const int at_bottom = length_of([&](Lowering& trial) { jump_when(trial, true, head); });
        const Facts before = facts_;
        if (at_top < at_bottom) {
            out_.bind(head);
            jump_when(*this, false, done);
            body();
            out_.jump_always(head);
        } else {
            const int test = out_.new_label("test");
            out_.jump_always(test);
            out_.bind(head);
            body();
            out_.bind(test);
            // The test runs before the body too, so only what held then is certain.
            facts_ = before;
            jump_when(*this, true, head);
        }
        out_.bind(done);
        facts_ = before;
    }

    void for_range(const Statement& each, bool last) {
        if (each.expressions.size() != 2) return refuse("a hole");
        const auto from = constant_integer(each.expressions[0], options_.machine);
        const auto to = constant_integer(each.expressions[1], options_.machine);
        if (from && to)
            constant_range(each, *from, *to, last);
        else
            range(each);
    }

    /// Runs the body and moves on to the next value.
    void iteration(const Statement& each, int counter) {
        inner_block(each.body);
        out_.value(Opcode::inc, counter, -1, counter);
    }

    void constant_range(const Statement& each, long from, long to, bool last) {
        const int base = options_.machine.base;
        const int counter = out_.variable(each.variable);
        const long count = to - from;
        if (count <= 0) return assign_constant(counter, modulo(to, base));
        const int first = modulo(from, base);
        assign_constant(counter, first);
        if (count == 1) {
            block(each.body);
            out_.value(Opcode::inc, counter, -1, counter);
        } else if (last && endless_) {
            const int head = out_.new_label("for_" + each.variable);
            forget_in(each);
            out_.bind(head);
            iteration(each, counter);
            out_.jump_always(head);
            last_line_runs_ = count;
        } else {
            repeat(count / base, [&] { turn(each, counter, first, first + base); });
            if (count % base > 0) turn(each, counter, first, first + count % base);
        }
        facts_.constants[counter] = modulo(to, base);
    }

    void forget_in(const Statement& each) {
        forget(assigned_in(each.body));
        facts_.constants.erase(out_.variable(each.variable));
    }

    /// The body for the counter from `first` up to `end`, which is at most a base further; the test is at the
    /// bottom, as the body runs at least once.
    void turn(const Statement& each, int counter, int first, long end) {
        const int base = options_.machine.base;
        if (end - first == 1) {
            inner_block(each.body);
            out_.value(Opcode::inc, counter, -1, counter);
            return;
        }
        const int head = out_.new_label("for_" + each.variable);
        forget_in(each);
        out_.bind(head);
        iteration(each, counter);
        if (given_up()) return;
        ValueGraph values = graph();
        const bool passes_zero = end >= base;
        const Operator going_on =
            passes_zero || !out_.has(Opcode::div) ? Operator::not_equal : Operator::less;
        jump_on(values, going_on, values.variable(counter), values.constant(modulo(end, base)), true, head,
                -1);
    }

    /// Emits something that runs `count` times; it is emitted more than once when the count is large.
    void repeat(long count, const Emit& emit) {
        const int base = options_.machine.base;
        if (count <= 0 || given_up()) return;
        if (count == 1) return emit();
        if (count > base) {
            repeat(count / base, [&] { repeat(base, emit); });
            repeat(count % base, emit);
            return;
        }
        const int left = out_.allocate();
        facts_.constants.erase(left);
        load_constant(left, modulo(count, base));
        const int head = out_.new_label("repeat");
        out_.bind(head);
        ++depth_;
        emit();
        --depth_;
        ValueGraph values = graph();
        const int less_one = values.apply(Opcode::sub, values.variable(left), values.constant(1));
        Assignment assignment(values, out_);
        assignment.add_move(left, less_one);
        assignment.emit({});
        ValueGraph test = graph();
        jump_on(test, Operator::not_equal, test.variable(left), test.constant(0), true, head, -1);
        out_.release(left);
    }

    /// A range with bounds that are known only when it runs. The end is taken once, so a variable that the
    /// body changes is copied.
    void range(const Statement& each) {
        const int counter = out_.variable(each.variable);
        ValueGraph values = graph();
        const int from = built(values.build(each.expressions[0]));
        const int to = from < 0 ? -1 : built(values.build(each.expressions[1]));
        if (to < 0) return;
        const std::set<std::string> changed = assigned_in(each.body);
        const auto is_changed = [&](int index) {
            return index == counter || std::any_of(changed.begin(), changed.end(), [&](const auto& name) {
                       return out_.variable(name) == index;
                   });
        };
        const bool constant_end = values[to].kind == NodeKind::constant;
        const bool copied =
            !constant_end && (values[to].kind != NodeKind::variable || is_changed(values[to].value));
        const int end = constant_end ? values[to].value : copied ? out_.allocate() : values[to].value;
        std::vector<std::pair<int, int>> variables{{counter, from}};
        if (copied) {
            mentioned_.insert(end);
            variables.emplace_back(end, to);
        }
        Assignment assignment(values, out_);
        finish_assignment(values, assignment, variables);
        forget_in(each);
        loop_while(
            "for_" + each.variable,
            [&](Lowering& self, bool sense, int label) {
                ValueGraph operands = self.graph();
                const int limit = constant_end ? operands.constant(end) : operands.variable(end);
                self.jump_on(operands, Operator::not_equal, operands.variable(counter), limit, sense, label,
                             -1);
            },
            [&] { iteration(each, counter); });
        if (!copied) return;
        facts_.constants.erase(end);
        facts_.assigned.erase(end);
        out_.release(end);
    }

    LowerOptions options_;
    Emitter out_;
    /// Whether a loop at the end may go on for ever.
    bool endless_;
    Facts facts_;
    /// Variables that occur in what is emitted so far.
    std::set<int> mentioned_;
    /// Loops and conditions around the statement.
    int depth_ = 0;
    bool last_ = false;
    std::optional<long> last_line_runs_;
    std::string refusal_;
};

base::Result<Emitted> lowered(const Program& program, const LowerOptions& options, bool endless,
                              std::optional<long>& last_line_runs) {
    Lowering lowering(options, endless);
    lowering.program(program.statements);
    if (!lowering.refusal().empty())
        return base::failure("lowering", lowering.refusal(), "a complete program");
    last_line_runs = lowering.last_line_runs();
    return lowering.emitter().finish();
}

} // namespace

base::Result<assembly::Program> lower(const Program& program, const LowerOptions& options) {
    const auto [base, cells] = options.machine;
    if (base < 2 || base > assembly::largest_base || cells < 1 || cells > base)
        return base::failure(
            "lowering", fmt::format("a machine of base {} with {} cells", base, cells),
            fmt::format("a base from 2 to {} and from 1 to base cells", assembly::largest_base));
    const Program plain = inlined(program);
    std::optional<long> last_line_runs;
    if (options.endless_last_loop) {
        auto emitted = lowered(plain, options, true, last_line_runs);
        if (!emitted) return base::failure(std::move(emitted.error()));
        if (last_line_runs) {
            const auto steps = count_steps(*emitted, options.initial_registers, last_line_runs);
            if (steps && steps->exact && steps->most <= assembly::largest_step_count) {
                emitted->program.steps = steps->most;
                return std::move(emitted->program);
            }
        }
    }
    auto emitted = lowered(plain, options, false, last_line_runs);
    if (!emitted) return base::failure(std::move(emitted.error()));
    const auto steps = count_steps(*emitted, options.initial_registers, std::nullopt);
    if (steps && steps->most <= assembly::largest_step_count) emitted->program.steps = steps->most;
    return std::move(emitted->program);
}

} // namespace ropewalk::language
