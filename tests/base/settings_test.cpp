// Settings described once: checks and JSON.
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/settings_json.hpp"

namespace ropewalk::base {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Json = nlohmann::ordered_json;

enum class Place { loop, start };

struct Inner {
    double rate = 0.1;
    bool odd = false;

    static constexpr auto fields = base::fields(field<&Inner::rate>("rate", "the rate", above(0.0, 100.0)),
                                                field<&Inner::odd>("odd", "is odd"));
};

struct Options {
    Run run;
    int restarts = 100;
    std::size_t tasks = 3;
    Inner inner{.rate = 0.3};
    Place place = Place::loop;
    std::optional<double> weight;
    std::string name = "x";
    std::vector<double> letters;

    static constexpr auto fields = base::fields(
        group<&Options::run>(),
        field<&Options::restarts>("restarts", "independent restarts", within(1, 1000)),
        field<&Options::tasks>("tasks", "tasks", at_least(std::size_t{1})), group<&Options::inner>(),
        field<&Options::place>("place", "where",
                               named<Place>({{"loop", Place::loop}, {"start", Place::start}})),
        field<&Options::weight>("weight", "its weight", within(0.0, 1e6)),
        field<&Options::name>("name", "its name", one_of("x", "y")),
        field<&Options::letters>("letters", "letters"));
};

TEST(Settings, AreAllRightAsTheyAreInitially) { EXPECT_TRUE(check_settings(Options{})); }

TEST(Settings, OutOfRangeAreAllNamedAtOnce) {
    const Diagnostics found = violations(Options{.run = {.seconds = -1},
                                                 .restarts = 0,
                                                 .tasks = 0,
                                                 .inner = {.rate = std::nan("")},
                                                 .weight = 1e9,
                                                 .name = "z"});
    EXPECT_EQ(render(found), "setting `seconds`: -1; expected 0 to 10000000\n"
                             "setting `restarts`: 0; expected 1 to 1000\n"
                             "setting `tasks`: 0; expected 1 or more\n"
                             "setting `rate`: nan; expected above 0, at most 100\n"
                             "setting `weight`: 1000000000; expected 0 to 1000000\n"
                             "setting `name`: a value without a name; expected x or y\n");
}

TEST(Settings, ComeBackFromJson) {
    const Options options{.run = {.seed = ~std::uint64_t{0}, .threads = 3},
                          .restarts = 7,
                          .inner = {.rate = 0.1, .odd = true},
                          .place = Place::start,
                          .weight = 0.5,
                          .name = "y",
                          .letters = {0, 0.1}};
    const Json json = settings_to_json(options);
    const auto read = settings_from_json<Options>(Json::parse(json.dump()), "file");
    ASSERT_TRUE(read) << render(read.error());
    EXPECT_EQ(settings_to_json(*read), json);
    EXPECT_EQ(json["place"], "start");
    EXPECT_EQ(json["rate"], 0.1) << "settings of a struct within stand beside the others";
    EXPECT_EQ(settings_to_json(Options{})["weight"], nullptr);
}

TEST(Settings, ThatJsonDoesNotNameStayAsTheyAreInitially) {
    const auto read = settings_from_json<Options>(Json{{"restarts", 5}}, "file");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->restarts, 5);
    EXPECT_EQ(read->inner.rate, 0.3);
}

TEST(Settings, OfJsonThatAreWrongAreAllNamedAtOnce) {
    const auto read = settings_from_json<Options>(
        Json{{"restart", 3}, {"restarts", 1.5}, {"tasks", -1}, {"place", "end"}, {"odd", 1}}, "file");
    ASSERT_FALSE(read);
    EXPECT_EQ(render(read.error()), "file: restarts 1.5; expected 1 to 1000\n"
                                    "file: tasks -1; expected 1 or more\n"
                                    "file: odd 1; expected true or false\n"
                                    "file: place 'end'; expected loop or start\n"
                                    "file: unknown setting 'restart'; expected 'restarts'\n");
    EXPECT_FALSE(settings_from_json<Options>(Json::array(), "file"));
    EXPECT_FALSE(settings_from_json<Options>(Json{{"threads", 4294967297}}, "file")) << "no int holds it";
}

TEST(Settings, TellWhatTheyAre) {
    const auto rows = setting_rows<Inner>();
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0].name, "rate");
    EXPECT_EQ(rows[0].initially, "0.1");
    EXPECT_EQ(rows[0].range, "above 0, at most 100");
    EXPECT_EQ(rows[1].range, "true or false");
}

} // namespace
} // namespace ropewalk::base
