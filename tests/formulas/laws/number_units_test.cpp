// Units of the numbers in a formula.
#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ropewalk/formulas/laws/laws.hpp"
#include "ropewalk/formulas/text/text.hpp"

namespace ropewalk::formula {
namespace {

/// The numbers of a formula of x in m, t in s and m in kg, smallest first, each with its unit; "none" where none fit.
std::string units_of_numbers(const std::string& formula, const std::string& wanted) {
    const std::vector<std::string> names{"x", "t", "m"};
    const Program program = *parse_formula(formula, names);
    const auto found =
        number_units(program, {*parse_unit("m"), *parse_unit("s"), *parse_unit("kg")}, *parse_unit(wanted));
    if (!found) return "none";
    std::map<double, std::string> numbers;
    auto unit = found->begin();
    for (const Line& line : program.lines)
        if (line.operation == Operator::constant) numbers[line.value] = to_string(*unit++);
    std::string text;
    for (const auto& [value, each] : numbers) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", value, each);
    return text;
}

TEST(NumberUnits, AreWhatTheWholeNeeds) {
    EXPECT_EQ(units_of_numbers("3.5*x/t", "kg*m/s"), "3.5 kg");
    EXPECT_EQ(units_of_numbers("3.5*x/t", "m/s"), "3.5 1");
    EXPECT_EQ(units_of_numbers("x + 2", "m"), "2 m");
}

TEST(NumberUnits, ArgumentsOfFunctionsArePure) {
    EXPECT_EQ(units_of_numbers("2.5*exp(-0.3*t)", "V"), "-0.3 s^-1, 2.5 A^-1*kg*m^2*s^-3");
    EXPECT_EQ(units_of_numbers("sin(x)", "1"), "none");
}

TEST(NumberUnits, OneIsPureWhereThatIsPossible) {
    EXPECT_EQ(units_of_numbers("1 + x/7", "1"), "1 1, 7 m");
    EXPECT_EQ(units_of_numbers("x + 1", "m"), "1 m");
}

TEST(NumberUnits, ExponentsArePureAndScaleUnits) {
    EXPECT_EQ(units_of_numbers("2*x^0.25", "kg*m"), "0.25 1, 2 kg*m^(3/4)");
    EXPECT_EQ(units_of_numbers("2^t", "1"), "none");
    EXPECT_EQ(units_of_numbers("2*x^0.4321987", "m"), "none");
}

TEST(NumberUnits, WhatNoNumberMendsFits) {
    EXPECT_EQ(units_of_numbers("x + t", "m"), "none");
    EXPECT_EQ(units_of_numbers("x*m", "kg*m"), "");
}

} // namespace
} // namespace ropewalk::formula
