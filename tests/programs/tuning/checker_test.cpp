// What tools/check_certificate, which shares no code with the toolkit, says about certificates.
#include <cstdio>
#include <map>

#include <sys/wait.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/tuning/tuning.hpp"
#include "tests/places.hpp"
#include "tests/scratch.hpp"

namespace ropewalk::tuning {
namespace {

using assembly::Opcode;
using assembly::Program;

const std::string programs = source_dir() + "/programs/";

struct Answer {
    int code = -1;
    std::map<std::string, std::string> sentences; ///< by file, the first line
    std::string text;
};

class Checker : public Scratch {
protected:
    void SetUp() override {
        Scratch::SetUp();
        if (python().empty()) GTEST_SKIP() << "no python3";
    }

    /// The checker with these arguments, in the test's folder.
    Answer check(const std::string& arguments) const {
        const std::string command = "cd '" + folder_.string() +
                                    "' && '" + python() + "' '" + source_dir() + "/tools/check_certificate' " +
                                    arguments + " 2>&1";
        Answer answer;
        std::FILE* pipe = popen(command.c_str(), "r");
        char chunk[4096];
        while (std::size_t count = std::fread(chunk, 1, sizeof chunk, pipe)) answer.text.append(chunk, count);
        answer.code = WEXITSTATUS(pclose(pipe));
        for (std::size_t start = 0; start < answer.text.size();) {
            const std::size_t end = std::min(answer.text.find('\n', start), answer.text.size());
            const std::string line = answer.text.substr(start, end - start);
            if (const std::size_t colon = line.find(".json: "); colon != std::string::npos)
                answer.sentences[line.substr(0, colon)] = line.substr(colon + 7);
            start = end + 1;
        }
        return answer;
    }

    void write_certificate(const std::string& name, const Certificate& certificate) const {
        write(name + ".json", to_json(certificate));
    }
};

Program load(const std::string& file) { return *assembly::parse_file(programs + file); }

/// Few random inputs: the checker draws them in Python.
const CertifyOptions few{.random_inputs = 4096, .seed = 7};

TEST_F(Checker, AgreesOnEveryProgramWithEveryTask) {
    std::map<std::string, bool> holds;
    for (const auto& entry : std::filesystem::directory_iterator(programs))
        for (const tasks::Task& task : tasks::catalogue()) {
            const auto program = fit_to_task(load(entry.path().filename()), task);
            if (!program) continue;
            const Certificate certificate = certify(*program, task, few);
            const std::string name = entry.path().stem().string() + "-for-" + task.name;
            holds[name] = certificate.holds;
            write_certificate(name, certificate);
        }
    const Answer answer = check("*.json");
    EXPECT_EQ(answer.code, 1);
    EXPECT_GT(holds.size(), 300u);
    EXPECT_EQ(answer.sentences.size(), holds.size()) << answer.text.substr(0, 2000);
    for (const auto& [name, truth] : holds)
        EXPECT_EQ(answer.sentences.at(name).starts_with(truth ? "holds: right on" : "does not hold: "), true)
            << name << ": " << answer.sentences.at(name);
}

TEST_F(Checker, AgreesOnOtherSizesAndRandomInputs) {
    for (const char* name : {"inc", "map-inc", "map-dec"})
        for (const int base : {4, 16, 64}) {
            const tasks::Task task = tasks::find_task(name)->resized(base, base);
            std::string file = name;
            std::replace(file.begin(), file.end(), '-', '_');
            Program program = *fit_to_task(load(file + ".asm"), task);
            program.steps = 5 * base;
            write_certificate(name + std::to_string(base), certify(program, task, few));
        }
    const Answer answer = check("*.json");
    EXPECT_EQ(answer.code, 0) << answer.text;
    EXPECT_EQ(answer.sentences.size(), 9u);
    EXPECT_EQ(answer.sentences.at("map-dec64"),
              "holds: right on 4096 random inputs of more than 2^62 of task map-dec, 320 steps each; says "
              "nothing about other inputs");
}

/// The program with one thing changed.
Program changed(Program program, base::RandomStream& random) {
    const auto below = [&](std::size_t bound) { return random.below(static_cast<std::uint32_t>(bound)); };
    assembly::Instruction& line = program.instructions[below(program.instructions.size())];
    switch (below(7)) {
    case 0: line.opcode = static_cast<Opcode>(below(assembly::instruction_count)); break;
    case 1: line.first = static_cast<std::uint8_t>(below(static_cast<std::size_t>(program.registers))); break;
    case 2:
        line.second = static_cast<std::uint8_t>(below(static_cast<std::size_t>(program.registers)));
        break;
    case 3:
        line.destination = static_cast<std::uint8_t>(below(static_cast<std::size_t>(program.registers)));
        break;
    case 4: line.target = static_cast<std::uint16_t>(below(program.instructions.size())); break;
    case 5: std::swap(line, program.instructions[below(program.instructions.size())]); break;
    default:
        program.initial_registers[below(program.initial_registers.size())] =
            static_cast<int>(below(static_cast<std::size_t>(program.base)));
    }
    return program;
}

TEST_F(Checker, FindsAThousandPlantedFaults) {
    const std::vector<std::pair<std::string, std::string>> right = {
        {"inc", "inc.asm"},         {"map-inc", "map_inc.asm"},
        {"map-dec", "map_dec.asm"}, {"reduce", "sum_reduce.asm"},
        {"parity", "parity.asm"},   {"addition", "addition.asm"},
        {"sort", "sort.asm"},       {"copy", "copy.asm"},
        {"list-k", "list_k.asm"},   {"list-search", "list_search.asm"}};
    base::RandomStream random(30, base::Purpose::test);
    std::map<std::string, bool> wrong;
    int faults = 0;
    while (faults < 1000) {
        const auto& [name, file] = right[wrong.size() % right.size()];
        const tasks::Task task = *tasks::find_task(name);
        Certificate certificate = certify(changed(*fit_to_task(load(file), task), random), task);
        const std::string place = "c" + std::to_string(wrong.size());
        faults += certificate.holds ? 0 : 1;
        wrong[place] = !certificate.holds;
        certificate.holds = true;
        certificate.counterexample.reset();
        certificate.inputs_checked = certificate.domain_size;
        write_certificate(place, certificate);
    }
    const Answer answer = check("c*.json");
    ASSERT_EQ(answer.sentences.size(), wrong.size()) << answer.text.substr(0, 2000);
    int found = 0;
    for (const auto& [name, fault] : wrong) {
        const bool says_so = answer.sentences.at(name) == "does not hold: wrong on an input";
        EXPECT_EQ(says_so, fault) << name << ": " << answer.sentences.at(name);
        found += fault && says_so ? 1 : 0;
    }
    EXPECT_EQ(found, 1000);
}

TEST_F(Checker, ShowsTheInputAndEveryStep) {
    const tasks::Task task = *tasks::find_task("map-dec");
    write_certificate("c", certify(*fit_to_task(load("map_inc.asm"), task), task));
    const Answer answer = check("c.json");
    EXPECT_EQ(answer.code, 1);
    EXPECT_TRUE(
        answer.text.starts_with("c.json: does not hold: wrong on an input\n"
                                "    memory              0 0 0 0\n"
                                "    registers           0 0 0 0\n"
                                "    expected memory     7 7 7 7\n"
                                "    found memory        1 1 1 1\n"
                                "        1  line   1  read r1 r2            registers 0 0 0 0  memory "
                                "0 0 0 0\n"))
        << answer.text;
}

TEST_F(Checker, WantsTheExamplesThatACertificateIsAbout) {
    const std::string examples = R"({"memory":[3,1],"registers":[1],"expect":{"memory":[3],"registers":[1]}})"
                                 "\n"
                                 R"({"memory":[1,1],"expect":{"memory":[1,1]}})"
                                 "\n";
    const auto task = tasks::parse_examples(examples, "pairs.jsonl");
    ASSERT_TRUE(task);
    const auto program = fit_to_task(*assembly::parse("nop\n", "test"), *task);
    write_certificate("c", certify(*program, *task));
    write("pairs.jsonl", examples);
    write("others.jsonl", examples + "\n");
    EXPECT_EQ(check("c.json --examples pairs.jsonl").text,
              "c.json: holds: right on the 2 examples of pairs, 32 steps each; says nothing about other "
              "inputs\n");
    EXPECT_EQ(check("c.json").code, 2);
    EXPECT_EQ(check("c.json --examples others.jsonl").text,
              "c.json: cannot be checked: it is about other examples than those of others.jsonl (SHA-256)\n");
}

TEST_F(Checker, RefusesWhatDoesNotFitTogether) {
    const tasks::Task task = *tasks::find_task("map-dec");
    const std::string good = to_json(certify(*fit_to_task(load("map_dec.asm"), task), task));
    const std::vector<std::pair<std::string, std::string>> changes = {
        {"\"steps\": 20", "\"steps\": 19"},
        {"read r1 r2", "read r1 r3"},
        {"\"inputs_checked\": 4096", "\"inputs_checked\": 4095"},
        {"4096 inputs", "5000 inputs"},
        {"\"holds\": true", "\"holds\": false"},
        {"\"version\": 2", "\"version\": 3"},
        {"\"task\": \"map-dec\"", "\"task\": \"merge\""},
        {"\"program\":", "\"programme\":"},
        {"ropewalk-certificate", "certificate"}};
    for (const auto& [from, to] : changes) {
        std::string damaged = good;
        damaged.replace(damaged.find(from), from.size(), to);
        write("c.json", damaged);
        const Answer answer = check("c.json");
        EXPECT_EQ(answer.code, 2) << from << " -> " << to << ": " << answer.text;
        EXPECT_TRUE(answer.text.starts_with("c.json: cannot be checked: ")) << answer.text;
    }
    for (const std::string& text :
         {std::string(), std::string("{"), std::string(100000, '['), good.substr(5)}) {
        write("c.json", text);
        EXPECT_EQ(check("c.json").code, 2);
    }
    EXPECT_EQ(check("none.json").code, 2);
}

TEST_F(Checker, ReadsTheFirstVersion) {
    write("c.json",
          R"({"counterexample":null,"domain_size":4096,"exhaustive":true,"format":"ropewalk-certificate",
        "from_examples":false,"holds":true,"inputs_checked":4096,"seed":0,"steps":5,"task":"inc","version":1,
        "program":".base 8\n.cells 4\nread 1 2\ninc 2 2\nwrite 1 2\nend: halt"})");
    EXPECT_EQ(check("c.json").text, "c.json: holds: right on all 4096 inputs of task inc, 5 steps each\n");
}

TEST_F(Checker, SaysWhatItCheckedWhereItDidNotCheckAll) {
    const tasks::Task task = *tasks::find_task("map-dec");
    write_certificate("c", certify(*fit_to_task(load("map_dec.asm"), task), task));
    EXPECT_EQ(check("c.json --most-steps 1000").text,
              "c.json: cannot be checked: too many steps: right on the first 51 inputs, others not checked "
              "(--most-steps)\n");
}

} // namespace
} // namespace ropewalk::tuning
