// Fields of tables, and what stands between them.
#include <cmath>

#include <gtest/gtest.h>

#include "ropewalk/formulas/table/cell.hpp"
#include "ropewalk/formulas/table/latin_1.hpp"
#include "ropewalk/formulas/table/separators.hpp"
#include "ropewalk/formulas/table/written_number.hpp"

namespace ropewalk::formula {
namespace {

TEST(ACell, IsANumberOrSaysWhatItIs) {
    using enum CellKind;
    for (const char* text : {"1", "-2.5", "+3", "1e-7", ".5", "true", "FALSE"})
        EXPECT_EQ(cell_of(text).kind, number) << text;
    for (const char* text : {"", "NA", "#N/A", "nan", "None", "?", "-", ".", "#DIV/0!"})
        EXPECT_EQ(cell_of(text).kind, missing) << text;
    for (const char* text : {"inf", "-Infinity"}) EXPECT_EQ(cell_of(text).kind, infinite) << text;
    for (const char* text : {"1e999", "-1e400"}) EXPECT_EQ(cell_of(text).kind, out_of_range) << text;
    for (const char* text : {"1,5", "1.234,5", "-,5"}) EXPECT_EQ(cell_of(text).kind, decimal_comma) << text;
    for (const char* text : {"red", "NO", "1x", "2020-01-02", "++1", "0x10"})
        EXPECT_EQ(cell_of(text).kind, CellKind::text) << text;
    EXPECT_EQ(cell_of("+2.5").number, 2.5);
    EXPECT_TRUE(std::isnan(cell_of("red").number));
}

TEST(ACell, IsAsExactAsItsDecimals) {
    EXPECT_EQ(half_unit("12"), 0);
    EXPECT_DOUBLE_EQ(half_unit("1.25"), 0.005);
    EXPECT_DOUBLE_EQ(half_unit("1.25e3"), 5);
    EXPECT_DOUBLE_EQ(half_unit("1.5E-2"), 0.0005);
    EXPECT_EQ(half_unit("0.123456789012345678"), 0) << "as many digits as a double has";
}

TEST(ANumberAsPeopleWriteIt, IsTheNumberWithoutWhatStandsBesideIt) {
    const auto plain = [](std::string_view text) {
        const auto written = plain_number(text);
        return written ? written->plain : "none";
    };
    for (const auto& [text, number] : {std::pair{"$3.5", "3.5"},
                                       {"-$3.5", "-3.5"},
                                       {"$-3.5", "-3.5"},
                                       {"3.5 €", "3.5"},
                                       {"€\u00a0" "1\u202f" "234\u202f" "567.5", "1234567.5"},
                                       {"12 %", "12"},
                                       {"\u2212" "2.5", "-2.5"},
                                       {"\u00a0" "2.5\u2009", "2.5"},
                                       {"1.5D+03", "1.5e+03"},
                                       {"15d-3", "15e-3"}})
        EXPECT_EQ(plain(text), number) << text;
    EXPECT_EQ(plain_number("5%")->writing.percent, true);
    EXPECT_EQ(plain_number("£5")->writing.currency, "£");
}

TEST(ANumberAsPeopleWriteIt, IsNoNumberWithAnythingElse) {
    for (const char* text : {"$", "$-", "%", "$inf", "true%", "nan %", "1\u00a0" "2", "12\u00a0" "34\u00a0" "567", "1234\u00a0" "567"})
        EXPECT_FALSE(plain_number(text)) << text;
    for (const char* text : {"12D3", "D3", "5", "abc", "", "Düne", "5%D3", "--5", "- 5", "$5%", "$5 €", "€5€", "$1.5D+3x"}) {
        const auto written = plain_number(text);
        EXPECT_TRUE(!written || cell_of(written->plain).kind == CellKind::text) << text;
    }
}

TEST(BytesThatAreNoUtf8, AreReadAsLatin1) {
    EXPECT_FALSE(from_latin_1("Länge, 5 €"));
    const auto read = from_latin_1("a\nL\xe4nge \x80 \u00e4");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->text, "a\nLänge € ä");
    EXPECT_EQ(read->bytes, 2u);
    EXPECT_EQ(read->at, 3u);
    EXPECT_EQ(read->first, "ä");
}

TEST(SeparatorsOfATable, AreFoundInItsFirstLine) {
    EXPECT_EQ(detected_separator("a|b|c", "1|2|3"), '|');
    EXPECT_EQ(detected_separator("P(A|B)", "1"), ',');
    EXPECT_EQ(detected_separator("P(A|B),P(B|A)", "x|,|y"), ',');
    EXPECT_EQ(detected_separator("a,b;c,d"), ',');
    EXPECT_EQ(detected_separator("\"a,b,c\";d"), ';');
    EXPECT_EQ(detected_separator("a\tb"), '\t');
    EXPECT_EQ(detected_separator("P(A|B),P(B|A)"), ',');
    EXPECT_EQ(detected_separator("alone"), ',');
    EXPECT_TRUE(separated_by_spaces("# a comment, with a comma\nx  y z\n1 2 3\n"));
    EXPECT_FALSE(separated_by_spaces("x y,z\n"));
    EXPECT_EQ(with_tabs("  x   y \n1\t 2\r\n"), "x\ty\n1\t2\r\n");
}

TEST(SeparatorsOfATable, SayWhereAFieldStands) {
    EXPECT_EQ(extent("ab, cd ,e", 1, ','), (std::pair{5, 2}));
    EXPECT_EQ(extent("\"a,b\",c", 1, ','), (std::pair{7, 1}));
    EXPECT_EQ(extent("a,b", 5, ','), (std::pair{3, 1})) << "beyond the last, the last";
}

} // namespace
} // namespace ropewalk::formula
