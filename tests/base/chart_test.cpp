#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/base/chart.hpp"

namespace ropewalk::base {
namespace {

using testing::HasSubstr;
using testing::Not;

Chart chart_of(std::vector<std::pair<double, double>> points, bool logarithmic = false) {
    return {.title = "t",
            .x = {"x"},
            .y = {"y", logarithmic},
            .series = {{.name = "s", .points = std::move(points)}}};
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

TEST(Chart, DrawsEveryFinitePoint) {
    const std::string svg = to_svg(chart_of({{0, 1}, {1, 2}, {2, NAN}, {INFINITY, 3}, {3, -4}}));
    EXPECT_EQ(count(svg, "<circle"), 3u);
    EXPECT_THAT(svg, Not(HasSubstr("nan")));
    EXPECT_THAT(svg, Not(HasSubstr("inf")));
}

TEST(Chart, LeavesOutWhatALogarithmCannotShow) {
    EXPECT_EQ(count(to_svg(chart_of({{0, 1e-9}, {1, 0}, {2, -1}, {3, 10}}, true)), "<circle"), 2u);
}

TEST(Chart, ShowsOnePointAndNone) {
    EXPECT_EQ(count(to_svg(chart_of({{5, 5}})), "<circle"), 1u);
    EXPECT_EQ(count(to_svg(chart_of({})), "<circle"), 0u);
    EXPECT_THAT(to_svg(chart_of({{1e300, -1e300}})), Not(HasSubstr("nan")));
}

TEST(Chart, EscapesNames) {
    Chart chart = chart_of({{0, 0}});
    chart.title = "<script>alert('x')</script>";
    chart.x.name = "a & b";
    const std::string svg = to_svg(chart);
    EXPECT_THAT(svg, Not(HasSubstr("<script>")));
    EXPECT_THAT(svg, HasSubstr("&lt;script&gt;alert(&#39;x&#39;)"));
    EXPECT_THAT(svg, HasSubstr("a &amp; b"));
}

TEST(Chart, TicksAreRound) {
    EXPECT_THAT(to_svg(chart_of({{0, 0}, {10, 1}})), HasSubstr(">0.5</text>"));
    EXPECT_THAT(to_svg(chart_of({{0, 1e-6}, {1, 1}}, true)), HasSubstr(">0.0001</text>"));
}

} // namespace
} // namespace ropewalk::base
