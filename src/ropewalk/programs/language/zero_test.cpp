#include "ropewalk/programs/language/zero_test.hpp"

#include <utility>

namespace ropewalk::language {

using assembly::Opcode;

namespace {

/// The value that tells whether x == y, with 0 for the wanted outcome if that costs nothing.
ZeroTest equal(ValueGraph& values, int x, int y, bool zero_means_true) {
    if (values[x].kind == NodeKind::constant) std::swap(x, y);
    const int difference = values.apply(Opcode::sub, x, y);
    if (zero_means_true || difference == x || !values.has(Opcode::eq)) return {difference, true};
    return {values.apply(Opcode::eq, x, y), false};
}

/// The same for x < y.
ZeroTest less(ValueGraph& values, int x, int y) {
    const int largest = values.base() - 1;
    if (values.is_constant(y, 0) || values.is_constant(x, largest)) return {values.constant(1), true};
    if (values[y].kind == NodeKind::constant && values.has(Opcode::div))
        return {values.apply(Opcode::div, x, y), true};
    if (values[x].kind == NodeKind::constant && values.has(Opcode::div))
        return {values.apply(Opcode::div, y, values.constant(values[x].value + 1)), false};
    if (values.has(Opcode::lt)) return {values.apply(Opcode::lt, x, y), false};
    return {values.apply(Opcode::sub, values.apply(Opcode::max, x, y), x), false};
}

} // namespace

ZeroTest zero_test(ValueGraph& values, Operator comparison, int x, int y, bool zero_means_true) {
    const auto inverted = [](ZeroTest each) { return ZeroTest{each.node, !each.zero_means_true}; };
    switch (comparison) {
    case Operator::equal: return equal(values, x, y, zero_means_true);
    case Operator::not_equal: return inverted(equal(values, x, y, !zero_means_true));
    case Operator::less: return less(values, x, y);
    case Operator::greater: return less(values, y, x);
    case Operator::less_or_equal: return inverted(less(values, y, x));
    default: return inverted(less(values, x, y));
    }
}

} // namespace ropewalk::language
