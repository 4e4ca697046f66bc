// Text of formulas: what is read can be printed and read again, with the same values.
#include <array>
#include <cmath>
#include <vector>

#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/text/text.hpp"
#include "tests/fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ropewalk;
    const std::array<std::string, 3> names{"x", "y", "z_1"};
    const auto program = formula::parse_formula(fuzz::text_of(data, size), names);
    if (!program) return fuzz::refused(program.error());
    const std::string printed = formula::to_infix(*program, names);
    const auto again = formula::parse_formula(printed, names);
    fuzz::holds(again.has_value(), "a printed formula is read");
    const std::vector<double> point{0.75, -1.5, 3};
    const double first = formula::evaluate(*program, point), second = formula::evaluate(*again, point);
    fuzz::holds(first == second || (std::isnan(first) && std::isnan(second)) ||
                    std::abs(first - second) <= 1e-9 * std::abs(first),
                "a printed formula has the values of the formula");
    return 0;
}
