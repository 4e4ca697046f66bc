// Units: as people write them, and which of them formulas can have.
#include "ropewalk/formulas/expression/expression.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ropewalk::formula {
namespace {

std::vector<Unit> units(const std::vector<std::string>& texts) {
    std::vector<Unit> read;
    for (const std::string& text : texts) read.push_back(*parse_unit(text));
    return read;
}

TEST(Units, AreReadAsTheyArePrinted) {
    EXPECT_EQ(*parse_unit("m/s²"), *parse_unit("m/s^2"));
    EXPECT_EQ(*parse_unit("kg·m⋅s⁻²"), *parse_unit("N"));
    EXPECT_EQ(*parse_unit("m³ s⁻¹"), *parse_unit("m^3/s"));
}

TEST(Units, ScalesOfPureNumbersArePure) {
    for (const char* text : {"deg", "°", "%", "ppm", "rad"}) EXPECT_EQ(*parse_unit(text), Unit{}) << text;
    EXPECT_NE(*parse_unit("°C"), Unit{});
}

TEST(Units, OfFormulasAreProductsOfPowers) {
    EXPECT_TRUE(spans(units({"m", "m/s^2"}), *parse_unit("s"))) << "the root of their quotient";
    EXPECT_TRUE(spans(units({"m"}), *parse_unit("1")));
    EXPECT_TRUE(spans(units({"kg*m^2/s^3", "1", "A"}), *parse_unit("V")));
    EXPECT_TRUE(spans({}, *parse_unit("1")));
    EXPECT_FALSE(spans({}, *parse_unit("m")));
    EXPECT_FALSE(spans(units({"m", "kg", "m/s^2"}), *parse_unit("sec")));
    EXPECT_FALSE(spans(units({"m/s", "m^2/s^2"}), *parse_unit("s"))) << "one unit and its square";
    EXPECT_TRUE(spans(units({"m/s", "m^2/s^3"}), *parse_unit("s")));
}

TEST(Units, ThatNoFormulaCanHaveAreRefusedWithTheWordsThatAreNotKnown) {
    EXPECT_TRUE(check_units(units({"m", "m/s^2"}), *parse_unit("s"), "period"));
    const auto refused = check_units(units({"m", "kg", "m/s^2"}), *parse_unit("sec"), "period");
    ASSERT_FALSE(refused);
    const std::string said = base::render(refused.error());
    EXPECT_THAT(said, testing::HasSubstr("period"));
    EXPECT_THAT(said, testing::HasSubstr("the unit sec, which no product of powers of kg, m, m*s^-2 has"));
    EXPECT_THAT(said, testing::HasSubstr("sec is no unit of SI"));
    const auto known = check_units(units({"m"}), *parse_unit("s"), "period");
    ASSERT_FALSE(known);
    EXPECT_THAT(base::render(known.error()), testing::Not(testing::HasSubstr("SI")));
}

} // namespace
} // namespace ropewalk::formula
