#include <cmath>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/laws/laws.hpp"
#include "ropewalk/formulas/text/text.hpp"

namespace ropewalk::formula {
namespace {

const std::vector<std::string> steps_names{"x", "z"};

/// What is found for a target that is made of two columns of whole numbers.
template<class Target>
std::string explained_whole(Target target, std::size_t rows = 40, double unit = 1) {
    Problem problem{.inputs = {{}, {}}};
    base::RandomStream random(3, base::Purpose::test);
    for (std::size_t n = 0; n < rows; ++n) {
        problem.inputs[0].push_back(static_cast<double>(random.below(100)) * unit);
        problem.inputs[1].push_back(static_cast<double>(1 + random.below(30)));
        problem.target.push_back(target(problem.inputs[0].back(), problem.inputs[1].back()));
    }
    ExplainOptions options = general_options();
    options.search.run = {.threads = 1, .seconds = 10};
    const auto said = explain(problem, options);
    if (!said) return base::render(said.error());
    const Found& best = said->report.front[said->best];
    return (best.fit.exact ? "" : "not exact: ") + to_infix(best.program, steps_names);
}

double rest(double left, double right) { return left - right * std::floor(left / right); }

TEST(Steps, AreSaidByWhereTheyAreAndNotByDividingByZero) {
    EXPECT_EQ(explained_whole([](double x, double) { return x > 40 ? 20.0 : 12.0; }), "8*less(40, x) + 12");
    const std::string beside_a_line = explained_whole([](double x, double) { return x > 50 ? x : x + 4.99; });
    EXPECT_NE(beside_a_line.find("less(50, x)"), std::string::npos) << beside_a_line;
    EXPECT_EQ(beside_a_line.find("not exact"), std::string::npos) << beside_a_line;
}

TEST(Steps, NoFormulaDividesByTheNumberZero) {
    const Problem problem{.inputs = {{1, 2, 3}}, .target = {0, 0, 0}};
    const Program divided = combine(Operator::divide, constant(1, 1), constant(1, 0));
    EXPECT_TRUE(std::isinf(fit_of(combine(Operator::exponential, combine(Operator::multiply, constant(1, -1), divided)), problem).rmse));
}

TEST(Remainders, OfNumbersAndOfColumnsAreFound) {
    EXPECT_EQ(explained_whole([](double x, double) { return rest(x, 12); }), "mod(x, 12)");
    EXPECT_EQ(explained_whole([](double x, double z) { return rest(x + z, 24); }), "mod(x + z, 24)");
    EXPECT_EQ(explained_whole([](double x, double) { return rest(x + 3, 7); }), "mod(x + 3, 7)");
    EXPECT_EQ(explained_whole([](double x, double) { return rest(5 * x + 3, 16); }), "mod(5*x + 3, 16)");
    EXPECT_EQ(explained_whole([](double x, double z) { return rest(3 * x + 1, z); }), "mod(3*x + 1, z)");
    EXPECT_EQ(explained_whole([](double x, double) { return rest(x, 2.5); }, 40, 0.37), "mod(x, 2.5)");
}

TEST(Remainders, AreNotSeenWhereTheTargetIsDrawn) {
    base::RandomStream random(9, base::Purpose::test);
    const std::string said = explained_whole([&](double, double) { return static_cast<double>(random.below(7)); });
    EXPECT_EQ(said.find("mod("), std::string::npos) << said;
}

} // namespace
} // namespace ropewalk::formula
