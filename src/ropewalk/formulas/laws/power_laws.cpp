#include "ropewalk/formulas/laws/power_laws.hpp"

#include <algorithm>
#include <cmath>

#include "ropewalk/formulas/laws/sparse_regression.hpp"
#include "ropewalk/formulas/laws/term_library.hpp"
#include "ropewalk/formulas/laws/views.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;

double rounded_exponent(double exponent, double unit) { return std::round(exponent / unit) * unit; }

} // namespace

std::vector<Program> product_programs(const LawContext& context, const Part& part, double logarithm,
                                      const std::vector<int>& chosen, const std::vector<double>& exponents,
                                      const std::vector<std::pair<Program, double>>& others, double sign) {
    std::vector<Program> programs;
    for (const double unit : {0.5, 1.0 / 3, 0.0}) {
        const auto rounded = [unit](double e) {
            return unit == 0 ? e : std::abs(e) < 0.08 ? 0 : rounded_exponent(e, unit);
        };
        Program over = constant(context.variables(), 1), under = over;
        const auto multiply = [&](const Program& base, double exponent) {
            if (exponent == 0) return;
            Program& side = exponent < 0 ? under : over;
            side = product_of(side, to_power(base, std::abs(exponent)));
        };
        for (std::size_t k = 0; k < chosen.size(); ++k)
            multiply(variable(context.variables(), chosen[k]), rounded(exponents[k]));
        for (const auto& [program, exponent] : others) multiply(program, rounded(exponent));
        const double scale = sign * std::exp(std::clamp(logarithm, -600.0, 600.0));
        const Program body = quotient_of(over, under);
        Program scaled = part.whole(body);
        // The factor that fits best beside rounded exponents.
        const std::vector<double> values = evaluate_columns(scaled, context.screen.inputs);
        const AffineFit fit = scale_fit(values, context.screen.target);
        const double factor = std::isfinite(fit.scale) && fit.scale != 0 ? fit.scale : scale;
        programs.push_back(product_of(constant(context.variables(), factor), scaled));
        if (fit.scale != 0) programs.push_back(std::move(scaled));
    }
    return programs;
}

std::vector<Program> log_sum_programs(const LawContext& context, double offset,
                                      const std::vector<int>& chosen, const std::vector<double>& exponents,
                                      const std::vector<std::pair<Program, double>>& others,
                                      const std::function<bool(std::size_t)>& plain) {
    std::vector<Program> programs;
    for (const bool round : {true, false}) {
        const auto rounded = [&](double e) { return round ? rounded_exponent(e, 0.5) : e; };
        std::vector<std::pair<double, Program>> terms;
        for (std::size_t k = 0; k < chosen.size(); ++k)
            if (rounded(exponents[k]) != 0)
                terms.emplace_back(rounded(exponents[k]),
                                   combine(Operator::logarithm, variable(context.variables(), chosen[k])));
        for (std::size_t k = 0; k < others.size(); ++k) {
            if (plain(k))
                terms.emplace_back(others[k].second, others[k].first);
            else if (rounded(others[k].second) != 0)
                terms.emplace_back(rounded(others[k].second), combine(Operator::logarithm, others[k].first));
        }
        terms.emplace_back(offset, constant(context.variables(), 1));
        programs.push_back(sum_of(context.variables(), terms));
    }
    return programs;
}

std::vector<Program> power_programs(const LawContext& context, const Part& part) {
    const std::vector<int> chosen = logarithmic(context, part);
    if (chosen.empty()) return {};
    const ArrayXd y = Eigen::Map<const ArrayXd>(part.problem.target.data(), part.weights.size());
    if ((y == 0).any() && (y == 0).count() * 4 > y.size()) return {};
    std::vector<Program> programs;
    const double scale = y.abs().maxCoeff();
    const ArrayXd logarithm = y.abs().max(1e-300).log();
    // Equal errors of y, and equal relative errors.
    for (const bool relative : {false, true}) {
        ArrayXd weights = part.weights;
        if (!relative) weights *= y.abs() / scale;
        weights = (y == 0).select(0.0, weights);
        const MatrixXd forced = log_columns(part, chosen, weights);
        const SparseFit fit =
            least_squares(MatrixXd(y.size(), 0), (logarithm * weights).matrix(), forced, {});
        const auto more = product_programs(
            context, part, fit.forced_coefficients[0], chosen,
            {fit.forced_coefficients.begin() + 1, fit.forced_coefficients.end()}, {}, sign_of(part.problem));
        programs.insert(programs.end(), more.begin(), more.end());
    }
    return programs;
}

std::vector<Program> offset_programs(const LawContext& context, const Part& part) {
    if (has_units(context, part) && *part.problem.target_unit != Unit{}) return {};
    const std::vector<int> logs = logarithmic(context, part);
    if (logs.empty()) return {};
    std::vector<Program> programs;
    for (const View& view :
         views_of(part.problem.target, part.problem.target_unit, context.options.operators)) {
        if (context.stopped()) break;
        const double low = view.values.minCoeff(), high = view.values.maxCoeff(), span = high - low;
        std::vector<double> offsets{1, -1, 2, -2, 0.5, -0.5};
        // Through y and its powers this is a product of powers.
        if (!view.is_power()) offsets.push_back(0);
        for (const double share : {0.001, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0}) {
            offsets.push_back(low - share * span);
            offsets.push_back(high + share * span);
        }
        struct Trial {
            double error = 0, offset = 0, sign = 1;
            SparseFit fit;
        };
        std::vector<Trial> trials;
        for (const double offset : offsets) {
            const ArrayXd rest = view.values.array() - offset;
            const double sign = rest.sum() < 0 ? -1 : 1;
            if ((rest * sign < 0).count() * 20 > rest.size()) continue;
            const ArrayXd magnitude = (rest * sign).max(1e-6 * span);
            const ArrayXd weights = magnitude * view.weights.array() * part.weights;
            const MatrixXd forced = log_columns(part, logs, weights);
            Trial trial{
                0, offset, sign,
                least_squares(MatrixXd(rest.size(), 0), (magnitude.log() * weights).matrix(), forced, {})};
            // Errors of u, so that offsets compare.
            trial.error = trial.fit.squared_error;
            trials.push_back(std::move(trial));
        }
        std::stable_sort(trials.begin(), trials.end(),
                         [](const Trial& a, const Trial& b) { return a.error < b.error; });
        for (std::size_t i = 0; i < std::min<std::size_t>(3, trials.size()); ++i)
            for (const double unit : {0.5, 0.0}) {
                const Trial& trial = trials[i];
                std::vector<std::pair<int, double>> powers;
                for (std::size_t k = 0; k < logs.size(); ++k) {
                    const double e = trial.fit.forced_coefficients[k + 1];
                    const double exponent = unit > 0 ? rounded_exponent(e, unit) : e;
                    if (exponent != 0) powers.emplace_back(logs[k], exponent);
                }
                if (powers.empty()) continue;
                const double factor =
                    trial.sign * std::exp(std::clamp(trial.fit.forced_coefficients[0], -600.0, 600.0));
                programs.push_back(part.whole(view.program(
                    sum_of(context.variables(), {{factor, monomial(context.variables(), powers)},
                                                 {trial.offset, constant(context.variables(), 1)}}))));
            }
    }
    return programs;
}

} // namespace ropewalk::formula
