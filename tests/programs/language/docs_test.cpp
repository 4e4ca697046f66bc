#include <fstream>

#include <gtest/gtest.h>

#include "ropewalk/programs/language/language.hpp"
#include "tests/places.hpp"

namespace ropewalk::language {
namespace {

/// The blocks of a Markdown file that begin with ```rope.
std::vector<std::string> examples(const std::string& path) {
    std::ifstream stream(path);
    std::vector<std::string> found;
    bool inside = false;
    for (std::string line; std::getline(stream, line);) {
        if (line == "```rope")
            found.emplace_back();
        else if (inside && line != "```")
            found.back() += line + '\n';
        inside = line == "```rope" || (inside && line != "```");
    }
    return found;
}

TEST(LanguageReference, HasExamplesThatRun) {
    const auto programs = examples(source_dir() + "/docs/language.md");
    EXPECT_GE(programs.size(), 5u);
    for (const std::string& text : programs) {
        const auto program = parse(text, "language.md");
        ASSERT_TRUE(program) << base::render(program.error()) << text;
        const Machine machine{.base = 10, .cells = 6};
        EXPECT_TRUE(evaluate(*program, machine, {2, 5, 4, 1, 0, 5})) << text;
        EXPECT_TRUE(lower(*program, {.machine = machine})) << text;
    }
}

} // namespace
} // namespace ropewalk::language
