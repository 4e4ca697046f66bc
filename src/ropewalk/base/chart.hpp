// Charts as SVG text: points and curves between two axes.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ropewalk::base {

/// Text with what SVG and HTML would take for markup written as entities, quotes too; control characters but
/// tabs and newlines become U+FFFD.
std::string escaped_markup(std::string_view text);

struct ChartSeries {
    enum class Kind { dots, curve, steps };

    std::string name;
    std::vector<std::pair<double, double>> points; ///< what is not finite is left out
    Kind kind = Kind::dots;
    /// 0: what was given; 1: the answer; 2: something else.
    int colour = 0;
};

struct ChartAxis {
    std::string name;
    bool logarithmic = false; ///< values at most 0 are left out then
    bool whole = false;       ///< counts, which have no parts
};

/// Two axes and what stands between them.
struct Chart {
    std::string title; ///< what is seen, for those who do not see it
    ChartAxis x, y;
    std::vector<ChartSeries> series;
};

/// A picture of 420 by 340 units. Its colours are for a white ground; a page that holds it gives others to
/// the classes `ink`, `given`, `answer` and `other`.
std::string to_svg(const Chart& chart);

/// Charts beside each other as one SVG file on a white ground, with a caption above them.
std::string to_svg_file(const std::string& caption, const std::vector<Chart>& charts);

} // namespace ropewalk::base
