// Restarts and checks cut into parts: whatever the cut, whatever the order, the answer of the uncut run.
#include <algorithm>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/tuning/tuning.hpp"
#include "tests/places.hpp"

namespace ropewalk::tuning {
namespace {

assembly::Program map_inc_program() { return *assembly::parse_file(source_dir() + "/programs/map_inc.asm"); }

TuneOptions brief() {
    return {.run = {.seed = 5, .threads = 1},
            .restarts = 23,
            .iterations = 40,
            .batch = 4,
            .held_out = 32,
            .check_interval = 10,
            .check_examples = 8};
}

/// Everything that a run leaves behind, as one text.
std::string answer(const TuneResult& result, const tasks::Task& task, const TuneOptions& options) {
    std::string text = to_json(result, task, options, "start", 0);
    if (const Restart* const found = result.found()) text += compiler::to_safetensors(*weights_of(*found));
    return text;
}

/// Numbers from 0 to `end` that cut it at random, in steps of `unit`.
std::vector<std::uint64_t> cuts(base::RandomStream& random, std::uint64_t end, std::uint64_t unit) {
    std::vector<std::uint64_t> places{0, end};
    for (std::uint32_t i = random.below(6); i > 0; --i) places.push_back(unit * random.below64(end / unit + 1));
    std::sort(places.begin(), places.end());
    return places;
}

template<class Part>
void shuffle(std::vector<Part>& parts, base::RandomStream& random) {
    for (std::size_t i = parts.size(); i > 1; --i) std::swap(parts[i - 1], parts[random.below(static_cast<std::uint32_t>(i))]);
}

/// The answer from parts that went through text, in a random order.
std::string in_parts(const tasks::Task& task, const std::optional<assembly::Program>& initial, const TuneOptions& options,
                     base::RandomStream& random) {
    std::vector<TunePart> parts;
    const auto places = cuts(random, static_cast<std::uint64_t>(options.restarts),
                             static_cast<std::uint64_t>(restarts_per_unit(options)));
    for (std::size_t i = 0; i + 1 < places.size(); ++i) {
        TuneOptions here = options;
        here.run.threads = 1 + static_cast<int>(random.below(2));
        const auto part = tune_part(task, initial, here, {places[i], places[i + 1]});
        EXPECT_TRUE(part);
        parts.push_back(*parse_tune_part(to_json(*part), "part"));
    }
    shuffle(parts, random);
    const auto result = join(task, initial, options, std::move(parts));
    EXPECT_TRUE(result);
    return answer(*result, task, options);
}

TEST(TuneParts, InAnyCutAndOrderComeToTheUncutRun) {
    base::RandomStream random(3, base::Purpose::test);
    struct Case {
        const char* task;
        double gamma;
        int population;
        bool from_program;
    };
    // One where tuning finds the program, one where repair does, one with copies between restarts, one in vain.
    for (const Case& each : {Case{"map-dec", 0.3, 0, true}, Case{"map-inc", 0, 0, true}, Case{"map-dec", 0.3, 20, true},
                             Case{"sort", 0.3, 0, false}}) {
        TuneOptions options = brief();
        options.compile.gamma = each.gamma;
        options.population_interval = each.population;
        options.repair_candidates = 2000;
        const auto task = *tasks::find_task(each.task);
        const auto initial = each.from_program ? std::optional(map_inc_program()) : std::nullopt;
        const auto whole = tune(task, initial, options);
        ASSERT_TRUE(whole);
        for (int turn = 0; turn < 3; ++turn)
            EXPECT_EQ(in_parts(task, initial, options, random), answer(*whole, task, options)) << each.task;
    }
}

TEST(TuneParts, OfAPartNumberAreCutBetweenUnits) {
    TuneOptions options = brief();
    EXPECT_EQ(restarts_of({1, 4}, options), (base::UnitRange{0, 6}));
    EXPECT_EQ(restarts_of({4, 4}, options), (base::UnitRange{18, 23}));
    options.population_interval = 20;
    EXPECT_EQ(restarts_of({1, 4}, options), (base::UnitRange{0, 16}));
    EXPECT_EQ(restarts_of({2, 4}, options), (base::UnitRange{16, 23}));
    EXPECT_EQ(restarts_of({4, 4}, options).count(), 0u);
}

TEST(TuneParts, ThatLackARestartOrHaveOneTwiceAreRefused) {
    const auto task = *tasks::find_task("map-dec");
    TuneOptions options = brief();
    options.iterations = 0;
    options.repair = false;
    const auto part = [&](std::uint64_t begin, std::uint64_t end) { return *tune_part(task, map_inc_program(), options, {begin, end}); };
    const auto joins = [&](std::vector<TunePart> parts) { return join(task, map_inc_program(), options, std::move(parts)).has_value(); };
    EXPECT_TRUE(joins({part(10, 23), part(0, 10)}));
    EXPECT_TRUE(joins({part(0, 0), part(0, 23), part(23, 23)}));
    EXPECT_FALSE(joins({}));
    EXPECT_FALSE(joins({part(0, 10)}));
    EXPECT_FALSE(joins({part(10, 23)}));
    EXPECT_FALSE(joins({part(0, 10), part(11, 23)}));
    EXPECT_FALSE(joins({part(0, 10), part(9, 23)}));
    EXPECT_FALSE(joins({part(0, 23), part(0, 23)}));
}

TEST(TuneParts, AsTextThatIsDamagedAreRefused) {
    const auto task = *tasks::find_task("map-inc");
    TuneOptions options = brief();
    options.restarts = 2;
    options.compile.gamma = 0;
    const std::string good = to_json(*tune_part(task, map_inc_program(), options, {0, 2}));
    EXPECT_TRUE(parse_tune_part(good, "part"));
    for (std::size_t cut = 0; cut + 2 < good.size(); cut += 61) EXPECT_FALSE(parse_tune_part(good.substr(0, cut), "part"));
    for (const auto& [from, to] : {std::pair("\"soft\"", "\"sift\""), {"\"weights\": \"", "\"weights\": \"!"}, {"read r1 r2", "frob r1 r2"},
                                   {"ropewalk-restarts", "ropewalk"}}) {
        std::string bad = good;
        ASSERT_NE(bad.find(from), std::string::npos) << from;
        bad.replace(bad.find(from), std::string(from).size(), to);
        EXPECT_FALSE(parse_tune_part(bad, "part")) << to;
    }
}

/// A domain too large to exhaust, on which the program is right except where the first cell is `flaw`.
tasks::Task large_task(int flaw) {
    tasks::Task task = *tasks::find_task("map-inc");
    const auto right = task.example;
    const std::uint64_t inner = task.domain_size;
    task.domain_size = std::uint64_t{1} << 30;
    task.example = [=](std::uint64_t i) {
        machine::Example example = right(i % inner);
        if (example.memory[0] == flaw) example.expected_memory[0] = flaw;
        return example;
    };
    return task;
}

TEST(CertifyParts, InAnyCutAndOrderComeToTheUncutCheck) {
    base::RandomStream random(4, base::Purpose::test);
    for (const auto& [task, inputs] : {std::pair(*tasks::find_task("map-inc"), 1), std::pair(*tasks::find_task("map-dec"), 1),
                                       std::pair(large_task(-1), 30'000), std::pair(large_task(5), 30'000)}) {
        const assembly::Program program = *fit_to_task(map_inc_program(), task);
        const CertifyOptions options{.random_inputs = static_cast<std::uint64_t>(inputs), .seed = 3, .threads = 2};
        const std::string whole = to_json(certify(program, task, options));
        for (int turn = 0; turn < 5; ++turn) {
            const auto places = cuts(random, input_count(task, options), 1);
            std::vector<CertifyPart> parts;
            for (std::size_t i = 0; i + 1 < places.size(); ++i)
                parts.push_back(*parse_certify_part(
                    to_json(certify_part(program, task, options, {places[i], places[i + 1]})), "part"));
            shuffle(parts, random);
            const auto joined = join(program, task, options, parts);
            ASSERT_TRUE(joined);
            EXPECT_EQ(to_json(*joined), whole);
        }
    }
}

TEST(CertifyParts, ThatLackAnInputAreRefused) {
    const auto task = *tasks::find_task("map-inc");
    const assembly::Program program = *fit_to_task(map_inc_program(), task);
    const CertifyPart some = certify_part(program, task, {}, {0, 4000});
    EXPECT_FALSE(join(program, task, {}, {some}));
    EXPECT_FALSE(join(program, task, {}, {some, some}));
    EXPECT_FALSE(join(program, task, {}, {}));
    for (const char* bad : {"", "{}", "[1]", "{\"format\":\"ropewalk-check\",\"begin\":-1}"}) EXPECT_FALSE(parse_certify_part(bad, "part"));
}

} // namespace
} // namespace ropewalk::tuning
