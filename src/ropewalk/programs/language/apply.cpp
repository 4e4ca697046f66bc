#include <algorithm>

#include "ropewalk/programs/language/evaluate.hpp"

namespace ropewalk::language {

int apply(Operator op, int x, int y, int base) {
    switch (op) {
    case Operator::add: return (x + y) % base;
    case Operator::subtract: return (x - y + base) % base;
    case Operator::multiply: return x * y % base;
    case Operator::divide: return y == 0 ? 0 : x / y;
    case Operator::remainder: return y == 0 ? 0 : x % y;
    case Operator::minimum: return std::min(x, y);
    case Operator::maximum: return std::max(x, y);
    case Operator::equal_value:
    case Operator::equal: return x == y ? 1 : 0;
    case Operator::less_value:
    case Operator::less: return x < y ? 1 : 0;
    case Operator::not_equal: return x != y ? 1 : 0;
    case Operator::less_or_equal: return x <= y ? 1 : 0;
    case Operator::greater: return x > y ? 1 : 0;
    case Operator::greater_or_equal: return x >= y ? 1 : 0;
    case Operator::both:
    case Operator::either:
    case Operator::negation: break;
    }
    return 0;
}

} // namespace ropewalk::language
