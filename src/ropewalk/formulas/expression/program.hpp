// Straight-line programs: formulas as small values.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ropewalk/formulas/expression/operators.hpp"

namespace ropewalk::formula {

/// One line: an operator and the slots it reads. Slots 0..V-1 are the variables, slot V+l is the value of
/// line l; a line reads earlier slots only. Operands an operator does not read are 0.
struct Line {
    Operator operation = Operator::no_operation;
    int left = 0;
    int right = 0;
    double value = 0; ///< of a constant; otherwise 0

    friend bool operator==(const Line&, const Line&) = default;
};

/// A straight-line program over `variables` variables. Its value is that of its last line, or of variable
/// `result_variable` where there is no line.
struct Program {
    int variables = 0;
    std::vector<Line> lines;
    int result_variable = 0;

    int slots() const { return variables + static_cast<int>(lines.size()); }
    int result() const { return lines.empty() ? result_variable : slots() - 1; }

    friend bool operator==(const Program&, const Program&) = default;
};

/// The name of a variable that has no other: s1 for variable 0.
std::string name_of_variable(std::size_t variable);

/// s1, s2, ..., one for each variable.
std::vector<std::string> names_of_variables(std::size_t variables);

/// The program that returns one variable.
Program variable(int variables, int index);

/// The program that returns a number.
Program constant(int variables, double value);

/// An operator applied to whole programs over the same variables; lines of `left` come first.
Program combine(Operator operation, const Program& left, const Program& right);
Program combine(Operator operation, const Program& operand);

/// `program` with variable v replaced by `arguments[v]`; all arguments share the new number of variables.
Program substitute(const Program& program, std::span<const Program> arguments);

/// Checks operand ranges and finiteness of constants; every function below expects a valid program.
bool valid(const Program& program);

/// Value for one assignment of the variables (`variables` numbers).
double evaluate(const Program& program, std::span<const double> variables);

/// Values for many rows: `columns[v]` holds variable v, all columns have the same length. The plain version
/// of `evaluate_columns` in columns.hpp.
std::vector<double> evaluate(const Program& program, std::span<const std::vector<double>> columns);

/// Three measures of size. `nodes` is the paper's length with leaf cost 1, counted over the tree, so a shared
/// line counts at each use; it saturates at 2^62. `live_lines` counts each line the result needs once, no-ops
/// and constants included. `operators` counts the operators of the tree (no-ops and constants cost nothing).
struct Size {
    std::int64_t operators = 0;
    std::int64_t nodes = 0;
    int live_lines = 0;

    friend bool operator==(const Size&, const Size&) = default;
};
Size size(const Program& program);

/// The line whose value stands in a slot; null where that is a variable.
const Line* line_at(const Program& program, int slot);

/// The number that stands in a slot; null where that is no constant.
const double* number_at(const Program& program, int slot);

/// The same program without dead lines, no-ops and repeated lines, and with lines in order of first use.
Program tidy(const Program& program);

/// Shorter by local rules, then tidy: constants are folded, also 2*(3*x) and 2+(3+x), and x+0, x-0, x*1, x/1,
/// x*0, x-x, x/x, square(sqrt x), exp(log x), log(exp x), min(x,x) and repeated reciprocals go, and x*reciprocal(y) is x/y.
/// Wherever the original is finite the result agrees with it to rounding; it may be defined in more places.
Program simplified(const Program& program);

/// Which variables the result depends on by its syntax.
std::vector<bool> used_variables(const Program& program);
/// Whether it depends on some of them.
bool reads_inputs(const Program& program);

} // namespace ropewalk::formula
