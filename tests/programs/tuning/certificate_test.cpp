#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "ropewalk/programs/tuning/tuning.hpp"
#include "tests/places.hpp"

namespace ropewalk::tuning {
namespace {

tasks::Task map_dec() { return *tasks::find_task("map-dec"); }

assembly::Program load(const char* name, const tasks::Task& task) {
    return *fit_to_task(*assembly::parse_file(source_dir() + "/programs/" + name), task);
}

/// A domain too large to exhaust, on which `load("map_dec.asm")` is right except where M[0] is 3.
tasks::Task large_task(bool with_flaw) {
    tasks::Task task = map_dec();
    const auto right = task.example;
    const std::uint64_t inner = task.domain_size;
    task.domain_size = std::uint64_t{1} << 30;
    task.example = [=](std::uint64_t i) {
        machine::Example example = right(i % inner);
        if (with_flaw && example.memory[0] == 3) example.expected_memory[0] = 7;
        return example;
    };
    return task;
}

TEST(Certificate, OfARightProgramCoversTheWholeDomain) {
    const Certificate certificate = certify(load("map_dec.asm", map_dec()), map_dec());
    EXPECT_TRUE(certificate.holds);
    EXPECT_TRUE(certificate.exhaustive);
    EXPECT_EQ(certificate.inputs_checked, 4096u);
    EXPECT_FALSE(certificate.counterexample);
}

TEST(Certificate, OfAWrongProgramShowsTheFirstWrongInput) {
    const Certificate certificate = certify(load("map_inc.asm", map_dec()), map_dec());
    EXPECT_FALSE(certificate.holds);
    EXPECT_EQ(certificate.inputs_checked, 1u);
    ASSERT_TRUE(certificate.counterexample);
    EXPECT_EQ(certificate.counterexample->memory, (std::vector<int>{0, 0, 0, 0}));
    EXPECT_EQ(certificate.counterexample->expected_memory, (std::vector<int>{7, 7, 7, 7}));
    EXPECT_EQ(certificate.counterexample->found_memory, (std::vector<int>{1, 1, 1, 1}));
}

TEST(Certificate, OnALargeDomainSaysHowManyRandomInputsItChecked) {
    const Certificate certificate =
        certify(load("map_dec.asm", map_dec()), large_task(false), {.random_inputs = 5000});
    EXPECT_TRUE(certificate.holds);
    EXPECT_FALSE(certificate.exhaustive);
    EXPECT_EQ(certificate.inputs_checked, 5000u);
}

TEST(Certificate, IsTheSameAtAnyNumberOfThreads) {
    const auto program = load("map_dec.asm", map_dec());
    const CertifyOptions one{.random_inputs = 50000, .seed = 3, .threads = 1};
    const CertifyOptions two{.random_inputs = 50000, .seed = 3, .threads = 2};
    EXPECT_EQ(to_json(certify(program, large_task(true), one)),
              to_json(certify(program, large_task(true), two)));
}

TEST(Certificate, SurvivesTheWayThroughJson) {
    const Certificate certificate = certify(load("map_inc.asm", map_dec()), map_dec());
    const auto parsed = parse_certificate(to_json(certificate), "test");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->program, certificate.program);
    EXPECT_EQ(parsed->holds, certificate.holds);
    EXPECT_EQ(parsed->inputs_checked, certificate.inputs_checked);
}

TEST(Certificate, ThatIsNoneIsRefused) {
    const std::string good = to_json(certify(load("map_dec.asm", map_dec()), map_dec()));
    EXPECT_FALSE(parse_certificate("", "test"));
    EXPECT_FALSE(parse_certificate("[]", "test"));
    EXPECT_FALSE(parse_certificate("{\"format\": 3}", "test"));
    EXPECT_FALSE(parse_certificate(std::string(100000, '['), "test"));
    for (std::size_t cut = 0; cut + 2 < good.size(); cut += 7)
        EXPECT_FALSE(parse_certificate(good.substr(0, cut), "test"));
    for (const char* key : {"task", "program", "steps", "holds", "seed", "domain_size"}) {
        nlohmann::json damaged = nlohmann::json::parse(good);
        damaged[key] = nlohmann::json::array();
        EXPECT_FALSE(parse_certificate(damaged.dump(), "test")) << key;
    }
}

TEST(Certificate, HiddenInBracketsInsideAStringIsRefusedWithoutACrash) {
    std::string text = to_json(certify(load("map_dec.asm", map_dec()), map_dec()));
    const std::string deep(1'000'000, '[');
    text.insert(text.find('{') + 1, "\"x\":\"" + std::string(1'000'000, ']') + "\",\"y\":" + deep +
                                        std::string(deep.size(), ']') + ",");
    EXPECT_FALSE(parse_certificate(text, "test"));
}

TEST(Certificate, SaysFirstWhatItCovers) {
    const auto first_line = [](const Certificate& certificate) {
        const std::string text = to_json(certificate);
        return text.substr(2, text.find('\n', 2) - 2);
    };
    const auto program = load("map_dec.asm", map_dec());
    EXPECT_EQ(first_line(certify(program, map_dec())),
              "  \"claim\": \"right on all 4096 inputs of task map-dec, 20 steps each\",");
    EXPECT_EQ(first_line(certify(program, large_task(false), {.random_inputs = 5000})),
              "  \"claim\": \"right on 5000 random inputs of 1073741824 of task map-dec, 20 steps each; says "
              "nothing about other inputs\",");
    const auto task = tasks::parse_examples(R"({"memory":[3,1],"expect":{"memory":[3,1]}})", "same.jsonl");
    EXPECT_EQ(
        first_line(certify(*fit_to_task(*assembly::parse("nop\n", "test"), *task), *task)),
        "  \"claim\": \"right on the 1 examples of same, 32 steps each; says nothing about other inputs\",");
}

TEST(Certificate, WithAnotherClaimOrProgramThanItsEntriesSayIsRefused) {
    const std::string good = to_json(certify(load("map_dec.asm", map_dec()), map_dec()));
    for (const char* key : {"claim", "program", "program_sha256", "domain_size", "holds", "task"}) {
        nlohmann::json damaged = nlohmann::json::parse(good);
        if (damaged[key].is_string())
            damaged[key] = damaged[key].get<std::string>() + "\n";
        else if (damaged[key].is_boolean())
            damaged[key] = !damaged[key].get<bool>();
        else
            damaged[key] = damaged[key].get<int>() + 1;
        EXPECT_FALSE(parse_certificate(damaged.dump(), "test")) << key;
    }
}

TEST(Certificate, OfTheFirstVersionIsRead) {
    nlohmann::json old = nlohmann::json::parse(to_json(certify(load("map_dec.asm", map_dec()), map_dec())));
    for (const char* key : {"claim", "program_sha256", "examples_sha256", "inputs_sha256"}) old.erase(key);
    EXPECT_FALSE(parse_certificate(old.dump(), "test"));
    old["version"] = 1;
    const auto parsed = parse_certificate(old.dump(), "test");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->version, 1);
    EXPECT_EQ(parsed->inputs_checked, 4096u);
}

TEST(Certificate, ThatIsStoppedHoldsNotAndShowsNoInput) {
    const auto program = load("map_dec.asm", map_dec());
    const Certificate certificate = certify(
        program, large_task(false), {.random_inputs = 1u << 30, .threads = 1, .stop = [] { return true; }});
    EXPECT_TRUE(certificate.stopped);
    EXPECT_FALSE(certificate.holds);
    EXPECT_FALSE(certificate.counterexample);
    EXPECT_GT(certificate.inputs_checked, 100'000u);
    EXPECT_LT(certificate.inputs_checked, 20'000'000u);
}

TEST(Certificate, OfOneLongRunHearsTheStopToo) {
    auto program = *fit_to_task(*assembly::parse("a: inc 1 1\njump 2 a\n", "test"), map_dec());
    program.steps = assembly::largest_step_count;
    EXPECT_TRUE(certify(program, map_dec(), {.threads = 1, .stop = [] { return true; }}).stopped);
}

TEST(Certificate, AboutExamplesSaysSo) {
    const auto task = tasks::parse_examples(R"({"memory":[3,1],"expect":{"memory":[1,3]}})", "sort.jsonl");
    ASSERT_TRUE(task);
    const auto program = fit_to_task(*assembly::parse("nop\n", "test"), *task);
    const auto parsed = parse_certificate(to_json(certify(*program, *task)), "test");
    ASSERT_TRUE(parsed);
    EXPECT_TRUE(parsed->from_examples);
    EXPECT_FALSE(certify(load("map_dec.asm", map_dec()), map_dec()).from_examples);
}

TEST(FitToTask, TakesTheTasksMachineAndKeepsTheInstructions) {
    const auto original = *assembly::parse(".base 10\n.steps 7\nread 1 2\n", "test");
    const auto fitted = fit_to_task(original, map_dec());
    ASSERT_TRUE(fitted);
    EXPECT_EQ(fitted->base, 8);
    EXPECT_EQ(fitted->cells, 4);
    EXPECT_EQ(fitted->steps, 32);
    EXPECT_EQ(fitted->instructions, original.instructions);
}

TEST(FitToTask, SaysWhereAnInitialValueStandsThatTheBaseDoesNotHave) {
    const auto fitted = fit_to_task(*assembly::parse(".base 16\n.let r3 8\nhalt\n", "P.asm"), map_dec());
    ASSERT_FALSE(fitted);
    EXPECT_EQ(fitted.error().front().file, "P.asm");
    EXPECT_EQ(fitted.error().front().line, 2);
}

TEST(FitToTask, RefusesAnInitialValueThatTheBaseDoesNotHave) {
    EXPECT_FALSE(fit_to_task(*assembly::parse(".base 10\n.let r1 9\nread 1 2\n", "test"), map_dec()));
}

} // namespace
} // namespace ropewalk::tuning
