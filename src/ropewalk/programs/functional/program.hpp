#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ropewalk/programs/functional/operators.hpp"

namespace ropewalk::functional {

/// An expression as a tree. Variables are numbered from the outside: the arguments of the program from 0, then
/// the parameters of the functions around the place, those of the outer ones first, and names given by `let`.
struct Expression {
    Operator op = Operator::number;
    std::int64_t number = 0; ///< of `number` and `truth` their value, of `variable` which one
    /// The arguments, and after them the body of the function where the operator takes one.
    std::vector<Expression> arguments = {};
    /// Where it stands in the source text: the byte after which it starts, counted from 1; 0: in none.
    std::uint32_t place = 0;

    /// The same, wherever they stand.
    bool operator==(const Expression& other) const {
        return op == other.op && number == other.number && arguments == other.arguments;
    }
};

struct Parameter {
    std::string name;
    values::Type type;

    bool operator==(const Parameter&) const = default;
};

/// A function of values: what examples are turned into.
struct Program {
    std::vector<Parameter> parameters;
    values::Type result;
    Expression body;

    bool operator==(const Program&) const = default;
};

Expression variable(std::int64_t which);
Expression number(std::int64_t value);
Expression call(Operator op, std::vector<Expression> arguments);

/// How many nodes the tree has.
std::size_t size(const Expression& expression);

/// True where the expression names this variable.
bool uses(const Expression& expression, std::int64_t variable);

/// True where the operator stands in the expression.
bool uses(const Expression& expression, Operator op);

/// True where the expression names one of the variables `from`, `from + 1`, ...
bool uses_from(const Expression& expression, std::int64_t from);

/// The expression with `by` added to the number of every variable from `from` on, as is right when it is put
/// below that many more binders.
Expression shifted(Expression expression, std::int64_t from, std::int64_t by);

} // namespace ropewalk::functional
