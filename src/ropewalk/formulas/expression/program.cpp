#include "ropewalk/formulas/expression/program.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace ropewalk::formula {

std::string name_of_variable(std::size_t variable) { return "s" + std::to_string(variable + 1); }

std::vector<std::string> names_of_variables(std::size_t variables) {
    std::vector<std::string> names;
    for (std::size_t v = 0; v < variables; ++v) names.push_back(name_of_variable(v));
    return names;
}

Program variable(int variables, int index) { return {variables, {}, index}; }

Program constant(int variables, double value) { return {variables, {{Operator::constant, 0, 0, value}}, 0}; }

namespace {

/// Appends the lines of `program` to `lines`, whose slots start behind `variables`; returns the slot of its
/// value.
int append(std::vector<Line>& lines, const Program& program) {
    const int shift = static_cast<int>(lines.size());
    const auto moved = [&](int slot) { return slot < program.variables ? slot : slot + shift; };
    for (Line line : program.lines) {
        line.left = moved(line.left);
        line.right = moved(line.right);
        lines.push_back(line);
    }
    return program.lines.empty() ? program.result_variable : moved(program.result());
}

/// Which slots the result needs.
std::vector<bool> needed(const Program& program) {
    std::vector<bool> live(static_cast<std::size_t>(program.slots()));
    live[static_cast<std::size_t>(program.result())] = true;
    for (int slot = program.slots() - 1; slot >= program.variables; --slot) {
        if (!live[static_cast<std::size_t>(slot)]) continue;
        const Line& line = program.lines[static_cast<std::size_t>(slot - program.variables)];
        const int arity = info(line.operation).arity;
        if (arity >= 1) live[static_cast<std::size_t>(line.left)] = true;
        if (arity >= 2) live[static_cast<std::size_t>(line.right)] = true;
    }
    return live;
}

/// Builds a program line by line, giving equal lines one slot and applying local rules.
class Builder {
public:
    explicit Builder(int variables, bool with_rules) : with_rules_(with_rules) {
        program_.variables = variables;
    }

    int add(Line line) {
        if (line.operation == Operator::no_operation) return line.left;
        if (info(line.operation).commutative && line.left > line.right) std::swap(line.left, line.right);
        if (with_rules_)
            if (const int slot = by_rule(line); slot >= 0) return slot;
        const auto key = std::make_tuple(line.operation, line.left, line.right, line.value);
        const auto [place, fresh] = slots_.try_emplace(key, program_.slots());
        if (fresh) program_.lines.push_back(line);
        return place->second;
    }

    Program finish(int result) {
        program_.result_variable = result < program_.variables ? result : 0;
        program_.lines.resize(static_cast<std::size_t>(std::max(0, result - program_.variables + 1)));
        return std::move(program_);
    }

private:
    const Line* line_at(int slot) const { return formula::line_at(program_, slot); }
    const double* number(int slot) const { return number_at(program_, slot); }
    bool is(int slot, double value) const {
        const double* const held = number(slot);
        return held != nullptr && *held == value;
    }
    /// The operand of the line in `slot` where that line applies `operation`, otherwise -1.
    int inside(int slot, Operator operation) const {
        const Line* const line = line_at(slot);
        return line != nullptr && line->operation == operation ? line->left : -1;
    }
    /// The slot of number o (number o x), the two numbers being one, or -1.
    int gathered(const Line& line) {
        const double* const outer = number(line.left) != nullptr ? number(line.left) : number(line.right);
        const int rest = number(line.left) != nullptr ? line.right : line.left;
        const Line* const inner = line_at(rest);
        if (outer == nullptr || inner == nullptr || inner->operation != line.operation) return -1;
        const double* const second =
            number(inner->left) != nullptr ? number(inner->left) : number(inner->right);
        if (second == nullptr) return -1;
        const int operand = number(inner->left) != nullptr ? inner->right : inner->left;
        const double joined = apply(line.operation, *outer, *second);
        if (!std::isfinite(joined) || joined == 0) return -1;
        return add({line.operation, folded(joined), operand, 0});
    }
    int folded(double value) { return add({Operator::constant, 0, 0, value}); }

    /// The slot that already holds what the line would compute, or -1.
    int by_rule(const Line& line) {
        using enum Operator;
        const int arity = info(line.operation).arity;
        const double* const left = arity >= 1 ? number(line.left) : nullptr;
        const double* const right = arity >= 2 ? number(line.right) : left;
        if (left != nullptr && right != nullptr) {
            const double value = apply(line.operation, *left, *right);
            if (std::isfinite(value)) return folded(value);
            return -1;
        }
        switch (line.operation) {
        case add:
            if (is(line.left, 0) || is(line.right, 0)) return is(line.left, 0) ? line.right : line.left;
            return gathered(line);
        case subtract:
            if (line.left == line.right) return folded(0);
            return is(line.right, 0) ? line.left : -1;
        case multiply:
            if (is(line.left, 1)) return line.right;
            if (is(line.right, 1)) return line.left;
            if (is(line.left, 0) || is(line.right, 0)) return folded(0);
            if (const int under = inside(line.right, reciprocal); under >= 0)
                return this->add({divide, line.left, under, 0});
            if (const int under = inside(line.left, reciprocal); under >= 0)
                return this->add({divide, line.right, under, 0});
            return gathered(line);
        case divide:
            if (line.left == line.right) return folded(1);
            if (is(line.left, 0)) return folded(0);
            return is(line.right, 1) ? line.left : -1;
        case minimum:
        case maximum: return line.left == line.right ? line.left : -1;
        case square: return inside(line.left, square_root);
        case reciprocal: return inside(line.left, reciprocal);
        case exponential: return inside(line.left, logarithm);
        case power:
            if (right == nullptr) return -1;
            if (*right == 1) return line.left;
            if (*right == 2) return this->add({square, line.left, 0, 0});
            if (*right == 0.5) return this->add({square_root, line.left, 0, 0});
            return *right == -1 ? this->add({reciprocal, line.left, 0, 0}) : -1;
        case logarithm: return inside(line.left, exponential);
        default: return -1;
        }
    }

    bool with_rules_;
    Program program_;
    std::map<std::tuple<Operator, int, int, double>, int> slots_;
};

Program rebuilt(const Program& program, bool with_rules) {
    const std::vector<bool> live = needed(program);
    Builder builder(program.variables, with_rules);
    std::vector<int> slot_of(static_cast<std::size_t>(program.slots()));
    for (int slot = 0; slot < program.slots(); ++slot) {
        const auto at = static_cast<std::size_t>(slot);
        if (slot < program.variables) {
            slot_of[at] = slot;
        } else if (live[at]) {
            Line line = program.lines[at - static_cast<std::size_t>(program.variables)];
            const int arity = info(line.operation).arity;
            line.left = arity >= 1 ? slot_of[static_cast<std::size_t>(line.left)] : 0;
            line.right = arity >= 2 ? slot_of[static_cast<std::size_t>(line.right)] : 0;
            slot_of[at] = builder.add(line);
        }
    }
    return builder.finish(slot_of[static_cast<std::size_t>(program.result())]);
}

} // namespace

Program combine(Operator operation, const Program& left, const Program& right) {
    Program whole{left.variables, {}, 0};
    Line last{operation, 0, 0, 0};
    last.left = append(whole.lines, left);
    last.right = append(whole.lines, right);
    whole.lines.push_back(last);
    return whole;
}

Program combine(Operator operation, const Program& operand) {
    Program whole{operand.variables, operand.lines, 0};
    whole.lines.push_back({operation, operand.result(), 0, 0});
    return whole;
}

Program substitute(const Program& program, std::span<const Program> arguments) {
    Program whole{arguments.empty() ? 0 : arguments.front().variables, {}, 0};
    std::vector<int> slot_of;
    for (const Program& argument : arguments) slot_of.push_back(append(whole.lines, argument));
    for (Line line : program.lines) {
        const int arity = info(line.operation).arity;
        line.left = arity >= 1 ? slot_of[static_cast<std::size_t>(line.left)] : 0;
        line.right = arity >= 2 ? slot_of[static_cast<std::size_t>(line.right)] : 0;
        slot_of.push_back(whole.slots());
        whole.lines.push_back(line);
    }
    const int result = slot_of[static_cast<std::size_t>(program.result())];
    if (result < whole.variables) return variable(whole.variables, result);
    whole.lines.push_back({Operator::no_operation, result, 0, 0});
    return tidy(whole);
}

bool valid(const Program& program) {
    if (program.variables < 0 || (program.lines.empty() && (program.result_variable < 0 ||
                                                            program.result_variable >= program.variables)))
        return false;
    for (std::size_t l = 0; l < program.lines.size(); ++l) {
        const Line& line = program.lines[l];
        const int slot = program.variables + static_cast<int>(l), arity = info(line.operation).arity;
        const auto readable = [&](int operand) { return operand >= 0 && operand < slot; };
        if ((arity >= 1 && !readable(line.left)) || (arity >= 2 && !readable(line.right))) return false;
        if (line.operation == Operator::constant && !std::isfinite(line.value)) return false;
    }
    return true;
}

double evaluate(const Program& program, std::span<const double> variables) {
    base::expects([&] { return valid(program); });
    std::vector<double> slots(variables.begin(), variables.end());
    slots.reserve(static_cast<std::size_t>(program.slots()));
    for (const Line& line : program.lines) {
        const int arity = info(line.operation).arity;
        const double left = arity >= 1 ? slots[static_cast<std::size_t>(line.left)] : 0;
        const double right = arity >= 2 ? slots[static_cast<std::size_t>(line.right)] : 0;
        slots.push_back(apply(line.operation, left, right, line.value));
    }
    return slots[static_cast<std::size_t>(program.result())];
}

std::vector<double> evaluate(const Program& program, std::span<const std::vector<double>> columns) {
    base::expects([&] { return valid(program); });
    const std::size_t rows = columns.empty() ? 0 : columns.front().size();
    std::vector<double> values(rows), row(columns.size());
    for (std::size_t n = 0; n < rows; ++n) {
        for (std::size_t v = 0; v < columns.size(); ++v) row[v] = columns[v][n];
        values[n] = evaluate(program, row);
    }
    return values;
}

Size size(const Program& program) {
    base::expects([&] { return valid(program); });
    static constexpr std::int64_t most = std::int64_t{1} << 62;
    const auto sum = [](std::int64_t a, std::int64_t b) { return a > most - b ? most : a + b; };
    std::vector<std::int64_t> operators(static_cast<std::size_t>(program.variables), 0);
    std::vector<std::int64_t> nodes(static_cast<std::size_t>(program.variables), 1);
    for (const Line& line : program.lines) {
        const OperatorInfo& row = info(line.operation);
        const auto left = static_cast<std::size_t>(line.left), right = static_cast<std::size_t>(line.right);
        std::int64_t own_operators = row.cost, own_nodes = row.operation == Operator::no_operation ? 0 : 1;
        if (row.arity >= 1) {
            own_operators = sum(own_operators, operators[left]);
            own_nodes = sum(own_nodes, nodes[left]);
        }
        if (row.arity >= 2) {
            own_operators = sum(own_operators, operators[right]);
            own_nodes = sum(own_nodes, nodes[right]);
        }
        operators.push_back(own_operators);
        nodes.push_back(own_nodes);
    }
    const std::vector<bool> live = needed(program);
    const auto result = static_cast<std::size_t>(program.result());
    return {operators[result], nodes[result],
            static_cast<int>(std::count(live.begin() + program.variables, live.end(), true))};
}

Program tidy(const Program& program) {
    base::expects([&] { return valid(program); });
    return rebuilt(program, false);
}

Program simplified(const Program& program) {
    base::expects([&] { return valid(program); });
    Program current = rebuilt(program, true);
    for (;;) {
        Program next = rebuilt(current, true);
        if (next.lines.size() >= current.lines.size()) return next;
        current = std::move(next);
    }
}

const Line* line_at(const Program& program, int slot) {
    return slot < program.variables ? nullptr : &program.lines[static_cast<std::size_t>(slot - program.variables)];
}

const double* number_at(const Program& program, int slot) {
    const Line* const line = line_at(program, slot);
    return line != nullptr && line->operation == Operator::constant ? &line->value : nullptr;
}

std::vector<bool> used_variables(const Program& program) {
    base::expects([&] { return valid(program); });
    std::vector<bool> live = needed(program);
    live.resize(static_cast<std::size_t>(program.variables));
    return live;
}

bool reads_inputs(const Program& program) {
    const std::vector<bool> used = used_variables(program);
    return std::find(used.begin(), used.end(), true) != used.end();
}

} // namespace ropewalk::formula
