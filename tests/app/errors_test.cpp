// What the program says to bad input: a line for every error on standard error, nothing on standard output,
// exit status 2.
#include "tests/app/command.hpp"

namespace ropewalk::cli {
namespace {

using testing::HasSubstr;

class BadInput : public Command {
protected:
    /// The command is refused with exactly this text.
    void expect_text(const std::vector<std::string>& arguments, const std::string& text) const {
        const Outcome outcome = run(arguments);
        EXPECT_EQ(outcome.code, 2);
        EXPECT_EQ(outcome.out, "");
        EXPECT_EQ(outcome.err, text);
    }

    /// The command is refused with one line (two with the hint at --help) that holds these words.
    void expect_line(const std::vector<std::string>& arguments, const std::vector<std::string>& words) const {
        const Outcome outcome = run(arguments);
        EXPECT_EQ(outcome.code, 2);
        EXPECT_EQ(outcome.out, "");
        for (const std::string& word : words) EXPECT_THAT(outcome.err, HasSubstr(word));
        const auto lines = std::count(outcome.err.begin(), outcome.err.end(), '\n');
        EXPECT_EQ(lines, outcome.err.find("Try `ropewalk") == std::string::npos ? 1 : 2) << outcome.err;
    }

    std::string good() const {
        return write("good.asm", ".base 4\n.cells 4\n.steps 8\na: inc 1 1\njump 2 a\nhalt\n");
    }
};

TEST_F(BadInput, UnknownInstruction) {
    const std::string file = write("p.asm", "inc 1 1\n  ad 1 2 3\n");
    for (const std::string command : {"run", "verify"})
        expect_text({command, file},
                    file + ":2:3: unknown instruction 'ad'; expected an instruction; did you mean "
                           "'add'?\n      ad 1 2 3\n      ^^\n");
    expect_text(
        {"compile", file, "-o", path("m")},
        file +
            ":2:3: unknown instruction 'ad'; expected an instruction; did you mean 'add'?\n      ad 1 2 3\n"
            "      ^^\n");
    EXPECT_FALSE(fs::exists(path("m")));
}

TEST_F(BadInput, SeveralErrorsAtOnce) {
    const std::string file = write("p.asm", "inc r9 1\nadd 1 2\na: halt\na: halt\njump 1 b\n.let r1 10\n");
    expect_text(
        {"run", file},
        file +
            ":1:5: unknown register 'r9'; expected r1 to r4 (or 1 to 4; `.registers` sets how many)\n"
            "    inc r9 1\n        ^^\n" +
            file + ":2:8: missing operand 'dst' of add; expected add a b dst\n    add 1 2\n           ^\n" +
            file +
            ":4:1: duplicate label 'a'; expected a name not used before (it stands on line 3 too)\n"
            "    a: halt\n    ^^\n" +
            file +
            ":5:8: undefined label 'b'; expected a label of this file; did you mean 'a'?\n"
            "    jump 1 b\n           ^\n" +
            file +
            ":6:9: value '10'; expected a number from 0 to 9 (base 10)\n    .let r1 10\n            ^^\n");
}

TEST_F(BadInput, ProgramTooLongForLabelsInRegisters) {
    const std::string file = write("p.asm", ".base 3\n.cells 3\na: inc 1 1\nnop\nnop\njump 2 a\n");
    expect_line({"compile", file, "-o", path("m"), "--switches", "target=register"},
                {"a program of 4 lines in base 3", "target=register", "target=line"});
    EXPECT_FALSE(fs::exists(path("m")));
}

TEST_F(BadInput, EmptyAndBinaryFiles) {
    for (const std::string command : {"run", "verify"}) {
        expect_line({command, write("empty.asm", "")}, {"empty.asm: no instructions"});
        expect_line({command, write("b.asm", std::string("\x7f"
                                                         "ELF\0\1\2",
                                                         7))},
                    {"b.asm:1: a binary file"});
    }
    expect_line({"decompile", write("empty.safetensors", "")}, {"0 bytes", "a safetensors model file"});
}

TEST_F(BadInput, ExamplesWithAWrongTypeOnLine3) {
    const std::string file = write("e.jsonl", "{\"memory\":[1],\"expect\":{\"memory\":[2]}}\n\n"
                                              "{\"memory\":[\"1\"],\"expect\":{\"memory\":[2]}}\n");
    expect_line({"verify", good(), "--examples", file}, {"e.jsonl:3", "\"1\"", "memory"});
    expect_line({"tune", "--examples", file, "--restarts", "1", "--iterations", "1"},
                {"e.jsonl:3", "memory"});
}

TEST_F(BadInput, MemoryAndRegistersThatDoNotFit) {
    expect_line({"run", good(), "--memory", "1,2,3,0,1"}, {"--memory: 5 values", "at most 4"});
    expect_line({"run", good(), "--machine", "soft", "--memory", "1,2,3,0,1"},
                {"--memory: 5 values", "at most 4"});
    expect_line({"run", good(), "--registers", "1,2,3,0,1"}, {"--registers: 5 values", "at most 4"});
    expect_line({"run", good(), "--memory", "1,4"}, {"'4' as value 2", "0 to 3"});
    for (const char* numbers : {"1,,2", "a", "1,", "0x1", " 1", "99999999999999999999", "1.5"})
        expect_line({"run", good(), "--memory", numbers}, {"--memory", "numbers from 0 to 3"});
    expect_line({"run", good(), "--memory=-1"}, {"--memory", "'-1' as value 1"});
}

TEST_F(BadInput, ModelFilesThatAreCutInHalf) {
    ASSERT_EQ(run({"compile", good(), "-o", path("m.safetensors")}).code, 0);
    const std::string bytes = read(path("m.safetensors"));
    for (const std::size_t length : {bytes.size() / 2, std::size_t{100}, std::size_t{12}, bytes.size() - 1}) {
        const std::string cut = write("cut.safetensors", bytes.substr(0, length));
        for (const std::string command : {"run", "decompile", "verify"})
            expect_line({command, cut}, {"cut.safetensors: "});
    }
    const std::string named_otherwise = write("cut.model", bytes.substr(0, bytes.size() / 2));
    expect_line({"run", named_otherwise}, {"cut.model: "});
}

TEST_F(BadInput, MissingFilesAndFolders) {
    for (const std::string command : {"run", "verify", "decompile"}) {
        expect_line({command, path("none.asm")}, {"none.asm: no such file"});
        expect_line({command, folder.string()}, {": a folder; expected a file"});
    }
    expect_line({"compile", path("none.asm"), "-o", path("m")}, {"none.asm: no such file"});
    expect_line({"tune", "--task", "inc", "--init", path("none.asm")}, {"none.asm: no such file"});
    expect_line({"tune", "--examples", folder.string()}, {": a folder"});
}

TEST_F(BadInput, OutputThatCannotBeWritten) {
    expect_line({"compile", good(), "-o", path("none/m")}, {"none is no folder that can be written to"});
    expect_line({"compile", good(), "-o", folder.string(), "--force"}, {"a folder"});
    expect_line({"compile", good(), "-o", "/dev/null", "--force"}, {"/dev/null: not a regular file"});
    expect_line({"tune", "--task", "inc", "-o", good() + "/x"}, {"is no folder"});
    expect_line({"tune", "--task", "inc", "-o", good()}, {"is no folder"});
}

TEST_F(BadInput, OutputThatExistsStaysUnlessForced) {
    const std::string file = write("m", "precious");
    expect_line({"compile", good(), "-o", file}, {"the file exists already", "--force"});
    EXPECT_EQ(read(file), "precious");
    EXPECT_EQ(run({"compile", good(), "-o", file, "--force"}).code, 0);
    EXPECT_NE(read(file), "precious");
    for (const char* name : {"run.json", "program.asm", "certificate.json", "weights.safetensors"}) {
        fs::create_directory(path("out"));
        write(std::string("out/") + name, "precious");
        expect_line({"tune", "--task", "inc", "-o", path("out")}, {name, "--force"});
        fs::remove_all(path("out"));
    }
    ASSERT_EQ(run({"compile", good(), "-o", path("n")}).code, 0);
    expect_line({"decompile", path("n"), "-o", file}, {"exists already"});
    expect_line({"verify", program("inc.asm"), "--task", "inc", "-o", file}, {"exists already"});
}

TEST_F(BadInput, UnknownOptionsCommandsAndTasks) {
    expect_line({"run", good(), "--fast"}, {"--fast"});
    expect_line({"runn", good()}, {"unknown command 'runn'", "did you mean 'run'?"});
    expect_line({good()}, {"unknown command"});
    expect_line({"run"}, {"program"});
    expect_line({"reproduce", "sequences", "--tasks", "parity,adition", "-o", path("s")}, {"'adition'", "'addition'"});
    expect_line({"tasks", "fibonaci"}, {"'fibonaci'", "fibonacci"});
    expect_line({"tune", "--task", "mapinc"}, {"'mapinc'", "map-inc"});
    expect_line({"verify", good(), "--task", "zzzzzz"}, {"'zzzzzz'"});
    expect_line({"verify", good()}, {"neither --task nor --examples"});
    expect_line({"tune", "--task", "inc", "--examples", good()}, {"both --task and --examples"});
    expect_line({"compile", good(), "-o", path("m"), "--profile", "papr"}, {"unknown profile 'papr'"});
    expect_line({"compile", good(), "-o", path("m"), "--switches", "mix=x"}, {"'mix=x'"});
    expect_line({"compile", good(), "-o", path("m"), "--instructions", "halt,incr"},
                {"unknown instruction 'incr'"});
}

TEST_F(BadInput, NumbersOutOfRange) {
    for (const std::string threads : {"-1", "x", "1025", "1.5"})
        for (const auto& command : {std::vector<std::string>{"run", good()}, {"tasks"}, {"doctor"}}) {
            auto arguments = command;
            arguments.insert(arguments.end(), {"--threads", threads});
            expect_line(arguments, {"--threads"});
        }
    expect_line({"run", good(), "--steps", "0"}, {"--steps"});
    expect_line({"run", good(), "--steps", "1000000001"}, {"--steps"});
    expect_line({"run", good(), "--base", "257"}, {"--base"});
    expect_line({"run", good(), "--cells", "5"}, {"5 cells in base 4"});
    expect_line({"run", good(), "--seed", "-1"}, {"--seed"});
    expect_line({"compile", good(), "-o", path("m"), "--gamma", "nan"}, {"gamma"});
    expect_line({"compile", good(), "-o", path("m"), "--gamma", "-1"}, {"gamma"});
    expect_line({"compile", good(), "-o", path("m"), "--epsilon", "0"}, {"epsilon"});
    expect_line({"compile", good(), "-o", path("m"), "--lines", "2"}, {"at most 2 lines"});
    expect_line({"tune", "--task", "inc", "--restarts", "0"}, {"--restarts"});
    expect_line({"tune", "--task", "inc", "--learning-rate", "nan"}, {"--learning-rate: found nan"});
}

TEST_F(BadInput, SizesForAModelThatHasItsOwn) {
    ASSERT_EQ(run({"compile", good(), "-o", path("m.safetensors")}).code, 0);
    expect_line({"run", path("m.safetensors"), "--base", "5"}, {"with a model file"});
}

TEST_F(BadInput, OutputThatDoesNotArrive) {
    const Outcome outcome = finish(start({"tasks", "--json"}, "/dev/full"));
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.err, "ropewalk: cannot write to standard output\n");
}

} // namespace
} // namespace ropewalk::cli
