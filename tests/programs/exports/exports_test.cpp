// Exports are run, and give what the evaluator gives.
#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/exports/exports.hpp"
#include "tests/scratch.hpp"

namespace ropewalk::exports {
namespace {

using values::Kind;
using values::Type;

bool succeeds(const std::string& command) { return std::system((command + " > /dev/null").c_str()) == 0; }

/// A program with random examples of what the evaluator gives for it; none where it has no values.
struct Case {
    functional::Program program;
    synthesis::Examples examples;
};

Case random_case(std::uint64_t index) {
    base::RandomStream random(7, base::Purpose::random_program, index);
    const Type types[] = {{Kind::integer, 0}, {Kind::integer, 1}, {Kind::integer, 2}, {Kind::boolean, 0}};
    const Type result = types[random.below(4)];
    Case all{.program = functional::random_program({{"x", types[1]}, {"k", types[0]}, {"y", types[2]}, {"p", types[3]}}, result, 4, random),
             .examples = {}};
    all.examples.parameters = all.program.parameters;
    all.examples.result = result;
    for (int row = 0; row < 12; ++row) {
        synthesis::Example example;
        for (const auto& each : all.program.parameters) example.inputs.push_back(functional::random_value(each.type, random));
        const auto value = functional::run(all.program, example.inputs);
        if (!value || values::to_text(*value).size() > 400) continue;
        example.output = *value;
        all.examples.rows.push_back(std::move(example));
    }
    return all;
}

/// A number from the environment, else the other one.
std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* const text = std::getenv(name);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// Exports that test themselves on the examples they are given.
struct Exports : Scratch {
    void expect_right_in_c(const functional::Program& program, const synthesis::Examples& examples) {
        write("solve.c", to_c(program, examples));
        EXPECT_TRUE(succeeds(fmt::format("cd '{}' && cc -std=c99 -Wall -Wextra -Werror -DROPE_SELF_TEST -o solve solve.c && ./solve", folder_.string())));
    }

    void expect_right_in_python(const functional::Program& program, const synthesis::Examples& examples) {
        write("solve.py", to_python(program, examples));
        EXPECT_TRUE(succeeds(fmt::format("cd '{}' && python3 solve.py", folder_.string())));
    }
};

/// Of ROPEWALK_EXPORT_PROGRAMS programs from ROPEWALK_EXPORT_SEED on, else of a few.
struct ExportsOfRandomPrograms : Scratch {
    std::uint64_t first = from_environment("ROPEWALK_EXPORT_SEED", 0);

    static std::uint64_t many(std::uint64_t few) { return from_environment("ROPEWALK_EXPORT_PROGRAMS", few); }
};

TEST_F(ExportsOfRandomPrograms, GiveWhatTheEvaluatorGivesInPython) {
    constexpr std::uint64_t in_one_process = 1000;
    std::uint64_t tested = 0;
    const std::uint64_t end = first + many(400);
    for (std::uint64_t begin = first; begin < end; begin += in_one_process) {
        std::string all;
        for (std::uint64_t i = begin; i < std::min(begin + in_one_process, end); ++i) {
            const Case each = random_case(i);
            if (each.examples.rows.empty()) continue;
            write(fmt::format("case{}.py", i), to_python(each.program, each.examples));
            all += fmt::format("import case{0}\ncase{0}.self_test()\n", i);
            ++tested;
        }
        write("all.py", all);
        EXPECT_TRUE(succeeds(fmt::format("cd '{}' && python3 -B all.py", folder_.string()))) << "programs from " << begin;
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
    }
    EXPECT_GT(4 * tested, 3 * (end - first));
}

/// With the compiler that ROPEWALK_EXPORT_CC names, such as tcc, which is the quickest; else with cc.
TEST_F(ExportsOfRandomPrograms, GiveWhatTheEvaluatorGivesInC) {
    const char* const named = std::getenv("ROPEWALK_EXPORT_CC");
    const std::string compiler = named != nullptr ? named : "cc";
    for (std::uint64_t i = 0; i < many(60); ++i) {
        const Case each = random_case(1000 + first + i);
        write("solve.c", to_c(each.program, each.examples));
        EXPECT_TRUE(succeeds(fmt::format("cd '{}' && {} -std=c99 -Wall -Wextra -Werror -DROPE_SELF_TEST -o solve solve.c && ./solve",
                                         folder_.string(), compiler)))
            << "program " << first + i << "\n" << functional::to_string(each.program);
    }
}

TEST_F(Exports, EverySmallProgramOfEveryOperatorIsTheSameInC) {
    // One file of many functions would hide names that clash; one program that uses many operators does not.
    const auto program = functional::parse(
        "solve(x: [int], k: int) -> [int]:\n"
        "    y = sort_by(filter(x, (a, i) -> a != k or i == 0), a -> -a)\n"
        "    concat(flat_map(group(y), a -> [first(a), length(a)]), accumulate(pairwise(y, (a, b) -> a - b), (s, a) -> max(s, a)))\n",
        "test");
    ASSERT_TRUE(program);
    synthesis::Examples examples{program->parameters, program->result, {}};
    for (std::uint64_t i = 0; i < 10; ++i) {
        base::RandomStream random(8, base::Purpose::test, i);
        synthesis::Example row{{functional::random_value({Kind::integer, 1}, random), values::whole_number(2)}, {}};
        row.output = *functional::run(*program, row.inputs);
        examples.rows.push_back(row);
    }
    expect_right_in_c(*program, examples);
    expect_right_in_python(*program, examples);
}

TEST_F(Exports, NumbersAndCasesOfTextsAreTheSameInPythonAndC) {
    const auto program = functional::parse("solve(x: text, k: int) -> [[int]]:\n    [numbers(x), to_text(k), upper(x), lower(x)]\n", "test");
    ASSERT_TRUE(program);
    synthesis::Examples examples{program->parameters, program->result, {}};
    for (const char* const text : {"a-5 10-3--9 Zz{[@`", "", "-", "007", "12:30", "9223372036854775807 -9223372036854775807"})
        for (const std::int64_t number : {0L, -120L, 9223372036854775807L}) {
            synthesis::Example row{{values::text_of(text), values::whole_number(number)}, {}};
            row.output = *functional::run(*program, row.inputs);
            examples.rows.push_back(row);
        }
    expect_right_in_c(*program, examples);
    expect_right_in_python(*program, examples);
}

TEST_F(Exports, TextsAndTruthValuesAreThoseOfPython) {
    const auto program = functional::parse("solve(x: text) -> text:\n    reverse(x)\n", "test");
    synthesis::Examples examples{program->parameters, program->result, {{{values::text_of("abc")}, values::text_of("cba")}}};
    const std::string text = to_python(*program, examples);
    EXPECT_NE(text.find("def solve(x: str) -> str:"), std::string::npos);
    EXPECT_NE(text.find(">>> solve(\"abc\")"), std::string::npos);
    write("text.py", text);
    EXPECT_TRUE(succeeds(fmt::format("cd '{}' && python3 text.py && python3 -m doctest text.py", folder_.string())));
}

TEST_F(Exports, ArgumentsMayBeCalledAsCCallsTypes) {
    const auto program = functional::parse("solve(size_t: [int], INT64_MAX: int) -> [int]:\n    map(size_t, a -> a * 2000000000000 + INT64_MAX)\n", "test");
    synthesis::Examples examples{program->parameters, program->result,
                                 {{{values::list_of({1}), values::whole_number(7)}, values::list_of({2000000000007})}}};
    expect_right_in_c(*program, examples);
}

TEST_F(Exports, ArgumentsThatAreWordsOfPythonAreRenamedApart) {
    const auto program = functional::parse("solve(class: int, class_: int) -> int:\n    class - class_\n", "test");
    synthesis::Examples examples{program->parameters, program->result, {{{values::whole_number(7), values::whole_number(4)}, values::whole_number(3)}}};
    const std::string text = to_python(*program, examples);
    EXPECT_NE(text.find("def solve(class__: int, class_: int) -> int:"), std::string::npos) << text;
    write("named.py", text);
    EXPECT_TRUE(succeeds(fmt::format("cd '{}' && python3 named.py", folder_.string())));
}

} // namespace
} // namespace ropewalk::exports
