#include "ropewalk/formulas/expression/operators.hpp"

#include <cmath>
#include <limits>
#include <string>

namespace ropewalk::formula {

const std::array<OperatorInfo, operator_count>& operators() {
    using enum Operator;
    static constexpr std::array<OperatorInfo, operator_count> table{{
        {add, "add", "+", 2, true, 1, true},
        {subtract, "sub", "-", 2, false, 1, true},
        {multiply, "mul", "*", 2, true, 1, true},
        {no_operation, "no-op", "", 1, false, 0, true},
        {divide, "div", "/", 2, false, 1, true},
        {minimum, "min", "min", 2, true, 1, false},
        {maximum, "max", "max", 2, true, 1, false},
        {square, "square", "square", 1, false, 1, true},
        {square_root, "sqrt", "sqrt", 1, false, 1, false},
        {reciprocal, "reciprocal", "reciprocal", 1, false, 1, true},
        {exponential, "exp", "exp", 1, false, 1, false},
        {logarithm, "log", "log", 1, false, 1, false},
        {sine, "sin", "sin", 1, false, 1, false},
        {cosine, "cos", "cos", 1, false, 1, false},
        {constant, "constant", "", 0, false, 0, true},
        {power, "pow", "pow", 2, false, 1, false},
        {tangent, "tan", "tan", 1, false, 1, false},
        {hyperbolic_tangent, "tanh", "tanh", 1, false, 1, false},
        {arcsine, "asin", "asin", 1, false, 1, false},
        {arccosine, "acos", "acos", 1, false, 1, false},
        {arctangent, "atan", "atan", 1, false, 1, false},
        {absolute, "abs", "abs", 1, false, 1, false},
        {sign, "sign", "sign", 1, false, 1, false},
        {floor, "floor", "floor", 1, false, 1, false},
        {ceiling, "ceil", "ceil", 1, false, 1, false},
        {modulo, "mod", "mod", 2, false, 1, false},
        {less, "less", "less", 2, false, 1, false},
    }};
    return table;
}

const OperatorInfo& info(Operator operation) { return operators()[static_cast<std::size_t>(operation)]; }

std::optional<Operator> operator_named(std::string_view name) {
    for (const OperatorInfo& each : operators())
        if (each.name == name) return each.operation;
    return std::nullopt;
}

namespace {

/// Steps are where they are with the 53 bits of a double: a value just beside one says nothing about
/// rounding.
template<class Number>
Number applied(Operator operation, Number left, Number right, double value) {
    using enum Operator;
    const auto short_left = static_cast<double>(left), short_right = static_cast<double>(right);
    const auto ordered = [&](bool take_left) {
        if (std::isnan(left) || std::isnan(right)) return std::numeric_limits<Number>::quiet_NaN();
        return take_left ? left : right;
    };
    switch (operation) {
    case add: return left + right;
    case subtract: return left - right;
    case multiply: return left * right;
    case no_operation: return left;
    case divide: return left / right;
    case minimum: return ordered(left <= right);
    case maximum: return ordered(left >= right);
    case square: return left * left;
    case square_root: return std::sqrt(left);
    case reciprocal: return Number{1} / left;
    case exponential: return std::exp(left);
    case logarithm: return std::log(left);
    case sine: return std::sin(left);
    case cosine: return std::cos(left);
    case constant: return value;
    case power: return std::pow(left, right);
    case tangent: return std::tan(left);
    case hyperbolic_tangent: return std::tanh(left);
    case arcsine: return std::asin(left);
    case arccosine: return std::acos(left);
    case arctangent: return std::atan(left);
    case absolute: return std::abs(left);
    case sign: return std::isnan(left) ? left : static_cast<Number>((short_left > 0) - (short_left < 0));
    case floor: return std::floor(short_left);
    case ceiling: return std::ceil(short_left);
    case modulo: return left - right * std::floor(short_left / short_right);
    case less:
        return std::isnan(left) || std::isnan(right) ? left + right
                                                     : static_cast<Number>(short_left < short_right);
    }
    return value;
}

} // namespace

double apply(Operator operation, double left, double right, double value) {
    return applied(operation, left, right, value);
}

long double apply_long(Operator operation, long double left, long double right, double value) {
    return applied(operation, left, right, value);
}

std::vector<Operator> arithmetic() { return {Operator::add, Operator::subtract, Operator::multiply}; }

base::Result<std::vector<Operator>> parse_operators(std::string_view names) {
    std::vector<Operator> parsed;
    while (!names.empty()) {
        const std::size_t comma = names.find(',');
        const std::string_view name = names.substr(0, comma);
        names = comma == std::string_view::npos ? std::string_view{} : names.substr(comma + 1);
        const std::optional<Operator> found = operator_named(name);
        if (found && *found != Operator::constant && *found != Operator::no_operation) {
            parsed.push_back(*found);
            continue;
        }
        std::vector<std::string> known;
        std::string list;
        for (const OperatorInfo& each : operators()) {
            if (each.operation == Operator::constant || each.operation == Operator::no_operation) continue;
            known.emplace_back(each.name);
            list += (list.empty() ? "" : ", ") + known.back();
        }
        const std::string meant = base::closest(name, known);
        return base::failure("functions", "unknown operator " + base::quoted(name),
                             meant.empty() ? "one of " + list : "'" + meant + "', or another of " + list);
    }
    return parsed;
}

} // namespace ropewalk::formula
