#pragma once

#include <string>
#include <vector>

namespace ropewalk::language {

/// Values are 0..base-1 and all arithmetic is modulo base, as on the machine; conditions are true or false.
enum class Type { value, condition };

enum class Operator {
    // value x value -> value, each one instruction of the machine; `equal_value` and `less_value` are 1 or 0
    add,
    subtract,
    multiply,
    divide,
    remainder,
    minimum,
    maximum,
    equal_value,
    less_value,
    // value x value -> condition
    equal,
    not_equal,
    less,
    less_or_equal,
    greater,
    greater_or_equal,
    // condition (x condition) -> condition
    both,
    either,
    negation
};

enum class ExpressionKind {
    constant,  ///< `number`, taken modulo base
    size,      ///< `n`, the number of memory cells (modulo base where it is a value)
    variable,  ///< `name`: a variable, or inside a function one of its parameters
    load,      ///< `M[operands[0]]`, the address taken modulo cells
    operation, ///< `operation` on `operands`
    call,      ///< function `name` on `operands`
    hole       ///< `?kind.name(operands)`: what a search is to fill in; only in sketches
};

struct Expression {
    ExpressionKind kind = ExpressionKind::constant;
    int number = 0;
    Operator operation = Operator::add;
    std::string name;
    std::string hole_kind;
    std::vector<Expression> operands;

    friend bool operator==(const Expression&, const Expression&) = default;
};

enum class StatementKind {
    assign,    ///< `targets = values`, all values and addresses taken before anything is written
    for_range, ///< `for variable in from..to: body`, expressions = {from, to}
    while_do,  ///< `while condition: body`, expressions = {condition}
    if_else,   ///< `if condition: body else: otherwise`, expressions = {condition}
    nop        ///< nothing; a place for tuning to fill
};

struct Statement {
    StatementKind kind = StatementKind::nop;
    /// Of an assignment: variables and loads (a load as a target is the cell that is written).
    std::vector<Expression> targets, values;
    std::string variable;
    std::vector<Expression> expressions;
    std::vector<Statement> body, otherwise;

    friend bool operator==(const Statement&, const Statement&) = default;
};

/// `def name(parameters) = body`: a value from values, without effects. Functions use those before them.
struct Function {
    std::string name;
    std::vector<std::string> parameters;
    Expression body;

    friend bool operator==(const Function&, const Function&) = default;
};

/// An array program. It says nothing about the machine's base and cells: the same source runs on any.
struct Program {
    std::vector<Function> functions;
    std::vector<Statement> statements;

    friend bool operator==(const Program&, const Program&) = default;
};

// Short ways to build trees.
Expression constant(int number);
Expression size();
Expression variable(std::string name);
Expression load(Expression address);
Expression operation(Operator op, Expression a, Expression b);
Expression negation(Expression condition);
Expression call(std::string function, std::vector<Expression> arguments);
Statement assign(Expression target, Expression value);

/// The body with arguments in place of parameters, and every call replaced by its function's body.
Expression inlined(const Expression& expression, const std::vector<Function>& functions);
/// The program without functions and calls.
Program inlined(const Program& program);

/// Number of nodes: statements, expressions, targets.
int node_count(const Expression& expression);
int node_count(const Statement& statement);
int node_count(const Program& program);

} // namespace ropewalk::language
