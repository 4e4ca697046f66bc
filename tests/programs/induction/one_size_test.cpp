// The number of cells in programs that were found from examples of one size.
#include <gtest/gtest.h>

#include "ropewalk/programs/induction/one_size.hpp"

namespace ropewalk::induction {
namespace {

language::Program parsed(const std::string& text) { return language::parse(text, "text").value(); }

/// The text with the size as a number, for 5 cells.
std::string rewritten(const std::string& text) {
    const auto program = with_size_as_number(parsed(text), 5);
    return program ? language::to_string(*program) : "as it was";
}

TEST(OneSize, WritesTheSizeAsANumberWhereItIsReckonedOrComparedWithMemory) {
    EXPECT_EQ(rewritten("for i in 0..n: M[i] = M[i] + n\n"), "for i in 0..n: M[i] = M[i] + 5\n");
    EXPECT_EQ(rewritten("for i in 0..n:\n    if M[i] < n: M[i] = n - M[i]\n"),
              language::to_string(parsed("for i in 0..n:\n    if M[i] < 5: M[i] = 5 - M[i]\n")));
    EXPECT_EQ(rewritten("x = M[0]\ny = x + 1\nM[1] = y * n\n"), "x = M[0]\ny = x + 1\nM[1] = y * 5\n");
}

TEST(OneSize, KeepsItInAddressesAndBoundsAndWhereOnlyPlacesMeetIt) {
    for (const char* const text : {"for i in 0..n: M[i] = M[n - i]\n", "M[0] = n\n", "x = 0\nwhile x != n: x = x + 1\n",
                                   "for i in 0..n: M[i] = n - i\n", "for i in 0..n - 1: M[i] = M[i + 1]\n", "for i in 0..n - M[0]: M[i] = M[M[i] + n]\n"})
        EXPECT_EQ(rewritten(text), "as it was") << text;
}

} // namespace
} // namespace ropewalk::induction
