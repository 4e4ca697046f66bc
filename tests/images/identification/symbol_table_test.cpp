// Formulas and symbols of a few tasks at once, and what is said about what the data leave open.
#include <cmath>

#include <gtest/gtest.h>

#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/formulas/text/text.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/identification/real_roots.hpp"
#include "tests/programs.hpp"

namespace ropewalk::identification {
namespace {

using formula::Program;

/// Images that show 0.1, 0.2, ... 1 in turn.
class Table : public testing::Test {
protected:
    static constexpr std::size_t images = 400;

    static double symbol(std::size_t image) { return static_cast<double>(image % 10 + 1) / 10.0; }

    base::Result<SymbolTable> table_of(const std::vector<Program>& programs,
                                       AlphabetPrior prior = AlphabetPrior::even) {
        TableQuestion question;
        question.pool = &pool_;
        question.table = &monomials_;
        question.ask = [&](std::span<const std::uint32_t> rows) {
            std::vector<std::vector<double>> columns(3);
            for (std::size_t i = 0; i < rows.size(); ++i) columns[i % 3].push_back(symbol(rows[i]));
            std::vector<double> y = values_of(programs, columns);
            for (std::size_t n = 0; n < y.size(); ++n)
                y[n] += row_noise_ * std::sin(static_cast<double>(n * n));
            return y;
        };
        question.images = images;
        sigma_.assign(programs.size(), 0.3);
        question.sigma = sigma_;
        question.prior = prior;
        return find_symbol_table(question);
    }

    std::string formula(const TableReading& reading, std::size_t task = 0) const {
        return formula::written_text(pool_.formulas[reading.formulas[task]]);
    }

    /// Whether every image has the symbol of its class in the first reading.
    bool symbols_right(const SymbolTable& table) const {
        for (std::size_t c = 0; c < table.classes.count(); ++c)
            for (const std::uint32_t image : table.classes.members[c])
                if (std::abs(table.readings.front().likely[c].front() - symbol(image)) > 1e-9) return false;
        return true;
    }

    const formula::Pool pool_ = *formula::formula_pool({.variables = 3, .operators = 3, .with_zero = false});
    const MonomialTable monomials_ = *monomial_table(pool_.formulas);
    std::vector<double> sigma_;
    double row_noise_ = 0;
};

TEST(RealRoots, AreAllOnceInOrder) {
    // (x - 1)^2 (x + 2) (x - 3)
    const auto roots = real_roots({-6, 11, -3, -3, 1});
    ASSERT_EQ(roots.size(), 3u);
    EXPECT_NEAR(roots[0], -2, 1e-12);
    EXPECT_NEAR(roots[1], 1, 1e-12);
    EXPECT_NEAR(roots[2], 3, 1e-12);
    EXPECT_TRUE(real_roots({1, 0, 1}).empty());
    EXPECT_TRUE(real_roots({0.5}).empty());
    EXPECT_EQ(real_roots({0, 0, 4}), std::vector<double>{0});
}

TEST_F(Table, FindsTheOneReadingOfATaskThatPinsDownEverything) {
    const auto table = table_of({sum(sum(s(1), s(1)), s(2))});
    ASSERT_TRUE(table) << base::render(table.error());
    EXPECT_EQ(table->classes.count(), 10u);
    ASSERT_EQ(table->readings.size(), 1u);
    EXPECT_EQ(formula(table->readings[0]), "s1 + s1 + s2");
    EXPECT_EQ(table->of_tasks[0], Determined::by_data);
    EXPECT_EQ(table->of_symbols(), Determined::by_data);
    EXPECT_TRUE(symbols_right(*table));
}

TEST_F(Table, PrefersTheEvenAlphabetWithinOneAndSaysSo) {
    for (const Program& program : {sum(s(1), s(1)), product(s(1), s(1)), s(1)}) {
        const auto table = table_of({program});
        ASSERT_TRUE(table);
        EXPECT_EQ(formula(table->readings[0]), formula::written_text(program));
        EXPECT_TRUE(symbols_right(*table));
        EXPECT_EQ(table->of_tasks[0], Determined::by_prior);
        EXPECT_EQ(table->of_symbols(), Determined::by_prior);
        EXPECT_GT(table->readings.size(), 10u);
    }
    const auto doubled = table_of({sum(s(1), s(1))}, AlphabetPrior::any);
    ASSERT_TRUE(doubled);
    EXPECT_EQ(formula(doubled->readings[0]), "s1") << "without that prior, the shorter formula wins";
    EXPECT_NEAR(doubled->readings[0].alphabet.back(), 2, 1e-9);
}

TEST_F(Table, ListsTheOtherReadingsWithTheirAlphabets) {
    const auto table = table_of({product(s(1), s(1))});
    ASSERT_TRUE(table);
    bool squares = false;
    for (const OtherReading& each : other_readings(*table, 0, 100))
        squares |= formula::written_text(pool_.formulas[each.formula]) == "s1" &&
                   std::abs(each.alphabet[2] - 0.09) < 1e-9;
    EXPECT_TRUE(squares) << "s1 with the squares as symbols explains the outputs as well";
    EXPECT_EQ(other_readings(*table, 0, 4).size(), 4u);
}

TEST_F(Table, ClaimsNoSymbolsThatTheOutputsCannotTellApart) {
    const auto table = table_of({difference(s(1), product(s(1), s(1)))});
    ASSERT_TRUE(table);
    EXPECT_EQ(formula(table->readings[0]), "s1 - s1 * s1");
    EXPECT_EQ(table->classes.count(), 6u) << "0.1 and 0.9, 0.2 and 0.8, 0.3 and 0.7, 0.4 and 0.6, 0.5, 1";
    EXPECT_EQ(table->of_symbols(), Determined::no);
    ASSERT_EQ(table->alphabet.size(), 2u);
    EXPECT_NEAR(table->alphabet[0], 0.5, 1e-6);
    EXPECT_NEAR(table->alphabet[1], 1, 1e-9);
    EXPECT_EQ(table->readings[0].alphabet.size(), 10u);
    for (std::size_t c = 0; c < table->classes.count(); ++c) {
        const bool alone = (table->classes.members[c][0] + 1) % 5 == 0;
        EXPECT_EQ(table->letters[c] >= 0, alone);
        EXPECT_EQ(table->of_classes[c], alone ? Determined::by_prior : Determined::no);
    }
}

TEST_F(Table, DoesNotDecideBetweenADifferenceAndItsMirrorImage) {
    const auto table = table_of({difference(s(1), s(2))});
    ASSERT_TRUE(table);
    EXPECT_EQ(table->likeliest, 2u);
    EXPECT_EQ(formula(table->readings[0]), "s1 - s2");
    EXPECT_EQ(formula(table->readings[1]), "s2 - s1");
    EXPECT_TRUE(table->readings[0].continuum);
    EXPECT_EQ(table->of_tasks[0], Determined::no);
    EXPECT_EQ(table->of_symbols(), Determined::no);
}

TEST_F(Table, PinsDownTogetherWhatTasksLeaveOpenAlone) {
    const auto table = table_of({difference(s(1), s(2)), sum(sum(s(1), s(1)), s(2)), product(s(1), s(3))});
    ASSERT_TRUE(table);
    ASSERT_EQ(table->readings.size(), 1u);
    EXPECT_EQ(formula(table->readings[0], 0), "s1 - s2");
    EXPECT_EQ(formula(table->readings[0], 2), "s1 * s3");
    EXPECT_EQ(tasks_determined(*table, Determined::by_data), 3u);
    EXPECT_EQ(classes_determined(*table, Determined::by_data), 10u);
}

TEST_F(Table, SolvesFormulasThatVanishOnRowsOfOneSymbol) {
    for (const Program& program :
         {product(s(1), difference(s(2), s(3))), difference(product(s(1), s(1)), product(s(2), s(2))),
          product(product(s(1), s(2)), difference(s(1), s(2)))}) {
        const auto table = table_of({program});
        ASSERT_TRUE(table) << formula::written_text(program) << ": " << base::render(table.error());
        EXPECT_EQ(formula(table->readings[0]), formula::written_text(program));
        EXPECT_TRUE(symbols_right(*table)) << formula::written_text(program);
        EXPECT_NE(table->of_tasks[0], Determined::no);
    }
}

TEST_F(Table, HasNoAnswerToNoise) {
    row_noise_ = 1e-4;
    const auto table = table_of({sum(sum(s(1), s(1)), s(2))});
    ASSERT_FALSE(table);
    EXPECT_NE(base::render(table.error()).find("more than 32 kinds of images"), std::string::npos);
}

TEST_F(Table, HasNoAnswerToAFormulaThatIsNotInThePool) {
    Program power = s(1);
    for (int i = 0; i < 5; ++i) power = sum(product(power, s(2)), s(3));
    const auto table = table_of({s(1), power});
    ASSERT_FALSE(table);
    EXPECT_NE(base::render(table.error()).find("task 1"), std::string::npos);
}

} // namespace
} // namespace ropewalk::identification
