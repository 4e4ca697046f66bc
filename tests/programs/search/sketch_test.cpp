#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/programs/search/search.hpp"

namespace ropewalk::search {
namespace {

using testing::HasSubstr;

std::string refusal(const char* text) {
    const auto sketch = parse_sketch("mine.rope", text);
    EXPECT_FALSE(sketch) << text;
    return sketch ? "" : base::render(sketch.error());
}

TEST(Sketches, ListTheirHolesInOrder) {
    const auto sketch =
        parse_sketch("mine", "x = ?start.s\nfor i in ?range.r: x = ?value.f(x, M[?address.a(i)])\n"
                             "M[?cell.c] = ?value.f(x, x)");
    ASSERT_TRUE(sketch) << base::render(sketch.error());
    std::vector<std::string> names;
    for (const Sketch::Hole& hole : sketch->holes)
        names.push_back(to_string(hole.kind) + "." + hole.name + std::to_string(hole.arity));
    EXPECT_THAT(names,
                testing::UnorderedElementsAre("start.s0", "range.r0", "value.f2", "address.a1", "cell.c0"));
    EXPECT_EQ(sketch->size, 4);
}

TEST(Sketches, FilledAreThePrograms) {
    const auto sketch = parse_sketch("mine", "for i in ?range.r: M[i] = ?value.f(M[i], i)").value();
    std::vector<language::Expression> fillings(2);
    for (std::size_t h = 0; h < 2; ++h)
        fillings[h] = sketch.holes[h].kind == HoleKind::range
                          ? language::Expression{.kind = language::ExpressionKind::operation,
                                                 .operands = {language::constant(1), language::size()}}
                          : language::operation(language::Operator::subtract, language::variable("b"),
                                                language::variable("a"));
    EXPECT_EQ(filled(sketch, fillings), language::parse("for i in 1..n: M[i] = i - M[i]", "test").value());
}

TEST(Sketches, OfTheLibraryHaveNamesAndHolesOfTheirOwn) {
    std::set<std::string> names;
    for (const Sketch& sketch : sketch_library()) {
        EXPECT_TRUE(names.insert(sketch.name).second) << sketch.name;
        EXPECT_FALSE(sketch.holes.empty()) << sketch.name;
        EXPECT_LE(sketch.holes.size(), most_holes) << sketch.name;
        EXPECT_GT(sketch.size, 0) << sketch.name;
    }
}

TEST(Sketches, SayWhatIsWrongWithThem) {
    EXPECT_THAT(refusal("M[0] = ?thing.f(M[1])"), HasSubstr("a hole of kind 'thing'"));
    EXPECT_THAT(refusal("M[0] = ?value.f()"), HasSubstr("0"));
    EXPECT_THAT(refusal("M[0] = ?value.f(1, 2, 3, 4)"), HasSubstr("?value.f with 4 arguments"));
    EXPECT_THAT(refusal("M[0] = ?combine.f(M[1])"), HasSubstr("?combine.f with 1 arguments"));
    EXPECT_THAT(refusal("M[0] = ?step.f(M[1], M[2])"), HasSubstr("?step.f with 2 arguments"));
    EXPECT_THAT(refusal("M[?cell.c(1)] = 1"), HasSubstr("?cell.c with 1 arguments"));
    EXPECT_THAT(refusal("M[0] = ?value.f(M[1])\nM[1] = ?value.f(M[0], M[1])"),
                HasSubstr("differs from its other place"));
    EXPECT_THAT(refusal("for i in 0..n: M[i] = ?point.p"), HasSubstr("?point.p inside a loop or condition"));
    EXPECT_THAT(refusal("M[0] = 1\nM[1] = ?point.p"), HasSubstr("?point.p behind the first statement"));
    EXPECT_THAT(refusal("for i in ?value.v(M[0]): M[i] = 1"), HasSubstr("mine.rope"));
    EXPECT_THAT(refusal("M[0] = ?range.r"), HasSubstr("mine.rope"));
    EXPECT_THAT(refusal("if ?value.v(M[0]): M[0] = 1"), HasSubstr("mine.rope"));
    EXPECT_THAT(refusal("M[0] = ?test.t(M[0])"), HasSubstr("mine.rope"));
    EXPECT_THAT(refusal("M[0] = "), HasSubstr("mine.rope:1:"));
}

} // namespace
} // namespace ropewalk::search
