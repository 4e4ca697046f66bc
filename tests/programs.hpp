// Programs of three variables s(1), s(2), s(3), written as people write formulas.
#pragma once

#include "ropewalk/formulas/expression/expression.hpp"

namespace ropewalk {

inline formula::Program s(int variable) { return formula::variable(3, variable - 1); }

inline formula::Program sum(const formula::Program& a, const formula::Program& b) {
    return formula::combine(formula::Operator::add, a, b);
}

inline formula::Program difference(const formula::Program& a, const formula::Program& b) {
    return formula::combine(formula::Operator::subtract, a, b);
}

inline formula::Program product(const formula::Program& a, const formula::Program& b) {
    return formula::combine(formula::Operator::multiply, a, b);
}

} // namespace ropewalk
