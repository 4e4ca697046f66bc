#include "ropewalk/formulas/laws/fit_plot.hpp"

#include <algorithm>
#include <cmath>

#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

using base::Chart;
using base::ChartSeries;

constexpr std::size_t most_rows = 2000;
constexpr std::size_t curve_points = 400;

ChartSeries rows(const std::vector<double>& x, const std::vector<double>& y) {
    ChartSeries series{.name = "data", .points = {}};
    const std::size_t step = std::max<std::size_t>(1, y.size() / most_rows);
    for (std::size_t n = 0; n < y.size(); n += step) series.points.emplace_back(x[n], y[n]);
    return series;
}

/// The formula over the range of the one input that it reads.
ChartSeries curve(const Problem& problem, const Program& program, std::size_t input) {
    const auto [low, high] = std::minmax_element(problem.inputs[input].begin(), problem.inputs[input].end());
    std::vector<std::vector<double>> grid(problem.inputs.size(), std::vector<double>(curve_points, 0.0));
    for (std::size_t k = 0; k < curve_points; ++k)
        grid[input][k] =
            *low + (*high - *low) * static_cast<double>(k) / static_cast<double>(curve_points - 1);
    const std::vector<double> values = evaluate_columns(program, grid);
    // A pole between two rows is not to squeeze the data.
    const auto [least, most] = std::minmax_element(problem.target.begin(), problem.target.end());
    const double margin = 0.1 * (*most - *least);
    ChartSeries series{.name = "formula", .points = {}, .kind = ChartSeries::Kind::curve, .colour = 1};
    for (std::size_t k = 0; k < curve_points; ++k)
        if (values[k] >= *least - margin && values[k] <= *most + margin)
            series.points.emplace_back(grid[input][k], values[k]);
    return series;
}

} // namespace

Chart fit_chart(const Problem& problem, const Labels& labels, const Program& program) {
    const std::vector<bool> used = used_variables(program);
    if (std::count(used.begin(), used.end(), true) == 1) {
        const auto input = static_cast<std::size_t>(std::find(used.begin(), used.end(), true) - used.begin());
        return {.title = labels.target + " against " + labels.inputs[input] + ", with the formula",
                .x = {labels.inputs[input]},
                .y = {labels.target},
                .series = {rows(problem.inputs[input], problem.target), curve(problem, program, input)}};
    }
    const std::vector<double> values = evaluate_columns(program, problem.inputs);
    const auto [low, high] = std::minmax_element(problem.target.begin(), problem.target.end());
    return {.title = labels.target + " against what the formula gives",
            .x = {"formula"},
            .y = {labels.target},
            .series = {rows(values, problem.target),
                       {.name = "as given",
                        .points = {{*low, *low}, {*high, *high}},
                        .kind = ChartSeries::Kind::curve,
                        .colour = 1}}};
}

Chart front_chart(const std::vector<Found>& front, std::size_t best) {
    constexpr double least_error = 1e-17;
    ChartSeries line{.name = "front", .points = {}, .kind = ChartSeries::Kind::steps};
    ChartSeries all{.name = "formulas", .points = {}},
        answer{.name = "the answer", .points = {}, .colour = 1};
    for (std::size_t i = 0; i < front.size(); ++i) {
        const std::pair point{static_cast<double>(front[i].operators),
                              std::max(front[i].fit.rmse, least_error)};
        line.points.push_back(point);
        (i == best ? answer : all).points.push_back(point);
    }
    return {.title = "error of the best formula of each size",
            .x = {.name = "operators", .whole = true},
            .y = {"error (RMSE)", true},
            .series = {line, all, answer}};
}

std::string plot_of(const Problem& problem, const Labels& labels, const std::vector<Found>& front,
                    std::size_t best) {
    std::string caption = labels.target + " = " + to_infix(front[best].program, labels.inputs);
    // Not within a character of several bytes.
    std::size_t length = std::min<std::size_t>(caption.size(), 110);
    while (length < caption.size() && (static_cast<unsigned char>(caption[length]) & 0xC0) == 0x80) --length;
    caption.resize(length);
    return base::to_svg_file(caption,
                             {fit_chart(problem, labels, front[best].program), front_chart(front, best)});
}

} // namespace ropewalk::formula
