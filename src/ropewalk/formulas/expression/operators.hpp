// The operators of formulas: one table that the executor, the bank, the printers and the tests share.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "ropewalk/base/base.hpp"

namespace ropewalk::formula {

/// What one line of a straight-line program computes. The first four are the paper's, in the order of
/// Figure 3 (Tang & Ellis), which is also the order of the sketch's operator weights.
enum class Operator : std::uint8_t {
    add,
    subtract,
    multiply,
    no_operation,
    divide,
    minimum,
    maximum,
    square,
    square_root,
    reciprocal,
    exponential,
    logarithm,
    sine,
    cosine,
    constant,
    power,
    tangent,
    hyperbolic_tangent,
    arcsine,
    arccosine,
    arctangent,
    absolute,
    sign,
    floor,
    ceiling,
    modulo,
    less,
};

inline constexpr int operator_count = 27;

/// A row of the operator table.
struct OperatorInfo {
    Operator operation;
    std::string_view name;   ///< as options and JSON write it: "add", "sqrt", ...
    std::string_view symbol; ///< infix sign of a binary operator, function name of a unary one
    int arity;               ///< operands read: 2, 1, or 0 for a constant
    bool commutative;
    int cost;      ///< what a line adds to the length of a program (the paper's prior): 0 for no_operation
    bool rational; ///< keeps rational functions rational, so that equality can be decided exactly
};

/// All operators, in the order of the enumeration.
const std::array<OperatorInfo, operator_count>& operators();

const OperatorInfo& info(Operator operation);

/// The operator of that name, or nothing.
std::optional<Operator> operator_named(std::string_view name);

/// What the operator makes of its operands, in IEEE arithmetic: 1/0 is infinite, log(-1) is not a number, and
/// minimum and maximum of something that is not a number are not a number.
/// The remainder of modulo has the sign of the divisor, as in left - right * floor(left / right); less is 1
/// or 0. A constant returns `value`, a no_operation its left operand; unary operators ignore `right`.
double apply(Operator operation, double left, double right, double value = 0);

/// The same with the bits of a long double, but for where the steps of sign, floor, ceiling, modulo and less
/// are.
long double apply_long(Operator operation, long double left, long double right, double value = 0);

/// The paper's search space: add, subtract, multiply.
std::vector<Operator> arithmetic();

/// Operators from a list of names such as "sqrt,exp,divide". Fails on an unknown name, with the closest one.
base::Result<std::vector<Operator>> parse_operators(std::string_view names);

} // namespace ropewalk::formula
