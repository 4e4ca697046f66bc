#include "ropewalk/formulas/laws/form_fit.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <map>
#include <numbers>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/least_squares.hpp"
#include "ropewalk/formulas/laws/number_fit.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/formulas/text/text.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t start_rows = 300, start_count = 3000, descents = 16;

/// c1, c2, ... that occur in a text, by number, without the names of columns.
std::vector<std::string> constants_in(std::string_view text, std::span<const std::string> names) {
    const auto part_of_name = [](char c) {
        return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               static_cast<unsigned char>(c) >= 0x80;
    };
    std::map<std::pair<std::size_t, std::string>, bool> found;
    bool quoted = false;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '`') quoted = !quoted;
        std::size_t end = at;
        while (end < text.size() && part_of_name(text[end])) ++end;
        const std::string word(text.substr(at, end - at));
        at = std::max(end, at + 1);
        const bool numbered =
            word.size() > 1 && word.size() < 8 && word[0] == 'c' &&
            std::all_of(word.begin() + 1, word.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (numbered && !quoted && std::find(names.begin(), names.end(), word) == names.end())
            found[{word.size(), word}] = true;
    }
    std::vector<std::string> constants;
    for (const auto& [key, present] : found) constants.push_back(key.second);
    return constants;
}

/// Values of the form with some constants, on every row.
VectorXd values_of(const Form& form, const std::vector<double>& constants, const Problem& problem) {
    Program program = form.program;
    for (std::size_t k = 0; k < constants.size(); ++k) program.lines[form.lines[k]].value = constants[k];
    const std::vector<double> values = evaluate_columns(program, problem.inputs);
    return Eigen::Map<const VectorXd>(values.data(), static_cast<Index>(values.size()));
}

/// Constants that the form is linear in together, as far as a few random points tell.
std::vector<std::size_t> linear_constants(const Form& form, const Problem& problem, std::uint64_t seed) {
    const std::size_t count = form.constants.size();
    std::vector<std::size_t> linear;
    const auto bends = [&](std::size_t i, std::size_t j) {
        int judged = 0;
        for (std::uint64_t trial = 1; trial < 13; ++trial) {
            base::RandomStream random(seed, base::Purpose::constant_start, trial << 48 | i << 40 | j << 32);
            std::vector<double> at(count);
            for (double& each : at) each = 0.3 + random.uniform();
            const auto moved = [&](double first, double second) {
                std::vector<double> there = at;
                there[i] += first;
                there[j] += second;
                return values_of(form, there, problem);
            };
            const VectorXd none = moved(0, 0), one = moved(0.5, 0), other = moved(0, 0.25),
                           both = moved(0.5, 0.25);
            const VectorXd second = both - one - other + none;
            if (!second.allFinite()) continue;
            ++judged;
            const double scale = none.cwiseAbs().maxCoeff() + both.cwiseAbs().maxCoeff() + 1e-300;
            if (second.cwiseAbs().maxCoeff() > 1e-9 * scale) return true;
        }
        return judged == 0;
    };
    for (std::size_t k = 0; k < count; ++k) {
        bool together = !bends(k, k);
        for (const std::size_t other : linear) together = together && !bends(k, other);
        if (together) linear.push_back(k);
    }
    return linear;
}

/// The linear constants that fit best beside the others; false where values are not finite.
bool project(const Form& form, const std::vector<std::size_t>& linear, const Problem& problem,
             std::vector<double>& constants, double& error) {
    for (const std::size_t k : linear) constants[k] = 0;
    const VectorXd base = values_of(form, constants, problem);
    const auto rows = base.size();
    VectorXd weights = VectorXd::Ones(rows);
    if (!problem.weights.empty())
        weights = Eigen::Map<const VectorXd>(problem.weights.data(), rows).cwiseSqrt();
    const VectorXd target = Eigen::Map<const VectorXd>(problem.target.data(), rows);
    VectorXd rest = (target - base).cwiseProduct(weights);
    if (!linear.empty()) {
        MatrixXd columns(rows, static_cast<Index>(linear.size()));
        for (std::size_t j = 0; j < linear.size(); ++j) {
            std::vector<double> one = constants;
            one[linear[j]] = 1;
            columns.col(static_cast<Index>(j)) = (values_of(form, one, problem) - base).cwiseProduct(weights);
        }
        if (!columns.allFinite() || !rest.allFinite()) return false;
        const VectorXd solution = PivotedQr(columns).solve(rest);
        for (std::size_t j = 0; j < linear.size(); ++j)
            constants[linear[j]] = solution[static_cast<Index>(j)];
        rest -= columns * solution;
    }
    error = rest.squaredNorm();
    return std::isfinite(error);
}

/// A start: magnitudes of all scales, and as often a frequency that the rows can tell.
double start_of(base::RandomStream& random, double widest, double rows) {
    if (random.below(3) == 0)
        return 2 * std::numbers::pi * random.uniform() * std::min(rows / 2, 500.0) / widest;
    const double magnitude = std::pow(10.0, -4 + 8 * random.uniform());
    return (random.below(4) == 0 ? -1 : 1) * (random.below(2) == 0 ? magnitude : magnitude / widest);
}

/// A number with the digits that its standard error leaves, two more than it is sure of.
double rounded(double value, double error) {
    if (!(error > 0) || !std::isfinite(error) || value == 0) return value;
    const double decade = std::floor(std::log10(std::abs(value))) - std::floor(std::log10(error));
    const int digits = static_cast<int>(std::clamp(decade + 4, 1.0, 17.0));
    char text[40];
    std::snprintf(text, sizeof text, "%.*e", digits - 1, value);
    return std::strtod(text, nullptr);
}

} // namespace

base::Result<Form> parse_form(std::string_view text, std::span<const std::string> names) {
    Form form;
    form.constants = constants_in(text, names);
    if (form.constants.empty())
        return base::failure("form", "no constant to fit", "constants c1, c2, ... as in c1*exp(-c2*x)");
    std::vector<std::string> all(names.begin(), names.end());
    all.insert(all.end(), form.constants.begin(), form.constants.end());
    const auto parsed = parse_formula(text, all);
    if (!parsed) {
        base::Diagnostics diagnostics = parsed.error();
        for (base::Diagnostic& each : diagnostics) each.file = "form";
        return tl::make_unexpected(std::move(diagnostics));
    }
    // Slots of constants become lines in front.
    const auto columns = static_cast<int>(names.size()), count = static_cast<int>(form.constants.size());
    form.program.variables = columns;
    for (int k = 0; k < count; ++k) {
        form.lines.push_back(static_cast<std::size_t>(k));
        form.program.lines.push_back({Operator::constant, 0, 0, 1});
    }
    form.program.lines.insert(form.program.lines.end(), parsed->lines.begin(), parsed->lines.end());
    if (parsed->lines.empty())
        form.program.lines.push_back({Operator::no_operation, parsed->result_variable, 0, 0});
    return form;
}

base::Result<FittedForm> fit_form(const Form& form, const Problem& original, Loss loss,
                                  const base::Run& run) {
    Problem problem = original;
    problem.weights = first_weights(original, loss);
    const base::Stopwatch watch;
    const std::size_t count = form.constants.size(), rows = problem.target.size();
    if (rows < count)
        return base::failure("form", std::to_string(count) + " constants",
                             "at most one for each of the " + std::to_string(rows) + " rows");
    const Problem few = rows_of(problem, screening_rows(rows, start_rows, run.seed));
    const std::vector<std::size_t> linear = linear_constants(form, few, run.seed);
    double widest = 0;
    for (const auto& column : problem.inputs) {
        const auto [least, most] = std::minmax_element(column.begin(), column.end());
        widest = std::max(widest, *most - *least);
    }
    if (!(widest > 0)) widest = 1;
    struct Start {
        double error = 0;
        std::vector<double> constants;
    };
    std::vector<Start> starts(linear.size() == count ? 1 : start_count);
    base::parallel_for(starts.size(), run.threads, [&](std::size_t i) {
        starts[i].error = std::numeric_limits<double>::infinity();
        if (run.is_over(watch) && i > 0) return;
        base::RandomStream random(run.seed, base::Purpose::constant_start, i);
        std::vector<double> constants(count, 1);
        if (i > 0)
            for (double& each : constants) each = start_of(random, widest, static_cast<double>(rows));
        double error = 0;
        if (project(form, linear, few, constants, error)) starts[i] = {error, std::move(constants)};
    });
    std::stable_sort(starts.begin(), starts.end(),
                     [](const Start& a, const Start& b) { return a.error < b.error; });
    while (!starts.empty() && !std::isfinite(starts.back().error)) starts.pop_back();
    if (starts.empty())
        return base::failure("form", "no finite value on every row, whatever the constants",
                             "a form that is defined on all rows");
    if (starts.size() > descents) starts.resize(descents);
    std::vector<char> frozen(form.program.lines.size(), 1);
    for (const std::size_t line : form.lines) frozen[line] = 0;
    std::vector<Program> fitted(starts.size());
    std::vector<double> errors(starts.size(), std::numeric_limits<double>::infinity());
    base::parallel_for(starts.size(), run.threads, [&](std::size_t i) {
        if (run.is_over(watch) && i > 0) return;
        fitted[i] = form.program;
        for (std::size_t k = 0; k < count; ++k) fitted[i].lines[form.lines[k]].value = starts[i].constants[k];
        fitted[i] = fit_numbers(fitted[i], few, 200, frozen);
        fitted[i] = fit_numbers(fitted[i], problem, 60, frozen);
        if (loss != Loss::squared)
            fitted[i] =
                fit_by_loss(fitted[i], original, loss, frozen, [&] { return run.is_over(watch); }).program;
        const double size = loss_of(fitted[i], original, loss);
        if (std::isfinite(size)) errors[i] = size;
    });
    const auto best =
        static_cast<std::size_t>(std::min_element(errors.begin(), errors.end()) - errors.begin());
    if (!std::isfinite(errors[best]))
        return base::failure("form", "no finite value on every row with the constants that fit best on some",
                             "a form that is defined on all rows");
    problem.weights = weights_of(fitted[best], original, loss);
    FittedForm result{fitted[best], {}, {}, problem.weights, fit_of(fitted[best], problem)};
    const Curvature curvature = curvature_of(result.program, problem, frozen);
    const double freedom = std::max(1.0, static_cast<double>(rows) - static_cast<double>(count));
    const VectorXd scale = curvature.squares.diagonal().cwiseMax(1e-300).cwiseSqrt();
    MatrixXd scaled = curvature.squares;
    for (Index k = 0; k < scaled.rows(); ++k) scaled.row(k) /= scale[k], scaled.col(k) /= scale[k];
    const PivotedQr solver(scaled);
    const bool fixed = solver.rank() == scaled.cols();
    const Program whole = result.program;
    for (std::size_t k = 0; k < count; ++k) {
        const auto place = static_cast<Index>(k);
        result.standard_errors.push_back(
            fixed
                ? std::sqrt(std::max(0.0, solver.solve(VectorXd::Unit(scale.size(), place))[place]) *
                            curvature.squared_error / freedom) /
                      scale[place]
                : std::numeric_limits<double>::infinity());
        double& value = result.program.lines[form.lines[k]].value;
        value = rounded(value, result.standard_errors.back());
        result.constants.push_back(value);
    }
    result.fit = fit_of(result.program, problem);
    if (fit_of(whole, problem).exact && !result.fit.exact) {
        result.program = whole;
        result.fit = fit_of(whole, problem);
        for (std::size_t k = 0; k < count; ++k) result.constants[k] = whole.lines[form.lines[k]].value;
    }
    return result;
}

} // namespace ropewalk::formula
