#include "ropewalk/formulas/laws/golden_section.hpp"

namespace ropewalk::formula {

LeastError least_between(double low, double high, int steps, const std::function<double(double)>& error) {
    constexpr double golden = 0.6180339887498949;
    double first = high - golden * (high - low), second = low + golden * (high - low);
    double at_first = error(first), at_second = error(second);
    for (int step = 0; step < steps && high > low; ++step) {
        if (at_first < at_second) {
            high = second, second = first, at_second = at_first;
            first = high - golden * (high - low), at_first = error(first);
        } else {
            low = first, first = second, at_first = at_second;
            second = low + golden * (high - low), at_second = error(second);
        }
    }
    return at_first < at_second ? LeastError{first, at_first} : LeastError{second, at_second};
}

} // namespace ropewalk::formula
