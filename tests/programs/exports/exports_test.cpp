// Exports are run, and give what the evaluator gives.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/exports/exports.hpp"

namespace ropewalk::exports {
namespace {

namespace fs = std::filesystem;

using values::Kind;
using values::Type;

fs::path folder() {
    const fs::path path = fs::temp_directory_path() / fmt::format("ropewalk_exports_{}", getpid());
    fs::create_directories(path);
    return path;
}

void write(const fs::path& path, const std::string& text) {
    ASSERT_TRUE(base::write_file(path.string(), text, base::Overwrite::allow));
}

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

TEST(Exports, PythonGivesWhatTheEvaluatorGives) {
    std::string all;
    int tested = 0;
    for (std::uint64_t i = 0; i < 400; ++i) {
        const Case each = random_case(i);
        if (each.examples.rows.empty()) continue;
        const fs::path path = folder() / fmt::format("case{}.py", i);
        write(path, to_python(each.program, each.examples));
        all += fmt::format("import case{0}\ncase{0}.self_test()\n", i);
        ++tested;
    }
    write(folder() / "all.py", all);
    EXPECT_GT(tested, 300);
    EXPECT_TRUE(succeeds(fmt::format("cd {} && python3 all.py", folder().string()))) << folder();
}

TEST(Exports, CGivesWhatTheEvaluatorGives) {
    std::string commands;
    for (std::uint64_t i = 0; i < 60; ++i) {
        const Case each = random_case(1000 + i);
        const fs::path path = folder() / fmt::format("case{}.c", i);
        write(path, to_c(each.program, each.examples));
        EXPECT_TRUE(succeeds(fmt::format("cd {0} && cc -std=c99 -Wall -Wextra -Werror -DROPE_SELF_TEST -o c{1} case{1}.c && ./c{1}",
                                         folder().string(), i)))
            << path << "\n" << functional::to_string(each.program);
    }
}

TEST(Exports, EverySmallProgramOfEveryOperatorIsTheSameInC) {
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
    write(folder() / "many.c", to_c(*program, examples));
    write(folder() / "many.py", to_python(*program, examples));
    EXPECT_TRUE(succeeds(fmt::format("cd {} && cc -std=c99 -Wall -Wextra -Werror -DROPE_SELF_TEST -o many many.c && ./many", folder().string())));
    EXPECT_TRUE(succeeds(fmt::format("cd {} && python3 many.py", folder().string())));
}

TEST(Exports, TextsAndTruthValuesAreThoseOfPython) {
    const auto program = functional::parse("solve(x: text) -> text:\n    reverse(x)\n", "test");
    synthesis::Examples examples{program->parameters, program->result, {{{values::text_of("abc")}, values::text_of("cba")}}};
    const std::string text = to_python(*program, examples);
    EXPECT_NE(text.find("def solve(x: str) -> str:"), std::string::npos);
    EXPECT_NE(text.find(">>> solve(\"abc\")"), std::string::npos);
    write(folder() / "text.py", text);
    EXPECT_TRUE(succeeds(fmt::format("cd {} && python3 text.py", folder().string())));
}

} // namespace
} // namespace ropewalk::exports
