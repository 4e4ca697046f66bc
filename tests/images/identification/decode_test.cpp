// Symbols from outputs: what formulas that are known say about the images of a row.
#include <cmath>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/images/identification/identification.hpp"

namespace ropewalk::identification {
namespace {

/// One variable only: the monomials 1, s, s^2.
MonomialTable quadratic_table(std::vector<double> coefficients) {
    return {.variables = 1,
            .degree = 2,
            .formulas = coefficients.size() / 3,
            .monomials = 3,
            .exponents = {0, 1, 2},
            .coefficients = std::move(coefficients)};
}

/// Outputs of all formulas of a pool for a row of symbols.
std::vector<double> outputs(const MonomialTable& table, const std::vector<double>& symbols) {
    const std::vector<double> none(symbols.size(), 0.0);
    std::vector<std::uint32_t> row;
    for (std::size_t v = 0; v < symbols.size(); ++v) row.push_back(static_cast<std::uint32_t>(v));
    return expected_values(table, {symbols, none}, row);
}

TEST(Decoder, RecoversTheSymbolsBehindRandomFormulas) {
    const auto pool = formula::formula_pool({.variables = 3, .operators = 3, .with_zero = false});
    ASSERT_TRUE(pool);
    const auto table = monomial_table(pool->formulas);
    ASSERT_TRUE(table);
    base::RandomStream random(5, base::Purpose::test);
    for (int trial = 0; trial < 50; ++trial) {
        std::vector<std::size_t> formulas;
        for (int t = 0; t < 24; ++t)
            formulas.push_back(random.below(static_cast<std::uint32_t>(table->formulas)));
        const Decoder decoder(*table, formulas, std::vector<double>(formulas.size(), 0.3));
        std::vector<double> symbols;
        for (int v = 0; v < 3; ++v) symbols.push_back(0.1 + 0.9 * random.below(1000) / 999.0);
        const std::vector<double> all = outputs(*table, symbols);
        std::vector<double> y;
        for (const std::size_t formula : formulas) y.push_back(all[formula]);
        const Decoded decoded = decoder.decode(y, std::vector<double>(3, 0.55));
        EXPECT_LT(decoded.residual, 1e-9);
        EXPECT_LT(decoded.uncertainty, 100);
        for (std::size_t v = 0; v < 3; ++v) EXPECT_NEAR(decoded.symbols[v], symbols[v], 1e-8);
    }
}

TEST(Decoder, SaysHowFarAFormulaIsFromTheOutputs) {
    const Decoder decoder(quadratic_table({0, 1, 0, 0, 2, 0}), std::vector<std::size_t>{0, 1},
                          std::vector<double>{1, 1});
    // s = 1 and 2 s = 1: least squares give s = 3/5, and what is left is 2/5 and 1/5.
    const Decoded decoded = decoder.decode(std::vector<double>{1, 1}, std::vector<double>{0});
    EXPECT_NEAR(decoded.symbols[0], 0.6, 1e-9);
    EXPECT_NEAR(decoded.residual, std::sqrt(0.1), 1e-9);
    EXPECT_NEAR(decoded.uncertainty, std::sqrt(0.4), 1e-9);
}

TEST(Decoder, IsUncertainWithoutEndOfASymbolThatNoFormulaHas) {
    const auto table = monomial_table({formula::variable(2, 0)});
    ASSERT_TRUE(table);
    const Decoder decoder(*table, std::vector<std::size_t>{0}, std::vector<double>{1});
    const Decoded decoded = decoder.decode(std::vector<double>{0.7}, std::vector<double>{0.2, 0.4});
    EXPECT_NEAR(decoded.symbols[0], 0.7, 1e-9);
    EXPECT_NEAR(decoded.symbols[1], 0.4, 1e-9);
    EXPECT_TRUE(std::isinf(decoded.uncertainty));
}

TEST(Decoder, FindsTheRootNearTheStartWhereThereAreTwo) {
    const Decoder decoder(quadratic_table({0, 0, 1}), std::vector<std::size_t>{0}, std::vector<double>{1});
    EXPECT_NEAR(decoder.decode(std::vector<double>{0.25}, std::vector<double>{0.4}).symbols[0], 0.5, 1e-9);
    EXPECT_NEAR(decoder.decode(std::vector<double>{0.25}, std::vector<double>{-0.4}).symbols[0], -0.5, 1e-9);
}

TEST(Alphabet, IsTheDistinctValues) {
    const std::vector<double> symbols{0.5, 0.1, 0.1 + 1e-7, 0.5, 0.1 - 1e-7, 0.5, 0.9, 0.9, 0.9, 0.3};
    const auto alphabet = discover_alphabet(symbols);
    ASSERT_TRUE(alphabet) << base::render(alphabet.error());
    ASSERT_EQ(alphabet->size(), 3u) << "0.3 was seen only once";
    EXPECT_NEAR((*alphabet)[0], 0.1, 1e-12);
    EXPECT_NEAR((*alphabet)[2], 0.9, 1e-12);
    EXPECT_EQ(letter_of(*alphabet, 0.5004), 1u);
    EXPECT_EQ(letter_of(*alphabet, 0.3), std::nullopt);
    EXPECT_EQ(letter_of(*alphabet, 2), std::nullopt);
}

TEST(Alphabet, IsRefusedWhereValuesRunIntoEachOtherOrAreTooMany) {
    std::vector<double> dense, many;
    for (int i = 0; i < 1000; ++i) dense.push_back(i * 1e-4);
    EXPECT_FALSE(discover_alphabet(dense));
    for (int i = 0; i < 300; ++i) many.push_back(i / 3 * 0.1);
    EXPECT_FALSE(discover_alphabet(many));
    EXPECT_FALSE(discover_alphabet(std::vector<double>{0.2, 0.2, 0.2}));
}

TEST(Alphabet, IsRefusedWhereMostSymbolsHaveAValueOfTheirOwn) {
    std::vector<double> continuum{0.2, 0.2, 0.2, 0.7, 0.7, 0.7};
    EXPECT_TRUE(discover_alphabet(continuum));
    for (int i = 0; i < 3; ++i) continuum.push_back(0.31 + 0.1 * i);
    const auto refused = discover_alphabet(continuum);
    ASSERT_FALSE(refused);
    EXPECT_EQ(
        base::render(refused.error()),
        "symbols: 67% of them with a value seen 3 times; expected at least 75%: a few values for all\n");
}

} // namespace
} // namespace ropewalk::identification
