// Model files: what is written comes back to the bit, and nothing else is taken for a model.
#include <cmath>
#include <cstring>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/compiler/compiler.hpp"

namespace ropewalk::compiler {
namespace {

using nlohmann::json;
using testing::HasSubstr;

Model small_model(machine::Switches switches = {}, double gamma = 0.3) {
    const auto program = assembly::parse(
        ".base 6\n.cells 3\n.registers 2\n.steps 9\n.let r2 5\na: inc 1 2\nwrite 1 2\njump 1 a\n", "x");
    base::RandomStream noise(4, base::Purpose::compile_noise);
    return compile(*program, {.gamma = gamma, .instruction_set = assembly::paper13(), .switches = switches},
                   noise)
        .value();
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

void expect_round_trip(const Model& model) {
    const auto again = from_safetensors(to_safetensors(model), "m");
    ASSERT_TRUE(again) << base::render(again.error());
    EXPECT_EQ(again->configuration, model.configuration);
    EXPECT_TRUE(same_bits(again->weights, model.weights));
    EXPECT_EQ(again->program_registers, model.program_registers);
    EXPECT_EQ(again->steps, model.steps);
    EXPECT_EQ(to_safetensors(*again), to_safetensors(model));
}

/// Header and data of a file, to be changed and put together again.
struct Parts {
    json header;
    std::string data;

    explicit Parts(const std::string& bytes) {
        std::uint64_t size = 0;
        std::memcpy(&size, bytes.data(), sizeof size);
        header = json::parse(bytes.substr(sizeof size, size));
        data = bytes.substr(sizeof size + size);
    }
    std::string bytes() const { return with_header(header.dump()); }
    std::string with_header(const std::string& text) const {
        const std::uint64_t size = text.size();
        return std::string(reinterpret_cast<const char*>(&size), sizeof size) + text + data;
    }
};

std::string complaint(const std::string& bytes) {
    const auto model = from_safetensors(bytes, "m");
    return model ? "accepted" : base::render(model.error());
}

TEST(ModelFile, ComesBackBitForBit) {
    using enum machine::Target;
    for (const auto mix : {machine::Mix::logits, machine::Mix::probabilities})
        for (const auto mass : {machine::Mass::conserve, machine::Mass::literal, machine::Mass::zero})
            for (const auto target : {line, register_value, second_operand})
                for (const bool freeze : {true, false})
                    expect_round_trip(
                        small_model({.mix = mix, .mass = mass, .freeze = freeze, .target = target}));
}

TEST(ModelFile, KeepsEveryFiniteFloat) {
    Model model = small_model();
    const std::vector<float> odd{-0.0f, std::numeric_limits<float>::denorm_min(),
                                 std::numeric_limits<float>::max(), std::numeric_limits<float>::lowest(),
                                 1e-38f};
    std::copy(odd.begin(), odd.end(), model.weights.begin());
    model.steps.reset();
    model.configuration.initial_registers.clear();
    expect_round_trip(model);
}

TEST(ModelFile, FollowsTheLayoutOfSafetensors) {
    const std::string bytes = to_safetensors(small_model());
    std::uint64_t size = 0;
    std::memcpy(&size, bytes.data(), sizeof size);
    EXPECT_EQ(size % 8, 0u);
    EXPECT_EQ(bytes[8], '{');
    const Parts parts(bytes);
    std::map<std::uint64_t, std::uint64_t> spans;
    for (const auto& [name, entry] : parts.header.items()) {
        if (name == "__metadata__") {
            for (const auto& each : entry) EXPECT_TRUE(each.is_string());
            continue;
        }
        EXPECT_EQ(entry["dtype"], "F32");
        const std::uint64_t begin = entry["data_offsets"][0], end = entry["data_offsets"][1];
        const std::uint64_t rows = entry["shape"][0], columns = entry["shape"][1];
        EXPECT_EQ(end - begin, rows * columns * 4);
        spans[begin] = end;
    }
    EXPECT_EQ(spans.size(), 5u);
    std::uint64_t expected = 0;
    for (const auto& [begin, end] : spans) {
        EXPECT_EQ(begin, expected) << "tensors leave no gap and do not overlap";
        expected = end;
    }
    EXPECT_EQ(expected, parts.data.size());
}

TEST(ModelFile, CutShortAnywhereIsRefused) {
    const std::string bytes = to_safetensors(small_model());
    for (std::size_t length = 0; length < bytes.size(); ++length)
        ASSERT_FALSE(from_safetensors(bytes.substr(0, length), "m")) << length;
    EXPECT_FALSE(from_safetensors(bytes + '\0', "m"));
}

TEST(ModelFile, WithFlippedBytesIsRefusedOrHasFiniteWeights) {
    const std::string bytes = to_safetensors(small_model());
    const std::size_t header = bytes.size() - Parts(bytes).data.size();
    int accepted = 0;
    for (std::uint64_t i = 0; i < 6000; ++i) {
        base::RandomStream random(i, base::Purpose::test);
        std::string broken = bytes;
        for (std::uint32_t flips = 1 + random.below(3); flips-- > 0;) {
            // Two of three in the header, where the structure is.
            const std::size_t range = random.below(3) > 0 ? header : bytes.size();
            broken[random.below(static_cast<std::uint32_t>(range))] ^=
                static_cast<char>(1 + random.below(255));
        }
        const auto model = from_safetensors(broken, "m");
        if (!model) {
            ASSERT_FALSE(base::render(model.error()).empty());
            continue;
        }
        ++accepted;
        for (const float weight : model->weights) ASSERT_TRUE(std::isfinite(weight));
        ASSERT_TRUE(validated(model->configuration));
        ASSERT_EQ(model->weights.size(), weight_count(model->configuration));
        (void)annotated(decompile(*model));
        (void)run_soft(model->configuration, model->weights, {}, 2);
    }
    EXPECT_GT(accepted, 100);
}

TEST(ModelFile, WithAHostileLengthIsRefused) {
    const Parts parts(to_safetensors(small_model()));
    for (const std::uint64_t size :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 20, std::uint64_t{1} << 32,
          std::uint64_t{1} << 63, ~std::uint64_t{0}, ~std::uint64_t{0} - 7}) {
        std::string bytes = parts.bytes();
        std::memcpy(bytes.data(), &size, sizeof size);
        EXPECT_FALSE(from_safetensors(bytes, "m")) << size;
    }
    EXPECT_FALSE(from_safetensors("", "m"));
    EXPECT_FALSE(from_safetensors(std::string(8, '\0'), "m"));
    EXPECT_FALSE(from_safetensors(std::string(8, '\xff') + "{}", "m"));
}

TEST(ModelFile, WithAHeaderThatIsNotJsonOrTooDeepIsRefused) {
    const Parts parts(to_safetensors(small_model()));
    for (const std::string& header :
         {std::string("{"), std::string("{]"), std::string("{}"), std::string("{\"__metadata__\":[]}"),
          std::string("{\"__metadata__\":null}"), std::string("{\"__metadata__\":{}}"),
          std::string("{\"__metadata__\":{\"format\":7}}"), std::string("{\"a\":\"\xff\"}"),
          std::string(500'000, '['), "{\"a\":" + std::string(500'000, '['),
          "{\"a\":" + std::string(100'000, '{'), std::string("{\0}", 3)})
        EXPECT_FALSE(from_safetensors(parts.with_header(header), "m")) << header.substr(0, 40);
}

TEST(ModelFile, WithATensorThatLiesIsRefused) {
    const std::string bytes = to_safetensors(small_model());
    const auto changed = [&](const char* tensor, const char* key, json value) {
        Parts parts(bytes);
        parts.header[tensor][key] = std::move(value);
        return complaint(parts.bytes());
    };
    EXPECT_THAT(changed("first", "dtype", "F64"), HasSubstr("tensor 'first' has another type"));
    EXPECT_THAT(changed("first", "dtype", 7), HasSubstr("another type"));
    for (const json& shape :
         {json{3, 3}, json{2, 3}, json{6}, json{3, 2, 1}, json(7), json{-3, -2}, json{3.5, 2}})
        EXPECT_THAT(changed("first", "shape", shape), HasSubstr("tensor 'first' has another shape")) << shape;
    const std::uint64_t most = ~std::uint64_t{0};
    for (const json& offsets :
         {json{0, most}, json{most, most}, json{most - 23, 0}, json{1u << 30, (1u << 30) + 24}, json{24, 0},
          json{-24, 0}, json{0.0, 24.0}, json{0}, json("0"), json{0, 24, 48}, json()})
        EXPECT_THAT(changed("first", "data_offsets", offsets), HasSubstr("tensor 'first'")) << offsets;
    for (const char* tensor : {"instruction", "first", "second", "destination", "target"}) {
        Parts parts(bytes);
        parts.header.erase(tensor);
        EXPECT_NE(complaint(parts.bytes()), "accepted");
        parts.header["another"] = json::parse(bytes.substr(8, bytes.size() - 8 - parts.data.size()))[tensor];
        EXPECT_THAT(complaint(parts.bytes()), HasSubstr("is missing"));
        parts.header[tensor] = 5;
        EXPECT_FALSE(from_safetensors(parts.bytes(), "m"));
    }
}

TEST(ModelFile, WithMetadataOutOfRangeIsRefused) {
    const std::string bytes = to_safetensors(small_model());
    const auto changed = [&](const char* key, const json& value) {
        Parts parts(bytes);
        parts.header["__metadata__"][key] = value;
        return complaint(parts.bytes());
    };
    for (const char* key : {"base", "cells", "registers", "lines", "steps", "program_registers"})
        for (const char* value :
             {"-1", "0", "99999999999999999999", "4294967297", "2000000000", "1e3", " 3", "3 ", "", "x"})
            EXPECT_THAT(changed(key, value), HasSubstr(std::string("'") + key + "'")) << value;
    for (const char* key : {"base", "lines", "switches", "instruction_set", "initial_registers"})
        EXPECT_NE(changed(key, 3), "accepted");
    EXPECT_NE(changed("cells", "7"), "accepted") << "more cells than the base";
    EXPECT_NE(changed("instruction_set", "halt,halt"), "accepted");
    EXPECT_NE(changed("instruction_set", "anc11"), "accepted") << "the tensor has 13 columns";
    EXPECT_NE(changed("switches", "mix=sum"), "accepted");
    EXPECT_NE(changed("switches", "target=register"), "accepted")
        << "the file has a target tensor and other sizes";
    for (const char* registers : {"6", "-1", "0,0,0", "0,,0", "1;2", "9999999999"})
        EXPECT_NE(changed("initial_registers", registers), "accepted") << registers;
    EXPECT_NE(changed("version", "2"), "accepted");
    EXPECT_NE(changed("format", "another"), "accepted");
}

TEST(ModelFile, ThatClaimsALargeMachineIsRefusedBeforeAnythingIsAllocated) {
    Parts parts(to_safetensors(small_model()));
    parts.header["__metadata__"]["base"] = "256";
    parts.header["__metadata__"]["lines"] = "4096";
    parts.header["__metadata__"]["registers"] = "64";
    EXPECT_THAT(complaint(parts.bytes()), HasSubstr("cut short"));
}

TEST(ModelFile, AnswersALongListWithAShortMessage) {
    Parts parts(to_safetensors(small_model()));
    std::string list;
    for (int i = 0; i < 100'000; ++i) list += "x,";
    parts.header["__metadata__"]["initial_registers"] = list;
    EXPECT_LT(complaint(parts.bytes()).size(), 5000u);
    parts.header["__metadata__"]["instruction_set"] = list;
    EXPECT_LT(complaint(parts.bytes()).size(), 5000u);
    parts.header["__metadata__"]["switches"] = std::string(500'000, '=');
    EXPECT_LT(complaint(parts.bytes()).size(), 5000u);
}

TEST(ModelFile, WithAWeightThatIsNoNumberIsRefused) {
    for (const float value : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                              -std::numeric_limits<float>::infinity()}) {
        Model model = small_model();
        model.weights[17] = value;
        EXPECT_THAT(complaint(to_safetensors(model)), HasSubstr("that is not finite"));
    }
}

} // namespace
} // namespace ropewalk::compiler
