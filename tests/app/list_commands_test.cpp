// Programs over lists on the command line: induce, run, exports.
#include "tests/app/command.hpp"

namespace ropewalk::cli {
namespace {

using testing::HasSubstr;

class ListCommands : public Command {
protected:
    std::string sums() const { return write("sums.txt", "[3,-1,2] -> 5\n[-5,4] -> 4\n[2,7,-1,8] -> 17\n[-1] -> 0\n"); }
};

TEST_F(ListCommands, InduceFindsAProgramAndWritesIt) {
    const Outcome outcome = run({"induce", sums(), "--seconds", "30", "-o", path("solve.rope")});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("solve(x: [int]) -> int:"));
    EXPECT_THAT(outcome.out, HasSubstr("Right on 4 of 4 examples"));
    EXPECT_THAT(run({"run", path("solve.rope"), "--in", "[1,-9,2]"}).out, HasSubstr("3\n"));
    EXPECT_EQ(run({"induce", sums(), "--seconds", "30", "-o", path("solve.rope")}).code, 2);
}

TEST_F(ListCommands, InduceExportsToPythonAndC) {
    ASSERT_EQ(run({"induce", sums(), "--seconds", "30", "--export", "python", "-o", path("solve.py")}).code, 0);
    EXPECT_EQ(std::system(("python3 " + path("solve.py") + " > /dev/null").c_str()), 0);
    ASSERT_EQ(run({"induce", sums(), "--seconds", "30", "--export", "c", "-o", path("solve.c")}).code, 0);
    EXPECT_EQ(std::system(("cc -std=c99 -Wall -Wextra -Werror -DROPE_SELF_TEST -o " + path("solve") + " " + path("solve.c") +
                           " && " + path("solve"))
                              .c_str()),
              0);
}

TEST_F(ListCommands, InduceExportsToStandardOutputWithoutAFile) {
    const Outcome code = run({"induce", sums(), "--seconds", "30", "--export", "python"});
    EXPECT_EQ(code.code, 0);
    EXPECT_TRUE(code.out.starts_with("\"\"\"") || code.out.starts_with("#") || code.out.starts_with("def") || code.out.starts_with("import"))
        << code.out;
    EXPECT_THAT(code.out, testing::Not(HasSubstr("Right on")));
    write("printed.py", code.out);
    EXPECT_EQ(std::system(("python3 " + path("printed.py") + " > /dev/null").c_str()), 0);
}

TEST_F(ListCommands, InduceRefusesWhatSaysNothingAboutLists) {
    const auto refused = [&](std::vector<std::string> options, const std::string& said) {
        options.insert(options.begin(), {"induce", sums()});
        const Outcome outcome = run(options);
        EXPECT_EQ(outcome.code, 2);
        EXPECT_THAT(outcome.err, HasSubstr(said));
        EXPECT_EQ(outcome.out, "");
    };
    refused({"--base", "8"}, "--base");
    refused({"--cells", "8"}, "--cells");
    refused({"--rebase", "16"}, "--rebase");
    refused({"--without", "filtr"}, "did you mean 'filter'");
    refused({"-o", write("there.py", "")}, "the file exists already");
    EXPECT_THAT(run({"induce"}).err, HasSubstr("ropewalk induce FILE"));
}

TEST_F(ListCommands, WhatLooksLikeListsIsExplainedAsLists) {
    EXPECT_THAT(run({"induce", write("arrow.txt", "[1,2] = 3\n")}).err, HasSubstr("->"));
    EXPECT_THAT(run({"induce", write("column.csv", "out\n1\n2\n")}).err, HasSubstr("column.csv:1: a table of one column"));
    EXPECT_THAT(run({"induce", write("empty.txt", "")}).err, HasSubstr("->"));
    const Outcome both = run({"induce", write("both.txt", "[1,2] -> 3\n[1,2] -> 4\n")});
    EXPECT_THAT(both.err, HasSubstr("4 for [1,2]; expected 3, as on line 1: one of the two lines is wrong"));
}

TEST_F(ListCommands, InduceExportsToAssemblyForTheMachineThatTheExamplesNeed) {
    const std::string doubled = write("doubled.txt", "[3,1,2] -> [6,2,4]\n[5] -> [10]\n[2,7,1,8] -> [4,14,2,16]\n[] -> []\n");
    ASSERT_EQ(run({"induce", doubled, "--seconds", "30", "--export", "asm", "-o", path("solve.asm")}).code, 0);
    const auto object = json({"run", path("solve.asm"), "--memory", "3,5,1,4", "--steps", "10000", "--json"});
    EXPECT_EQ(object["memory"][0], 3);
    EXPECT_EQ(object["memory"][2], 2);
    EXPECT_TRUE(object["halted"]);
    const Outcome small = run({"induce", doubled, "--seconds", "30", "--export", "asm", "--base", "8", "-o", path("small.asm")});
    EXPECT_EQ(small.code, 2);
    EXPECT_THAT(small.err, HasSubstr("expected base 17"));
}

TEST_F(ListCommands, CompileTakesAProgramOverLists) {
    const std::string program = write("sum.rope", "solve(x: [int]) -> int:\n    sum(x)\n");
    EXPECT_EQ(run({"compile", program, "--base", "16", "-o", path("sum.safetensors")}).code, 0);
    EXPECT_EQ(json({"run", path("sum.safetensors"), "--memory", "3,4,1,2", "--json"})["memory"][0], 7);
    const std::string pieces = write("pieces.rope", "solve(x: [int]) -> int:\n    length(chunks(x, 2))\n");
    EXPECT_THAT(run({"compile", pieces, "-o", path("pieces.safetensors")}).err, HasSubstr("no lists of lists"));
}

TEST_F(ListCommands, CostsAreFittedToPrograms) {
    const std::string program = write("fit.rope", "solve(x: [int]) -> int:\n    sum(x)\n");
    EXPECT_EQ(run({"induce", sums(), "--seconds", "30", "--fit", program}).code, 0);
    EXPECT_EQ(run({"induce", sums(), "--fit", path("none.rope")}).code, 2);
}

TEST_F(ListCommands, InduceSaysWhenExamplesDoNotDecide) {
    EXPECT_THAT(run({"induce", write("one.txt", "[3,1,2] -> [1,2,3]\n"), "--seconds", "30"}).out, HasSubstr("not decide"));
    const auto object = json({"induce", sums(), "--seconds", "30", "--json"});
    EXPECT_TRUE(object["found"]);
    EXPECT_TRUE(object["decided"].is_boolean());
}

TEST_F(ListCommands, WrongInputIsRefusedWithItsPlace) {
    EXPECT_THAT(run({"induce", write("bad.jsonl", "{\"in\": [1, true], \"out\": 3}\n")}).err, HasSubstr("bad.jsonl:1: key 'in'"));
    const std::string program = write("p.rope", "solve(x: [int], k: int) -> int:\n    sun(x)\n");
    EXPECT_THAT(run({"run", program, "--in", "[1]"}).err, HasSubstr("p.rope:2:5: unknown function 'sun'; expected sum"));
    const std::string good = write("q.rope", "solve(x: [int], k: int) -> int:\n    sum(x) + k\n");
    EXPECT_THAT(run({"run", good, "--in", "[1]"}).err, HasSubstr("2, one for each argument (x: [int], k: int)"));
    EXPECT_EQ(run({"run", good, "--in", "[1,2]", "--in", "4"}).out, "7\n");
    EXPECT_EQ(run({"run", good, "--in", "[1,2], 4"}).out, "7\n");
    EXPECT_EQ(run({"run", good, "--in", "[1,2]", "--in", "true"}).code, 2);
}

TEST_F(ListCommands, InduceSaysHowItReadWhatMayBeMeantOtherwise) {
    const std::string pairs = write("pairs.json", "[[[3,1,2],[1,2,3]],\n [[1,5,2],[1,2,5]]]\n");
    const Outcome outcome = run({"induce", pairs, "--seconds", "30"});
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.err, HasSubstr("note: " + pairs + ": read as two examples"));
    EXPECT_THAT(outcome.out, HasSubstr("2 of 2 examples"));
}

TEST_F(ListCommands, WhatInduceExportsRunsWhateverItsArgumentsAreCalled) {
    for (const std::string word : {"true", "if", "then", "let", "fold", "sum"}) {
        const std::string key = "{\"" + word + "\": ";
        const std::string examples = write(word + ".jsonl", key + "[1,2,3], \"k\": 2, \"out\": [3,4,5]}\n" + key + "[7], \"k\": -1, \"out\": [6]}\n" +
                                                                key + "[0,10], \"k\": 5, \"out\": [5,15]}\n");
        const std::string program = path(word + ".rope");
        ASSERT_EQ(run({"induce", examples, "--seconds", "30", "--export", "rope", "-o", program}).code, 0) << word;
        EXPECT_EQ(run({"run", program, "--in", "[1,5]", "--in", "3"}).out, "[4,8]\n") << word;
    }
}

} // namespace
} // namespace ropewalk::cli
