// Comparisons as values that are 0 or not.
#include <gtest/gtest.h>

#include "ropewalk/programs/language/facts.hpp"
#include "ropewalk/programs/language/zero_test.hpp"

namespace ropewalk::language {
namespace {

bool holds(Operator comparison, int x, int y) {
    switch (comparison) {
    case Operator::equal: return x == y;
    case Operator::not_equal: return x != y;
    case Operator::less: return x < y;
    case Operator::greater: return x > y;
    case Operator::less_or_equal: return x <= y;
    default: return x >= y;
    }
}

TEST(AZeroTest, ComesOutAsItsComparisonOnAllNumbers) {
    using enum Operator;
    constexpr int base = 5;
    for (const auto& set : {assembly::paper13(), assembly::anc11()})
        for (const Operator comparison : {equal, not_equal, less, greater, less_or_equal, greater_or_equal})
            for (int x = 0; x < base; ++x)
                for (int y = 0; y < base; ++y)
                    for (const bool wanted : {false, true}) {
                        ValueGraph values({base, base}, set, [](const std::string&) { return 0; });
                        const ZeroTest test =
                            zero_test(values, comparison, values.constant(x), values.constant(y), wanted);
                        const Node& node = values[test.node];
                        ASSERT_EQ(node.kind, NodeKind::constant) << "of numbers that are known it is known";
                        EXPECT_EQ((node.value == 0) == test.zero_means_true, holds(comparison, x, y))
                            << x << ' ' << y << ' ' << static_cast<int>(comparison);
                    }
}

TEST(FactsOfTwoWays, AreThoseThatBothShare) {
    Facts one{.constants = {{1, 7}, {2, 3}, {4, 0}}, .assigned = {1, 2, 4}};
    one.merge({.constants = {{1, 7}, {2, 4}}, .assigned = {2, 4, 9}});
    EXPECT_EQ(one.constants, (std::map<int, int>{{1, 7}}));
    EXPECT_EQ(one.assigned, (std::set<int>{2, 4}));
}

} // namespace
} // namespace ropewalk::language
