// What the fuzzers have found, and a few files of every kind, through the fuzzers' functions.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include <gtest/gtest.h>

#include "tests/places.hpp"

// Here every fuzzer's function has the name of its file.
#define FUZZER(name) extern "C" int fuzz_##name(const std::uint8_t* data, std::size_t size);
#include "fuzz/fuzzers.inc"
#undef FUZZER

namespace ropewalk {
namespace {

struct Fuzzer {
    const char* name;
    int (*run)(const std::uint8_t* data, std::size_t size);
};

const std::vector<Fuzzer> fuzzers{
#define FUZZER(name) {#name, fuzz_##name},
#include "fuzz/fuzzers.inc"
#undef FUZZER
};

class Corpus : public testing::TestWithParam<Fuzzer> {};

TEST_P(Corpus, EndsWithoutFault) {
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(source_dir() + "/tests/fuzz/corpus/" +
                                                                 std::string(GetParam().name))) {
        std::ifstream stream(entry.path(), std::ios::binary);
        const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), {}};
        SCOPED_TRACE(entry.path());
        // Cut short at every eighth, and with one byte changed there, a file is another one.
        for (std::size_t part = 0; part <= 8; ++part) {
            std::vector<std::uint8_t> changed(bytes.begin(), bytes.end());
            if (part < 8) changed.resize(bytes.size() * (part + 1) / 8);
            EXPECT_EQ(GetParam().run(changed.data(), changed.size()), 0);
            if (changed.empty()) continue;
            changed.back() ^= 0x15;
            EXPECT_EQ(GetParam().run(changed.data(), changed.size()), 0);
        }
        ++files;
    }
    EXPECT_GT(files, 1);
}

INSTANTIATE_TEST_SUITE_P(Fuzzers, Corpus, testing::ValuesIn(fuzzers),
                         [](const auto& info) { return std::string(info.param.name); });

} // namespace
} // namespace ropewalk
