#include "ropewalk/base/chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace ropewalk::base {

namespace {

constexpr double left = 62, right = 408, top = 14, bottom = 290;
constexpr double width = 420, height = 340;

/// The part of an axis that is shown, in the axis's own measure: logarithms where it is logarithmic.
struct Range {
    double low = 0, high = 1;
    double share(double value) const { return (value - low) / (high - low); }
};

class Scale {
public:
    Scale(const ChartAxis& axis, const std::vector<double>& values) : axis_(axis) {
        Range range{INFINITY, -INFINITY};
        for (const double value : values) {
            const double measured = measure(value);
            if (std::isfinite(measured))
                range = {std::min(range.low, measured), std::max(range.high, measured)};
        }
        if (!(range.low < range.high)) {
            const double middle = std::isfinite(range.low) ? range.low : 0;
            const double half = std::max(1.0, std::abs(middle) * 1e-9);
            range = {middle - half, middle + half};
        }
        const double margin = 0.04 * (range.high - range.low);
        range_ = {range.low - margin, range.high + margin};
    }

    double share(double value) const { return range_.share(measure(value)); }
    bool shows(double value) const { return std::isfinite(measure(value)); }
    const std::string& name() const { return axis_.name; }

    /// Round values within the range.
    std::vector<double> ticks() const {
        const double span = range_.high - range_.low;
        double step = std::pow(10.0, std::floor(std::log10(span / 4)));
        for (const double factor : {5.0, 2.5, 2.0})
            if (span / (step * factor) >= 3.5) {
                step *= factor;
                break;
            }
        if (axis_.logarithmic || axis_.whole) step = std::max(1.0, std::round(step));
        std::vector<double> values;
        for (double k = std::ceil(range_.low / step); k * step <= range_.high && values.size() < 12; ++k)
            values.push_back(axis_.logarithmic ? std::pow(10.0, k * step) : k * step);
        return values;
    }

private:
    double measure(double value) const { return axis_.logarithmic ? std::log10(value) : value; }

    ChartAxis axis_;
    Range range_;
};

/// As attributes, which the style of a page that holds the picture overrides.
const char* colour_of(int colour) {
    static constexpr std::array colours{"class='given' color='#2a5599'", "class='answer' color='#c43d00'",
                                        "class='other' color='#5b8a3a'"};
    return colours[static_cast<std::size_t>(std::clamp(colour, 0, 2))];
}

std::string frame(const Scale& x, const Scale& y) {
    std::string text = fmt::format("<path d='M{0} {2}V{3}H{1}' fill='none' stroke='currentColor'/>\n", left,
                                   right, top, bottom);
    for (const double value : x.ticks()) {
        const double at = left + (right - left) * x.share(value);
        text += fmt::format("<path d='M{0:.1f} {1}v4' stroke='currentColor'/><text x='{0:.1f}' y='{2}' "
                            "text-anchor='middle'>{3:.4g}</text>\n",
                            at, bottom, bottom + 16, value == 0 ? 0 : value);
    }
    for (const double value : y.ticks()) {
        const double at = bottom - (bottom - top) * y.share(value);
        text += fmt::format("<path d='M{1} {0:.1f}h-4' stroke='currentColor'/><text x='{2}' y='{3:.1f}' "
                            "text-anchor='end'>{4:.4g}</text>\n",
                            at, left, left - 7, at + 4, value == 0 ? 0 : value);
    }
    text += fmt::format("<text x='{:.0f}' y='{}' text-anchor='middle'>{}</text>\n", (left + right) / 2,
                        height - 12, escaped_markup(x.name()));
    return text + fmt::format("<text x='13' y='{0:.0f}' text-anchor='middle' transform='rotate(-90 13 "
                              "{0:.0f})'>{1}</text>\n",
                              (top + bottom) / 2, escaped_markup(y.name()));
}

std::string drawn(const ChartSeries& series, const Scale& x, const Scale& y) {
    std::string dots, line;
    double last = 0;
    for (const auto& [px, py] : series.points) {
        if (!x.shows(px) || !y.shows(py)) continue;
        const double at_x = left + (right - left) * x.share(px);
        const double at_y = bottom - (bottom - top) * y.share(py);
        if (series.kind == ChartSeries::Kind::dots) {
            dots += fmt::format("<circle cx='{:.1f}' cy='{:.1f}' r='2.6'/>", at_x, at_y);
            continue;
        }
        if (series.kind == ChartSeries::Kind::steps && !line.empty())
            line += fmt::format(" {:.1f},{:.1f}", at_x, last);
        line += fmt::format("{}{:.1f},{:.1f}", line.empty() ? "" : " ", at_x, at_y);
        last = at_y;
    }
    const char* colour = colour_of(series.colour);
    const std::string title = series.name.empty() ? "" : "<title>" + escaped_markup(series.name) + "</title>";
    if (!line.empty())
        return fmt::format(
            "<polyline {} fill='none' stroke='currentColor' stroke-width='1.8' points='{}'>{}</polyline>\n",
            colour, line, title);
    return fmt::format("<g {} fill='currentColor' fill-opacity='0.65'>{}{}</g>\n", colour, title, dots);
}

std::string body(const Chart& chart) {
    std::vector<double> xs, ys;
    for (const ChartSeries& series : chart.series)
        for (const auto& [px, py] : series.points) {
            if (!std::isfinite(px) || !std::isfinite(py)) continue;
            xs.push_back(px);
            ys.push_back(py);
        }
    const Scale x(chart.x, xs), y(chart.y, ys);
    std::string text = frame(x, y);
    for (const ChartSeries& series : chart.series) text += drawn(series, x, y);
    return text;
}

} // namespace

std::string escaped_markup(std::string_view text) {
    std::string result;
    for (const char c : text) {
        switch (c) {
        case '<': result += "&lt;"; break;
        case '>': result += "&gt;"; break;
        case '&': result += "&amp;"; break;
        case '"': result += "&quot;"; break;
        case '\'': result += "&#39;"; break;
        default:
            if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n')
                result += "\xEF\xBF\xBD";
            else
                result += c;
        }
    }
    return result;
}

std::string to_svg(const Chart& chart) {
    return fmt::format(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {} {}' role='img' "
        "font-family='sans-serif' font-size='12' class='ink' color='#444' fill='currentColor'>\n"
        "<title>{}</title>\n{}</svg>\n",
        width, height, escaped_markup(chart.title), body(chart));
}

std::string to_svg_file(const std::string& caption, const std::vector<Chart>& charts) {
    const double all = width * static_cast<double>(charts.size());
    std::string text = fmt::format(
        "<svg xmlns='http://www.w3.org/2000/svg' width='{0}' height='{1}' font-family='sans-serif' "
        "font-size='12' color='#444' fill='currentColor'>\n<rect width='{0}' height='{1}' fill='white'/>\n"
        "<text x='{2}' y='24'>{3}</text>\n",
        all, height + 36, left, escaped_markup(caption));
    for (std::size_t i = 0; i < charts.size(); ++i)
        text += fmt::format("<g transform='translate({} 36)'><title>{}</title>\n{}</g>\n",
                            width * static_cast<double>(i), escaped_markup(charts[i].title), body(charts[i]));
    return text + "</svg>\n";
}

} // namespace ropewalk::base
