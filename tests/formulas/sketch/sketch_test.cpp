#include <map>

#include "ropewalk/formulas/search/search.hpp"
#include "tests/formulas/sketch/sketch_case.hpp"

namespace ropewalk::formula {
namespace {

TEST(Sketch, HasThePapersNumberOfChoices) { EXPECT_EQ((SketchShape{3, 30}.choices()), 1170u); }

TEST(Sketch, LaysItsRowsOutWithoutGapsAndWithoutOverlaps) {
    for (const SketchShape shape : {SketchShape{1, 1}, SketchShape{3, 30}, SketchShape{5, 7}}) {
        std::vector<int> covered(shape.choices(), 0);
        for_each_row(shape, [&](std::size_t begin, std::size_t count) {
            for (std::size_t i = begin; i < begin + count; ++i) ++covered.at(i);
        });
        EXPECT_EQ(covered, std::vector<int>(shape.choices(), 1));
    }
}

TEST(Sketch, RefusesSizesOutOfRange) {
    EXPECT_TRUE(checked(SketchShape{1, 1}));
    EXPECT_FALSE(checked(SketchShape{0, 3}));
    EXPECT_FALSE(checked(SketchShape{3, 0}));
    EXPECT_FALSE(checked(SketchShape{3, 1001}));
}

TEST(Sketch, StartsFromLogitsThatDependOnSeedAndIndexOnly) {
    const SketchShape shape{3, 10};
    EXPECT_EQ(random_logits(shape, 1, 5, 7), random_logits(shape, 1, 5, 7));
    EXPECT_NE(random_logits(shape, 1, 5, 7), random_logits(shape, 1, 5, 8));
    EXPECT_NE(random_logits(shape, 1, 5, 7), random_logits(shape, 1, 6, 7));
}

TEST(Sketch, GivesBackTheProgramOfItsOneHotChoices) {
    const auto pool = formula_pool({});
    ASSERT_TRUE(pool);
    for (const int lines : {3, 8})
        for (const Program& formula : pool->formulas) {
            const SketchShape shape{3, lines};
            const auto choices = one_hot(shape, formula);
            ASSERT_TRUE(choices);
            const Program found = argmax_program<double>(shape, *choices);
            EXPECT_TRUE(valid(found));
            EXPECT_EQ(static_cast<int>(found.lines.size()), lines);
            EXPECT_EQ(tidy(found), tidy(formula));
            EXPECT_EQ(size(found).operators, size(formula).operators);
            EXPECT_EQ(size(found).nodes, size(formula).nodes);
        }
}

TEST(Sketch, ExecutesOneHotChoicesAsTheirProgram) {
    const auto pool = formula_pool({});
    ASSERT_TRUE(pool);
    SketchCase<double> c({3, 5}, pool->formulas.size(), 11, 1);
    c.choices.clear();
    for (const Program& formula : pool->formulas) {
        const auto choices = one_hot(c.shape, formula);
        ASSERT_TRUE(choices);
        c.choices.insert(c.choices.end(), choices->begin(), choices->end());
    }
    const SketchResults<double> found(c);
    for (std::size_t t = 0; t < c.tasks; ++t)
        for (std::size_t n = 0; n < c.rows; ++n)
            EXPECT_NEAR(found.outputs[t * c.rows + n],
                        evaluate(pool->formulas[t], std::span<const double>(c.symbols).subspan(n * 3, 3)),
                        1e-12);
}

TEST(Sketch, TakesTheFirstOfEqualEntriesAndNeverOneThatIsNoNumber) {
    const SketchShape shape{2, 1};
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const std::vector<double> choices{nan, 0.5, 0.5, nan, nan, nan, nan, 0.1};
    const Program program = argmax_program<double>(shape, choices);
    EXPECT_EQ(program.lines.at(0), (Line{Operator::subtract, 0, 1, 0}));
}

TEST(Sketch, RefusesProgramsThatDoNotFit) {
    const Program square = combine(Operator::multiply, variable(2, 0), variable(2, 0));
    EXPECT_TRUE(one_hot(SketchShape{2, 1}, square));
    EXPECT_FALSE(one_hot(SketchShape{3, 1}, square)) << "other variables";
    EXPECT_FALSE(one_hot(SketchShape{2, 1}, combine(Operator::add, square, variable(2, 1))))
        << "too many lines";
    EXPECT_FALSE(one_hot(SketchShape{2, 1}, combine(Operator::divide, variable(2, 0), variable(2, 1))))
        << "operator";
    EXPECT_FALSE(one_hot(SketchShape{2, 3}, constant(2, 4))) << "constant";
}

} // namespace
} // namespace ropewalk::formula
