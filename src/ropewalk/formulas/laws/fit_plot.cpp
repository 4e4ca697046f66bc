#include "ropewalk/formulas/laws/fit_plot.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

struct Range {
    double low = 0, high = 1;
    double share(double value) const { return (value - low) / (high - low); }
};

Range range_of(const std::vector<double>& values) {
    Range range{INFINITY, -INFINITY};
    for (const double value : values)
        if (std::isfinite(value)) range = {std::min(range.low, value), std::max(range.high, value)};
    if (!(range.low < range.high)) {
        const double middle = std::isfinite(range.low) ? range.low : 0;
        return {middle - 1, middle + 1};
    }
    const double margin = 0.04 * (range.high - range.low);
    return {range.low - margin, range.high + margin};
}

std::string escaped(const std::string& text) {
    std::string result;
    for (const char c : text)
        result += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
    return result;
}

/// A panel of 400 by 320 with axes.
class Panel {
public:
    Panel(double left, Range x, Range y) : left_(left), x_(x), y_(y) {}

    double at_x(double value) const { return left_ + 60 + 320 * x_.share(value); }
    double at_y(double value) const { return 330 - 280 * y_.share(value); }

    std::string frame(const std::string& x_name, const std::string& y_name) const {
        std::string text = fmt::format(
            "<rect x='{:.1f}' y='50' width='320' height='280' fill='none' stroke='#888'/>\n", left_ + 60);
        text += fmt::format("<text x='{:.1f}' y='365' text-anchor='middle'>{}</text>\n", left_ + 220,
                            escaped(x_name));
        text += fmt::format(
            "<text x='{0:.1f}' y='190' text-anchor='middle' transform='rotate(-90 {0:.1f} 190)'>{1}</text>\n",
            left_ + 14, escaped(y_name));
        for (const double share : {0.0, 0.5, 1.0}) {
            const double x = x_.low + share * (x_.high - x_.low), y = y_.low + share * (y_.high - y_.low);
            text += fmt::format(
                "<text x='{:.1f}' y='346' text-anchor='middle' font-size='10'>{:.3g}</text>\n", at_x(x), x);
            text +=
                fmt::format("<text x='{:.1f}' y='{:.1f}' text-anchor='end' font-size='10'>{:.3g}</text>\n",
                            left_ + 56, at_y(y) + 3, y);
        }
        return text;
    }

    std::string dot(double x, double y, const char* colour, double radius) const {
        if (!std::isfinite(x) || !std::isfinite(y)) return {};
        return fmt::format("<circle cx='{:.1f}' cy='{:.1f}' r='{}' fill='{}' fill-opacity='0.6'/>\n", at_x(x),
                           at_y(y), radius, colour);
    }

    std::string curve(const std::vector<std::pair<double, double>>& points) const {
        std::string text = "<polyline fill='none' stroke='#c30' stroke-width='1.5' points='";
        for (const auto& [x, y] : points)
            if (std::isfinite(y))
                text += fmt::format("{:.1f},{:.1f} ", at_x(x), std::clamp(at_y(y), 0.0, 400.0));
        return text + "'/>\n";
    }

private:
    double left_;
    Range x_, y_;
};

} // namespace

std::string plot_of(const Problem& problem, const Labels& labels, const std::vector<Found>& front,
                    std::size_t best) {
    const Program& program = front[best].program;
    const std::vector<double> values = evaluate_columns(program, problem.inputs);
    const std::vector<bool> used = used_variables(program);
    const std::size_t step = std::max<std::size_t>(1, values.size() / 2000);
    std::string text = "<svg xmlns='http://www.w3.org/2000/svg' width='840' height='380' "
                       "font-family='sans-serif' font-size='12'>\n"
                       "<rect width='840' height='380' fill='white'/>\n";
    const std::string formula = labels.target + " = " + to_infix(program, labels.inputs);
    text += fmt::format("<text x='60' y='28'>{}</text>\n", escaped(formula.substr(0, 110)));
    const auto count = std::count(used.begin(), used.end(), true);
    if (count == 1) {
        const auto v = static_cast<std::size_t>(std::find(used.begin(), used.end(), true) - used.begin());
        const Panel panel(0, range_of(problem.inputs[v]), range_of(problem.target));
        text += panel.frame(labels.inputs[v], labels.target);
        for (std::size_t n = 0; n < values.size(); n += step)
            text += panel.dot(problem.inputs[v][n], problem.target[n], "#247", 2.2);
        std::vector<std::vector<double>> grid(problem.inputs.size(), std::vector<double>(400, 0.0));
        const auto [low, high] = std::minmax_element(problem.inputs[v].begin(), problem.inputs[v].end());
        for (std::size_t k = 0; k < 400; ++k)
            grid[v][k] = *low + (*high - *low) * static_cast<double>(k) / 399;
        const std::vector<double> line = evaluate_columns(program, grid);
        std::vector<std::pair<double, double>> points;
        for (std::size_t k = 0; k < 400; ++k) points.emplace_back(grid[v][k], line[k]);
        text += panel.curve(points);
    } else {
        const Panel panel(0, range_of(values), range_of(problem.target));
        text += panel.frame("formula", labels.target);
        for (std::size_t n = 0; n < values.size(); n += step)
            text += panel.dot(values[n], problem.target[n], "#247", 2.2);
        const Range both = range_of(values);
        text += panel.curve({{both.low, both.low}, {both.high, both.high}});
    }
    std::vector<double> sizes, errors;
    for (const Found& each : front) {
        sizes.push_back(static_cast<double>(each.operators));
        errors.push_back(std::log10(std::max(each.fit.rmse, 1e-17)));
    }
    const Panel panel(420, range_of(sizes), range_of(errors));
    text += panel.frame("operators", "log10 of the error (RMSE)");
    std::vector<std::pair<double, double>> points;
    for (std::size_t i = 0; i < front.size(); ++i) {
        points.emplace_back(sizes[i], errors[i]);
        text += panel.dot(sizes[i], errors[i], i == best ? "#c30" : "#247", i == best ? 6 : 4);
    }
    return text + panel.curve(points) + "</svg>\n";
}

} // namespace ropewalk::formula
