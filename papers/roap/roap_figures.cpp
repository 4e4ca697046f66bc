#include "papers/roap/roap_figures.hpp"

#include <cmath>

#include <fmt/format.h>

namespace ropewalk::papers {

namespace {

/// Trains a row per value; `change` applies a value to the training.
base::Result<RoapFigure> figure_of(const std::string& experiment, const std::vector<double>& values,
                                   RoapTable1Options options, void (*change)(papers::RoapOptions&, double)) {
    options.experiment = experiment;
    std::vector<RoapRowKind> kinds;
    for (const double value : values)
        kinds.push_back(
            {.name = fmt::format("{}", value),
             .paper = {},
             .change = [value, change](papers::RoapOptions& training) { change(training, value); }});
    return roap_rows(kinds, options).map([&](RoapRows rows) {
        RoapFigure figure{experiment, options.training.symbols_given, learning::to_json(options.settings),
                          values,     std::move(rows.rows),           rows.complete};
        figure.values.resize(figure.rows.size());
        return figure;
    });
}

} // namespace

base::Result<RoapFigure> roap_fig5(const std::vector<double>& lines, RoapTable1Options options) {
    for (const double value : lines)
        if (!(value >= 1) || value > 1000 || value != std::floor(value))
            return base::failure("--values", fmt::format("{:g}", value), "whole numbers from 1 to 1000");
    return figure_of(
        "roap-fig5", lines.empty() ? std::vector<double>{3, 5, 10, 15, 30} : lines, std::move(options),
        [](papers::RoapOptions& training, double value) { training.model.lines = static_cast<int>(value); });
}

base::Result<RoapFigure> roap_fig6(const std::vector<double>& lambdas, RoapTable1Options options) {
    for (const double value : lambdas)
        if (!(value >= 0) || !std::isfinite(value))
            return base::failure("--values", fmt::format("{:g}", value), "0 or more");
    return figure_of("roap-fig6", lambdas.empty() ? std::vector<double>{0, 2e-4, 2e-3} : lambdas,
                     std::move(options),
                     [](papers::RoapOptions& training, double value) { training.lambda = value; });
}

} // namespace ropewalk::papers
