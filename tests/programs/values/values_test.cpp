#include <gtest/gtest.h>

#include "ropewalk/programs/values/values.hpp"

namespace ropewalk::values {
namespace {

std::string message(const std::string& text) {
    const auto value = parse_value(text, "here");
    return value ? "" : base::render(value.error());
}

TEST(Values, EqualListsHaveEqualHandlesAndOthersDiffer) {
    Lists lists;
    const Word a[] = {3, 1, 2}, b[] = {3, 1};
    const Word first = lists.intern(a);
    EXPECT_EQ(lists.intern(a), first);
    EXPECT_NE(lists.intern(b), first);
    EXPECT_EQ(lists.intern({}), 0);
}

TEST(Values, ListsStayWhereTheyAreWhileManyMoreAreStored) {
    Lists lists;
    const Word numbers[] = {7, 8, 9};
    const auto before = lists[lists.intern(numbers)];
    for (Word i = 0; i < 200'000; ++i) lists.intern({&i, 1});
    EXPECT_EQ(before.data(), lists[lists.intern(numbers)].data());
    EXPECT_EQ(before[1], 8);
}

TEST(Values, AListBeyondTheLongestOrWithAnUndefinedElementIsUndefined) {
    Lists lists(3);
    const Word four[] = {1, 2, 3, 4}, hole[] = {1, undefined};
    EXPECT_EQ(lists.intern(four), undefined);
    EXPECT_EQ(lists.intern(hole), undefined);
}

TEST(Values, AreReadAndWrittenAsJson) {
    for (const char* text : {"7", "-298", "true", "[3,1,2]", "[]", "[[1],[],[2,3]]", "\"h\u00e4user\"", "9223372036854775807"})
        EXPECT_EQ(to_text(*parse_value(text, "here")), text);
}

TEST(Values, TypesAreTheDeepestThatTheElementsSay) {
    EXPECT_EQ(to_string(parse_value("[[],[1]]", "")->type), "[[int]]");
    EXPECT_EQ(to_string(parse_value("[[1],[]]", "")->type), "[[int]]");
    EXPECT_EQ(to_string(parse_value("[\"ab\",\"\"]", "")->type), "[text]");
    EXPECT_EQ(to_string(parse_value("[true]", "")->type), "[bool]");
    EXPECT_EQ(type_named("[[int]]"), (Type{Kind::integer, 2}));
    EXPECT_EQ(type_named("number"), std::nullopt);
}

TEST(Values, WholeFloatsAreReadAsNumbersAndOthersRefused) {
    EXPECT_EQ(*parse_value("[1.0, 2]", ""), list_of({1, 2}));
    EXPECT_NE(message("1.5").find("expected a whole number"), std::string::npos);
}

TEST(Values, WhatIsNoValueIsRefusedWithWhatWasFound) {
    EXPECT_NE(message("[1, true]").find("a list with int and bool"), std::string::npos);
    EXPECT_NE(message("[1, [2]]").find("a list with int and [int]"), std::string::npos);
    EXPECT_NE(message("9223372036854775808").find("beyond 64 bits"), std::string::npos);
    EXPECT_NE(message("-9223372036854775808").find("at least -9223372036854775807"), std::string::npos);
    EXPECT_NE(message("{\"a\": 1}").find("an object"), std::string::npos);
    EXPECT_NE(message("[1, 2").find("expected a value"), std::string::npos);
    EXPECT_NE(message(std::string(100, '[')).find("16 levels"), std::string::npos);
}

TEST(Values, ValuesAndWordsAreTheSame) {
    Lists lists;
    for (const char* text : {"[[1],[],[2,3]]", "\"abc\"", "[true,false]", "-5"}) {
        const Value value = *parse_value(text, "");
        EXPECT_EQ(to_value(to_word(value, lists), value.type, lists), value);
    }
}

} // namespace
} // namespace ropewalk::values
