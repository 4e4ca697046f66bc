// States of an experiment's parts, put together.
#include <gmock/gmock.h>

#include "papers/shared/shared.hpp"
#include "tests/scratch.hpp"

namespace ropewalk::papers {
namespace {

class PartStates : public Scratch {
protected:
    std::string state(const std::string& name, const std::string& key, const std::string& runs) const {
        return write(name, "{\"key\": {\"seed\": " + key + "}, \"runs\": [" + runs + "], \"after\": 1}");
    }
};

TEST_F(PartStates, AreDealtBackInTheOrderOfTheirUnits) {
    const auto joined = join_states({state("1", "0", "0,3,6"), state("2", "0", "1,4"), state("3", "0", "2,5")});
    ASSERT_TRUE(joined);
    const auto object = nlohmann::ordered_json::parse(*joined);
    EXPECT_EQ(object["runs"].dump(), "[0,1,2,3,4,5,6]");
    EXPECT_EQ(object["after"], 1);
    EXPECT_THAT(*joined, testing::EndsWith("}\n"));
}

TEST_F(PartStates, OfPartsWithoutUnitsAreNotThere) {
    const auto joined = join_states({state("1", "0", "0"), state("2", "0", "1"), path("none"), path("neither")});
    ASSERT_TRUE(joined);
    EXPECT_EQ(nlohmann::json::parse(*joined)["runs"].dump(), "[0,1]");
    EXPECT_EQ(*join_states({path("none")}), "");
}

TEST_F(PartStates, OfOtherOptionsOrDamagedOnesAreRefused) {
    const std::string good = state("1", "0", "0");
    EXPECT_THAT(complaint(join_states({good, state("2", "5", "1")}), folder_), testing::HasSubstr("other options"));
    for (const char* text : {"", "[]", "{}", "{\"runs\": 3}", "{\"runs\": [1"})
        EXPECT_FALSE(join_states({good, write("bad", text)})) << text;
}

} // namespace
} // namespace ropewalk::papers
