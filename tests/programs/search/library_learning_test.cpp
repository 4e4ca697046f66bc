#include <cstdlib>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "tests/programs/search/random_memory.hpp"

namespace ropewalk::search {
namespace {

std::vector<language::Program> programs(std::initializer_list<const char*> texts) {
    std::vector<language::Program> parsed;
    for (const char* text : texts) parsed.push_back(language::parse(text, "test").value());
    return parsed;
}

TEST(LibraryLearning, FindsWhatProgramsHaveInCommon) {
    const auto given = programs({"for i in 0..n: M[i] = max(M[i], i) - min(M[i], i)",
                                 "M[0] = max(M[1], M[2]) - min(M[1], M[2])",
                                 "x = M[3]\nM[1] = 2 + (max(x, 5) - min(x, 5))"});
    const Library library = learn_library(given);
    ASSERT_FALSE(library.abstractions.empty());
    const Abstraction& first = library.abstractions[0];
    EXPECT_EQ(language::to_string(first.function.body), "max(a, b) - min(a, b)");
    EXPECT_EQ(first.uses, 3);
    EXPECT_GT(first.saving, 0);
    EXPECT_LT(library.bits_after, library.bits_before);
    EXPECT_DOUBLE_EQ(library.bits_before, description_length(given));
    ASSERT_EQ(library.programs.size(), given.size());
    for (std::size_t i = 0; i < given.size(); ++i) {
        EXPECT_EQ(language::inlined(library.programs[i]), given[i])
            << language::to_string(library.programs[i]);
        EXPECT_NE(language::to_string(library.programs[i]).find("f1("), std::string::npos);
    }
}

TEST(LibraryLearning, FindsNothingWhereNothingIsInCommon) {
    const auto given = programs({"M[0] = M[1] + 1", "for i in 0..n: M[i] = 0"});
    const Library library = learn_library(given);
    EXPECT_TRUE(library.abstractions.empty());
    EXPECT_DOUBLE_EQ(library.bits_after, library.bits_before);
    EXPECT_EQ(library.programs, given);
    EXPECT_TRUE(learn_library({}).abstractions.empty());
}

TEST(LibraryLearning, GivesRandomProgramsBack) {
    int functions = 0;
    for (unsigned seed = 0; seed < 60; ++seed) {
        base::RandomStream random(seed, base::Purpose::test, 11);
        std::vector<language::Program> given;
        for (int i = 0; i < 4; ++i) given.push_back(language::inlined(language::random_program(8, random)));
        const Library library = learn_library(given);
        functions += static_cast<int>(library.abstractions.size());
        EXPECT_LE(library.bits_after, library.bits_before);
        double saved = 0;
        for (const Abstraction& each : library.abstractions) {
            EXPECT_GT(each.saving, 0);
            EXPECT_GE(each.uses, 2);
            EXPECT_LE(each.function.parameters.size(), 2u);
            saved += each.saving;
        }
        EXPECT_NEAR(library.bits_before - saved, library.bits_after, 1e-6);
        for (std::size_t i = 0; i < given.size(); ++i) {
            ASSERT_EQ(language::inlined(library.programs[i]), given[i])
                << language::to_string(given[i]) << language::to_string(library.programs[i]);
            const auto again = language::parse(language::to_string(library.programs[i]), "learned");
            ASSERT_TRUE(again) << base::render(again.error()) << language::to_string(library.programs[i]);
            EXPECT_EQ(*again, library.programs[i]);
        }
    }
    EXPECT_GT(functions, 10);
}

TEST(LibraryLearning, KeepsToItsLimits) {
    const auto given =
        programs({"M[0] = (M[1] * 3 + 2) / (M[2] - 4) % 5", "M[1] = (M[0] * 3 + 2) / (M[3] - 4) % 5",
                  "M[2] = max(M[1], 6) * max(M[1], 6)", "M[3] = max(M[2], 6) * max(M[2], 6)"});
    EXPECT_EQ(learn_library(given, {.most_functions = 1}).abstractions.size(), 1u);
    EXPECT_TRUE(learn_library(given, {.most_functions = 0}).abstractions.empty());
    for (const Abstraction& each : learn_library(given, {.most_parameters = 1}).abstractions)
        EXPECT_EQ(each.function.parameters.size(), 1u);
}

TEST(StandardLibrary, KnowsTheDistanceOfTwoValues) {
    const std::vector<language::Function> functions = standard_library();
    ASSERT_EQ(functions.size(), 1u);
    language::Program program =
        language::parse("def distance(a, b) = a\nM[0] = distance(M[0], M[1])", "test").value();
    program.functions = functions;
    for (int a = 0; a < 7; ++a)
        for (int b = 0; b < 7; ++b)
            EXPECT_EQ(language::evaluate(program, {7, 2}, {a, b}).value()[0], std::abs(a - b));
}

} // namespace
} // namespace ropewalk::search
