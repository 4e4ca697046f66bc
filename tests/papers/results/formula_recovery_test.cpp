// Formulas and laws found again from tables.
#include "papers/results/formula_recovery.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "papers/results/physics_laws.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::papers {
namespace {

TEST(FormulaRecovery, EveryLawHasFiniteValuesAndKnownFunctions) {
    EXPECT_GE(physics_laws().size(), 20u);
    for (const Law& law : physics_laws()) {
        EXPECT_LE(law.variables.size(), 5u) << law.name;
        EXPECT_TRUE(formula::parse_operators(law.functions)) << law.name;
        const auto problem = data_of(law, 500, 3, 0);
        ASSERT_TRUE(problem) << law.name << ": " << base::render(problem.error());
        for (const double y : problem->target) ASSERT_TRUE(std::isfinite(y)) << law.name;
    }
}

TEST(FormulaRecovery, FindsFormulasOfThePoolAgainWithAndWithoutNoiseAndNumbers) {
    RecoveryOptions options;
    options.tasks = 2;
    options.parts = {"exact", "noise", "constants"};
    const auto table = formula_recovery(options);
    ASSERT_TRUE(table);
    EXPECT_EQ(table->runs.size(), 6u);
    EXPECT_TRUE(table->complete);
    for (const Recovery& run : table->runs) EXPECT_TRUE(run.found) << run.part << ": " << run.name;
}

TEST(FormulaRecovery, FindsASimpleLawAgain) {
    // The first law, by its own name; the others take longer than a test should.
    const Law& law = physics_laws().front();
    const auto problem = data_of(law, 200, 0, 0);
    ASSERT_TRUE(problem);
    formula::SearchOptions search;
    search.operators.push_back(formula::Operator::divide);
    search.constants = true;
    const auto report = search_formulas(*problem, search);
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->front.back().fit.exact);
}

TEST(FormulaRecovery, RefusesAnUnknownPart) {
    RecoveryOptions options;
    options.parts = {"exakt"};
    EXPECT_FALSE(formula_recovery(options));
}

TEST(FormulaRecovery, TheTableStatesShareAndSeconds) {
    RecoveryTable table;
    table.runs = {{"exact", "a", 1, true, 0.5, "s1"}, {"exact", "b", 2, false, 1.5, "s2"}};
    const std::string text = to_markdown(table);
    EXPECT_NE(text.find("| exact | 1 | 2 |"), std::string::npos) << text;
    EXPECT_NE(to_csv(table).find("exact,\"a\",1,1,0.500"), std::string::npos);
}

} // namespace
} // namespace ropewalk::papers
