#include "ropewalk/formulas/search/rounding.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ropewalk::formula {

namespace {

using Long = long double;
constexpr Long infinity = std::numeric_limits<Long>::infinity();

/// What an error relative to a value may become when it stands below a line, in a logarithm or in a power.
Long relative(const RoundedValue& of) {
    const Long size = std::abs(of.value);
    if (of.error == 0) return 0;
    return of.error < size ? of.error / (size - of.error) : infinity;
}

/// The error that the operands' errors make of a result.
Long inherited(Operator operation, const RoundedValue& left, const RoundedValue& right, Long value) {
    // An error of 0 is 0 beside an infinite value too.
    const auto times = [](Long factor, Long error) { return error == 0 ? 0 : std::abs(factor) * error; };
    const Long x = left.value, y = right.value;
    switch (operation) {
    case Operator::add:
    case Operator::subtract: return left.error + right.error;
    case Operator::multiply: return times(x, right.error) + times(y, left.error);
    case Operator::divide:
        return y == 0 ? left.error + right.error : left.error / std::abs(y) + times(value, relative(right));
    case Operator::minimum:
    case Operator::maximum: return std::max(left.error, right.error);
    case Operator::square: return 2 * times(x, left.error);
    case Operator::square_root: return left.error < x ? left.error / std::sqrt(x) : std::sqrt(left.error);
    case Operator::reciprocal: return times(value, relative(left));
    case Operator::exponential: return times(value, std::expm1(left.error));
    case Operator::logarithm: return relative(left);
    case Operator::sine:
    case Operator::cosine: return std::min<Long>(left.error, 2);
    case Operator::power:
        // Numbers below 0 have powers of whole numbers only, and those of 0 jump where the exponent's sign changes.
        if (x < 0 && right.error > 0) return infinity;
        if (x == 0 && right.error > 0 && right.error >= std::abs(y)) return infinity;
        return times(value, std::expm1(times(y, relative(left)) +
                                       (x > 0 ? times(std::log(x), right.error) : right.error)));
    case Operator::tangent: return times(1 + value * value, left.error);
    case Operator::arcsine:
    case Operator::arccosine: {
        const Long room = 1 - x * x;
        return left.error < room ? left.error / std::sqrt(room) : std::sqrt(2 * left.error);
    }
    case Operator::no_operation:
    case Operator::absolute:
    case Operator::hyperbolic_tangent:
    case Operator::arctangent: return left.error;
    case Operator::modulo: return left.error + times(y == 0 ? 0 : std::floor(x / y), right.error);
    case Operator::constant:
    case Operator::sign:
    case Operator::floor:
    case Operator::ceiling:
    case Operator::less: return 0;
    }
    return 0;
}

/// Whether the operator makes whole numbers of whole numbers.
bool keeps_whole(Operator operation) {
    switch (operation) {
    case Operator::add:
    case Operator::subtract:
    case Operator::multiply:
    case Operator::no_operation:
    case Operator::minimum:
    case Operator::maximum:
    case Operator::square:
    case Operator::absolute:
    case Operator::modulo: return true;
    default: return false;
    }
}

/// Whether the operator returns one of its operands, or a step.
bool adds_no_rounding(Operator operation) {
    switch (operation) {
    case Operator::constant:
    case Operator::no_operation:
    case Operator::minimum:
    case Operator::maximum:
    case Operator::absolute:
    case Operator::sign:
    case Operator::floor:
    case Operator::ceiling:
    case Operator::less: return true;
    default: return false;
    }
}

} // namespace

RoundedValue rounded_value(const Line& line, const RoundedValue& left, const RoundedValue& right) {
    constexpr Long unit = std::numeric_limits<double>::epsilon() / 2;
    constexpr Long least_normal = std::numeric_limits<double>::min();
    constexpr Long largest_whole = 1 / unit;
    RoundedValue result{.value = apply_long(line.operation, left.value, right.value, line.value)};
    const Long size = std::abs(result.value);
    const bool of_whole = left.whole && (right.whole || info(line.operation).arity < 2);
    const bool step = adds_no_rounding(line.operation);
    result.whole = size < largest_whole && (step ? result.value == std::floor(result.value)
                                                 : keeps_whole(line.operation) && of_whole);
    result.error = inherited(line.operation, left, right, result.value);
    Long largest = size;
    if (line.operation == Operator::add || line.operation == Operator::subtract) {
        const auto terms_of = [](const RoundedValue& each) { return std::max(each.terms, std::abs(each.value)); };
        result.terms = terms_of(left) + terms_of(right);
        // A sum of sums may be added up in any order.
        if (left.terms > 0 || right.terms > 0) largest = result.terms;
    }
    if (result.whole && result.error == 0) return result;
    if (!step) result.error += unit * largest + (size > 0 && size < least_normal ? least_normal : 0);
    return result;
}

} // namespace ropewalk::formula
