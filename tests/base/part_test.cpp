#include <functional>

#include <gmock/gmock.h>

#include "ropewalk/base/part_folder.hpp"
#include "tests/scratch.hpp"

namespace ropewalk::base {
namespace {

TEST(Part, IsReadAsItIsWritten) {
    EXPECT_EQ(parse_part("3/8", "test")->number, 3u);
    EXPECT_EQ(parse_part("3/8", "test")->count, 8u);
    EXPECT_EQ(to_string(*parse_part("3/8", "test")), "3/8");
    for (const char* bad : {"", "3", "/", "0/8", "9/8", "3/0", "-1/8", "3/8 ", " 3/8", "3/8/1", "a/b", "1/1000001", "+1/2"})
        EXPECT_FALSE(parse_part(bad, "test")) << bad;
}

TEST(Part, TogetherHoldEveryUnitOnce) {
    for (std::uint64_t units : {0u, 1u, 5u, 16u, 100u, 101u})
        for (std::size_t count : {1u, 2u, 3u, 7u, 120u}) {
            std::uint64_t next = 0;
            std::vector<int> dealt(units, 0);
            for (std::size_t number = 1; number <= count; ++number) {
                const Part part{number, count};
                const UnitRange range = range_of(part, units);
                EXPECT_EQ(range.begin, next);
                EXPECT_LE(range.count(), units / count + 1);
                next = range.end;
                for (std::uint64_t u = 0; u < units; ++u) dealt[u] += part.holds(u);
            }
            EXPECT_EQ(next, units);
            EXPECT_EQ(dealt, std::vector<int>(units, 1));
        }
}

struct Made {
    UnitRange range;
};

TEST(Part, RangesOfAllUnitsArePutInOrder) {
    std::vector<Made> parts{{{5, 5}}, {{2, 5}}, {{0, 2}}, {{5, 9}}};
    ASSERT_TRUE(put_in_order(parts, 9, "restarts"));
    std::vector<UnitRange> ranges;
    for (const Made& part : parts) ranges.push_back(part.range);
    EXPECT_EQ(ranges, (std::vector<UnitRange>{{0, 2}, {2, 5}, {5, 5}, {5, 9}}));
}

TEST(Part, RangesWithAGapOrAnOverlapAreNamed) {
    const auto said = [](std::vector<UnitRange> ranges) { return render(check_ranges(ranges, 9, "inputs").error()); };
    EXPECT_NE(said({{0, 2}, {3, 9}}).find("inputs 3 to 9 next to 2"), std::string::npos);
    EXPECT_NE(said({{0, 4}, {3, 9}}).find("expected each of the inputs once"), std::string::npos);
    EXPECT_NE(said({{0, 4}}).find("inputs up to 4; expected all 9 of them"), std::string::npos) << said({{0, 4}});
}

TEST(Part, OfManyUnitsEndsWhereTheyEnd) {
    const std::uint64_t most = ~std::uint64_t{0};
    EXPECT_EQ(range_of({most_parts, most_parts}, most).end, most);
}

class PartFolder : public Scratch {
protected:
    static Manifest manifest(std::size_t number, std::size_t count = 3) {
        return {.version = "1", .target = "avx2", .command = "tune", .arguments = {"--task=inc"}, .inputs = {{"init", "aa"}},
                .part = {number, count}};
    }
    void keep(const Manifest& manifest) const {
        const std::string folder = folder_of_part(folder_.string(), manifest.part);
        ASSERT_TRUE(make_folder(folder));
        ASSERT_TRUE(save_manifest(folder, manifest));
    }
    std::string found() const { return complaint(find_parts(folder_.string()), folder_.parent_path()); }
};

TEST_F(PartFolder, NamesWhatIsMissing) {
    EXPECT_THAT(found(), testing::HasSubstr("no parts"));
    for (const std::size_t number : {1, 4, 9}) keep(manifest(number, 9));
    ASSERT_TRUE(make_folder(folder_of_part(folder_.string(), {5, 9}))); // begun and not finished
    EXPECT_THAT(found(), testing::HasSubstr("3 of 9 parts; missing: 2-3,5-8; expected"));
}

TEST_F(PartFolder, GivesAllPartsByNumber) {
    for (std::size_t number = 12; number >= 1; --number) keep(manifest(number, 12));
    const auto parts = find_parts(folder_.string());
    ASSERT_TRUE(parts);
    EXPECT_EQ(parts->manifest, manifest(1, 12));
    EXPECT_THAT(parts->folders.at(9), testing::EndsWith("10-of-12"));
    EXPECT_EQ(parts->folders.size(), 12u);
}

TEST_F(PartFolder, RefusesAMixtureAndNamesBoth) {
    for (const auto& [change, words] : std::vector<std::pair<std::function<void(Manifest&)>, std::vector<std::string>>>{
             {[](Manifest& m) { m.version = "2"; }, {"version 1", "version 2"}},
             {[](Manifest& m) { m.target = "neon"; }, {"avx2", "neon"}},
             {[](Manifest& m) { m.command = "verify"; }, {"command tune", "command verify"}},
             {[](Manifest& m) { m.arguments = {"--task=dec"}; }, {"--task=inc", "--task=dec"}},
             {[](Manifest& m) { m.arguments.push_back("--seed=1"); }, {"nothing there", "--seed=1"}},
             {[](Manifest& m) { m.inputs["init"] = "bb"; }, {"init with SHA-256 aa", "init with SHA-256 bb"}}}) {
        for (const std::size_t number : {1, 3}) keep(manifest(number));
        Manifest other = manifest(2);
        change(other);
        keep(other);
        for (const std::string& word : words) EXPECT_THAT(found(), testing::HasSubstr(word));
        EXPECT_THAT(found(), testing::HasSubstr("2-of-3"));
    }
    keep(manifest(2));
    EXPECT_TRUE(find_parts(folder_.string()));
    keep(manifest(1, 4));
    EXPECT_THAT(found(), testing::HasSubstr("parts of two cuts"));
}

TEST_F(PartFolder, RefusesAManifestThatIsNone) {
    keep(manifest(1, 1));
    const std::string file = folder_of_part(folder_.string(), {1, 1}) + "/part.json";
    for (const char* text : {"", "[]", "{}", "{\"format\": \"ropewalk-part\"}", "{\"format\": 3}"}) {
        ASSERT_TRUE(write_file(file, text, Overwrite::allow));
        EXPECT_FALSE(find_parts(folder_.string())) << text;
    }
    std::filesystem::create_directories(path("parts/2-of-2"));
    std::filesystem::remove_all(path("parts/1-of-1"));
    ASSERT_TRUE(save_manifest(path("parts/2-of-2"), manifest(1, 2)));
    std::filesystem::create_directories(path("parts/1-of-2"));
    ASSERT_TRUE(save_manifest(path("parts/1-of-2"), manifest(1, 2)));
    EXPECT_THAT(found(), testing::HasSubstr("the manifest of part 1/2"));
}

} // namespace
} // namespace ropewalk::base
