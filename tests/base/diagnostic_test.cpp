// Diagnostics as text: place, found, expected, the source line and a caret below the word.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ropewalk/base/base.hpp"

namespace ropewalk::base {
namespace {

TEST(Printable, EscapesWhatATerminalWouldObey) {
    EXPECT_EQ(printable("a\x1b[31m\tb\nc\x7f"), "a\\x1b[31m\tb\\x0ac\\x7f");
    EXPECT_EQ(printable("a\nb\r", Lines::keep), "a\nb\\x0d");
    EXPECT_EQ(printable("größe \xff \xc2\x9b"), "größe \\xff \\xc2\\x9b")
        << "UTF-8 stays, its control characters do not";
}

TEST(Diagnostic, EscapesFileNames) {
    EXPECT_EQ(render(Diagnostic{.file = "a\x1b\n", .found = "b\x1b", .expected = "c\x1b"}),
              "a\\x1b\\x0a: b\\x1b; expected c\\x1b\n");
}

TEST(Diagnostic, ShowsPlaceFoundExpectedLineAndCaret) {
    EXPECT_EQ(render(Diagnostic{.file = "a.asm",
                                .line = 3,
                                .column = 5,
                                .found = "unknown instruction 'ad'",
                                .expected = "an instruction",
                                .source_line = "    ad 1 2 3",
                                .length = 2}),
              "a.asm:3:5: unknown instruction 'ad'; expected an instruction\n"
              "        ad 1 2 3\n"
              "        ^^\n");
}

TEST(Diagnostic, KeepsTabsBeforeTheCaret) {
    EXPECT_EQ(render(Diagnostic{.file = "a",
                                .line = 1,
                                .column = 4,
                                .found = "x",
                                .expected = "",
                                .source_line = "\tb\tc",
                                .length = 1}),
              "a:1:4: x\n    \tb\tc\n    \t \t^\n");
}

TEST(Diagnostic, LeavesOutWhatIsNotKnown) {
    EXPECT_EQ(render(Diagnostic{.file = "a", .found = "x", .expected = "y"}), "a: x; expected y\n");
    EXPECT_EQ(render(Diagnostic{.file = "a", .line = 2, .found = "x", .expected = "y"}),
              "a:2: x; expected y\n");
    EXPECT_EQ(render(Diagnostic{.found = "x"}), "x\n");
}

TEST(Diagnostic, PutsTheCaretBelowItsWordAfterCharactersOfSeveralBytes) {
    // Columns count bytes; the caret line counts characters.
    EXPECT_EQ(render(Diagnostic{.file = "a",
                                .line = 1,
                                .column = 5,
                                .found = "x",
                                .source_line = "\xc3\xa9\xc3\xa9\xc3\xbc z",
                                .length = 2}),
              "a:1:5: x\n    \xc3\xa9\xc3\xa9\xc3\xbc z\n      ^\n");
}

TEST(Diagnostic, ShowsBytesThatAreNoTextAsQuestionMarks) {
    const std::string text = render(
        Diagnostic{.file = "a", .line = 1, .column = 3, .found = "x", .source_line = "\xff\x9b z\x7f"});
    EXPECT_EQ(text, "a:1:3: x\n    ?? z?\n      ^\n");
}

TEST(Diagnostic, CutsALongLineAroundTheCaret) {
    const std::string line = fmt::format("{:a>5000} here {:b>5000}", "", "");
    const std::string text = render(
        Diagnostic{.file = "a", .line = 1, .column = 5002, .found = "x", .source_line = line, .length = 4});
    EXPECT_LT(text.size(), 400u);
    const std::size_t word = text.find("here"), line_start = text.rfind('\n', word);
    const std::size_t caret = text.find("^^^^"), caret_line_start = text.rfind('\n', caret);
    ASSERT_NE(caret, std::string::npos);
    EXPECT_EQ(word - line_start, caret - caret_line_start);
}

TEST(Diagnostic, SurvivesColumnsAndLengthsBeyondTheLine) {
    EXPECT_EQ(render(Diagnostic{
                  .file = "a", .line = 1, .column = 99, .found = "x", .source_line = "ab", .length = 50}),
              "a:1:99: x\n    ab\n      ^\n");
    const std::string text = render(Diagnostic{
        .file = "a", .line = 1, .column = 2, .found = "x", .source_line = "abc", .length = 1'000'000'000});
    EXPECT_EQ(text, "a:1:2: x\n    abc\n     ^^\n");
}

TEST(Diagnostic, ListsAllOneAfterTheOther) {
    EXPECT_EQ(render(Diagnostics{{.file = "a", .found = "x"}, {.file = "b", .found = "y"}}), "a: x\nb: y\n");
}

TEST(Suggestion, IsTheClosestWordWhenOneIsClose) {
    const std::vector<std::string> words{"halt", "read", "write"};
    EXPECT_EQ(closest("raed", words), "read");
    EXPECT_EQ(closest("rea", words), "read");
    EXPECT_EQ(closest("wriet", words), "write");
    EXPECT_EQ(closest("wrte", words), "write");
    EXPECT_EQ(closest("zzzzzz", words), "");
    EXPECT_EQ(closest(std::string(100'000, 'r'), words), "");
    EXPECT_EQ(closest("", words), "");
}

TEST(Quoted, EscapesWhatATerminalWouldActOnAndCutsLongText) {
    EXPECT_EQ(base::quoted("a\x1b[2J\xff\n"), "'a\\x1b[2J\\xff\\x0a'");
    EXPECT_EQ(base::quoted("Länge 5\u00a0€\u202e"), "'Länge 5<U+00A0>€<U+202E>'");
    EXPECT_EQ(base::quoted(std::string(61, 'a')), "'" + std::string(60, 'a') + "...'");
    EXPECT_EQ(base::quoted(std::string(60, 'a')), "'" + std::string(60, 'a') + "'");
}

} // namespace
} // namespace ropewalk::base
