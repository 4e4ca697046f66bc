#include "ropewalk/formulas/laws/function_laws.hpp"

#include <algorithm>
#include <cmath>

#include "ropewalk/formulas/laws/golden_section.hpp"
#include "ropewalk/formulas/laws/least_squares.hpp"
#include "ropewalk/formulas/laws/power_laws.hpp"
#include "ropewalk/formulas/laws/sparse_regression.hpp"
#include "ropewalk/formulas/laws/sum_laws.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct Template {
    Operator kind = Operator::exponential;
    int shape = 0; ///< which of `value_of`
    std::size_t term = 0;
    double scale = 0;
    double error = 0;
    double coefficient = 1, second = 0, offset = 0;
    std::vector<double> exponents;
};

/// exp(u), exp(u) - 1, exp(u) + 1, cosh u, 1 + u, sin u, cos u, tanh u
ArrayXd value_of(int shape, const ArrayXd& u) {
    switch (shape) {
    case 0: return u.exp();
    case 1: return u.exp() - 1;
    case 2: return u.exp() + 1;
    case 3: return u.exp() + (-u).exp();
    case 4: return 1 + u;
    case 5: return u.sin();
    case 6: return u.cos();
    default: return u.tanh();
    }
}

/// The logarithm of the magnitude of `value_of`, finite where an exponential is not.
ArrayXd logarithm_of(int shape, const ArrayXd& u) {
    switch (shape) {
    case 0: return u;
    case 1: return u.max(0.0) + (-(-u.abs()).exp()).log1p().max(-600.0);
    case 2: return u.max(0.0) + (-u.abs()).exp().log1p();
    case 3: return u.abs() + (-2 * u.abs()).exp().log1p();
    default: return value_of(shape, u).abs().max(1e-12).log();
    }
}

/// Whether an exponential of u is beyond what numbers hold.
bool overflows(const ArrayXd& u) { return u.maxCoeff() > 700; }

Program program_of_shape(const LawContext& context, int shape, const Program& u) {
    const Program one = constant(context.variables(), 1);
    switch (shape) {
    case 0: return combine(Operator::exponential, u);
    case 1: return combine(Operator::subtract, combine(Operator::exponential, u), one);
    case 2: return combine(Operator::add, combine(Operator::exponential, u), one);
    case 3: {
        const Program e = combine(Operator::exponential, u);
        return combine(Operator::add, e, combine(Operator::reciprocal, e));
    }
    case 4: return combine(Operator::add, one, u);
    case 5: return combine(Operator::sine, u);
    case 6: return combine(Operator::cosine, u);
    default: return combine(Operator::hyperbolic_tangent, u);
    }
}

bool shape_allowed(const LawContext& context, int shape) {
    if (shape <= 3) return context.allowed(Operator::exponential);
    if (shape == 4) return true;
    return context.allowed(shape == 5   ? Operator::sine
                           : shape == 6 ? Operator::cosine
                                        : Operator::hyperbolic_tangent);
}

/// Scales that put the argument of a function from nearly nothing to much.
std::vector<double> scales_of(const VectorXd& values, int shape, std::size_t rows, bool single) {
    std::vector<double> magnitudes(values.data(), values.data() + values.size());
    for (double& each : magnitudes) each = std::abs(each);
    std::sort(magnitudes.begin(), magnitudes.end());
    const double high = magnitudes[magnitudes.size() * 9 / 10], low = magnitudes[magnitudes.size() / 10];
    const double span = values.maxCoeff() - values.minCoeff();
    std::vector<double> scales;
    if (shape == 5 || shape == 6) {
        const double most = single ? std::min(1500.0, 3.0 * static_cast<double>(rows)) : 120;
        for (double phase = 0.35; phase < most; phase += 0.7) scales.push_back(phase / span);
        return scales;
    }
    if (!(high > 0)) return scales;
    const double least = low > 0 ? low : high * 1e-3;
    const double step = std::max(1.3, std::pow(400 * high / least, 1.0 / 60));
    for (double u = 0.05 / high; u < 20 / least; u *= step) {
        scales.push_back(u);
        if (shape != 3 && shape != 7) scales.push_back(-u);
    }
    return scales;
}

/// The best scale of every shape, and of these the best few.
void keep(std::vector<Template>& best, Template candidate) {
    constexpr std::size_t most = 8;
    const auto same = std::find_if(best.begin(), best.end(),
                                   [&](const Template& each) { return each.shape == candidate.shape; });
    if (same != best.end()) {
        if (same->error <= candidate.error) return;
        best.erase(same);
    }
    const auto place = std::find_if(best.begin(), best.end(),
                                    [&](const Template& each) { return each.error > candidate.error; });
    if (place == best.end() && best.size() >= most) return;
    best.insert(place, std::move(candidate));
    if (best.size() > most) best.pop_back();
}

/// a + b f(c m), and with a phase where f is a wave.
void wave_programs(const LawContext& context, const Part& part, const Template& each,
                   const CandidateTerm& term, const ArrayXd& value, std::vector<Program>& programs) {
    const ArrayXd y = Eigen::Map<const ArrayXd>(part.problem.target.data(), part.weights.size());
    const ArrayXd& w = part.weights;
    const ArrayXd u = term.values.array() * each.scale;
    const Program argument = product_of(constant(context.variables(), each.scale), term.program);
    const auto add_terms = [&](const Program& shape, const ArrayXd& column) {
        MatrixXd library(y.size(), 2);
        library.col(0) = (column * w).matrix();
        library.col(1) = w.matrix();
        const SparseFit fit = least_squares(library, (y * w).matrix(), MatrixXd(y.size(), 0), {0, 1});
        programs.push_back(part.whole(
            sum_of(context.variables(),
                   {{fit.coefficients[0], shape}, {fit.coefficients[1], constant(context.variables(), 1)}})));
        const SparseFit alone = least_squares(library, (y * w).matrix(), MatrixXd(y.size(), 0), {0});
        programs.push_back(part.whole(sum_of(context.variables(), {{alone.coefficients[0], shape}})));
    };
    add_terms(program_of_shape(context, each.shape, argument), value);
    if (each.shape != 5) return;
    add_terms(combine(Operator::cosine, argument), u.cos());
    MatrixXd library(y.size(), 3);
    library.col(0) = (u.sin() * w).matrix();
    library.col(1) = (u.cos() * w).matrix();
    library.col(2) = w.matrix();
    const SparseFit fit = least_squares(library, (y * w).matrix(), MatrixXd(y.size(), 0), {0, 1, 2});
    const double amplitude = std::hypot(fit.coefficients[0], fit.coefficients[1]);
    const double phase = std::atan2(fit.coefficients[1], fit.coefficients[0]);
    const Program shifted =
        combine(Operator::sine, combine(Operator::add, argument, constant(context.variables(), phase)));
    programs.push_back(
        part.whole(sum_of(context.variables(),
                          {{amplitude, shifted}, {fit.coefficients[2], constant(context.variables(), 1)}})));
    programs.push_back(part.whole(sum_of(context.variables(), {{amplitude, shifted}})));
}

/// What functions of products are looked for in, weighted.
struct Target {
    VectorXd values;
    ArrayXd weights;
    MatrixXd basis; ///< orthonormal, of the columns that are always in
    MatrixXd forced;
    bool logarithm = false;    ///< of the part's target, or that is a logarithm itself
    bool is_logarithm = false; ///< the latter
    VectorXd residual;         ///< of the first rows, which are scanned
    MatrixXd scanned_basis;
};

/// What is left of the target on all rows with the function at a scale.
double error_at(const Template& each, double scale, const ArrayXd& values, const Target& target) {
    const ArrayXd u = values * scale;
    const ArrayXd value = target.logarithm ? logarithm_of(each.shape, u) : value_of(each.shape, u);
    if (!value.allFinite()) return INFINITY;
    VectorXd residual = target.values - target.basis * (target.basis.transpose() * target.values);
    std::vector<VectorXd> columns{(value * target.weights).matrix()};
    if (!target.logarithm && each.shape == 5) columns.emplace_back((u.cos() * target.weights).matrix());
    for (std::size_t k = 0; k < columns.size(); ++k) {
        VectorXd& column = columns[k];
        const double whole = column.squaredNorm();
        column -= target.basis * (target.basis.transpose() * column);
        for (std::size_t before = 0; before < k; ++before)
            column -= columns[before] * columns[before].dot(column);
        if (!(column.squaredNorm() > 1e-10 * whole)) return INFINITY;
        column.normalize();
        residual -= column * column.dot(residual);
    }
    return residual.squaredNorm();
}

/// Moves the scale to the smallest error between its neighbours on the grid (golden section), by all rows.
void refine_scale(Template& each, const ArrayXd& values, const Target& target) {
    const bool wave = each.shape == 5 || each.shape == 6;
    const double span = values.maxCoeff() - values.minCoeff();
    const double low = wave ? each.scale - 0.7 / span : each.scale / 1.5;
    const double high = wave ? each.scale + 0.7 / span : each.scale * 1.5;
    constexpr int steps = 14;
    const LeastError best = least_between(low, high, steps, [&](double scale) { return error_at(each, scale, values, target); });
    each.error = error_at(each, each.scale, values, target);
    if (best.error < each.error) each.scale = best.place, each.error = best.error;
}

/// The best described ones, first.
void keep_promising(std::vector<Template>& all, const std::vector<CandidateTerm>& terms, double rows,
                    std::size_t most) {
    const auto worth = [&](const Template& each) {
        return 0.5 * rows * std::log2(std::max(each.error, 1e-300)) + terms[each.term].cost;
    };
    std::stable_sort(all.begin(), all.end(),
                     [&](const Template& a, const Template& b) { return worth(a) < worth(b); });
    if (all.size() > most) all.resize(most);
}

/// A power of a function of a product beside powers of variables, or logarithms of them where the target is
/// one.
std::vector<Program> product_with(const LawContext& context, const Part& part, const Template& each,
                                  const CandidateTerm& term, const Target& target,
                                  const std::vector<int>& logs) {
    const ArrayXd argument = term.values.array() * each.scale;
    const Program u = product_of(constant(context.variables(), each.scale), term.program);
    const Program shape = program_of_shape(context, each.shape, u);
    MatrixXd library(target.values.size(), 1);
    library.col(0) = (logarithm_of(each.shape, argument) * target.weights).matrix();
    const SparseFit fit = least_squares(library, target.values, target.forced, {0});
    const std::vector<double> exponents(fit.forced_coefficients.begin() + 1, fit.forced_coefficients.end());
    const double power = fit.coefficients[0];
    if (!target.is_logarithm)
        return product_programs(context, part, fit.forced_coefficients[0], logs, exponents, {{shape, power}},
                                sign_of(part.problem));
    if (!overflows(argument) || each.shape < 1 || each.shape > 2)
        return log_sum_programs(context, fit.forced_coefficients[0], logs, exponents, {{shape, power}},
                                [](std::size_t) { return false; });
    // log(exp u - 1) = u + log(1 - 1/exp u), as the exponential is beyond what numbers hold. The number in u
    // is one and the same.
    const Program one = constant(context.variables(), 1);
    const Program small = combine(Operator::reciprocal, combine(Operator::exponential, u));
    const Program rest = combine(each.shape == 1 ? Operator::subtract : Operator::add, one, small);
    const double half = std::round(2 * power) / 2;
    const double whole = std::abs(half - power) < 0.15 && half != 0 ? half : power;
    const Program sum = combine(Operator::add, u, combine(Operator::logarithm, rest));
    return log_sum_programs(context, fit.forced_coefficients[0], logs, exponents, {{sum, whole}},
                            [](std::size_t) { return true; });
}

/// Sums in which functions of products take part, alone and times a variable.
void sums_with(const LawContext& context, const Part& part, const std::vector<CandidateTerm>& functions,
               Candidates& candidates) {
    std::vector<CandidateTerm> extra = functions;
    for (const CandidateTerm& function : functions)
        for (const int v : part.variables) {
            CandidateTerm term = function;
            term.program = combine(Operator::multiply, variable(context.variables(), v), function.program);
            term.values = function.values.cwiseProduct(Eigen::Map<const VectorXd>(
                part.problem.inputs[static_cast<std::size_t>(v)].data(), function.values.size()));
            term.cost += 3;
            if (!context.problem.units.empty())
                term.unit = context.problem.units[static_cast<std::size_t>(v)];
            extra.push_back(std::move(term));
        }
    const auto unit = has_units(context, part) ? part.problem.target_unit : std::nullopt;
    const auto views = views_of(part.problem.target, unit, {});
    candidates.consider(sum_programs_through(context, part, views.front(), extra), 4);
}

} // namespace

void try_functions(const LawContext& context, const Part& part, Candidates& candidates) {
    TermOptions chosen = term_options(context, part);
    chosen.functions = chosen.roots = false;
    chosen.most = 400;
    chosen.most_degree = 4;
    if (!context.problem.units.empty()) chosen.unit = Unit{};
    const std::vector<CandidateTerm> terms = term_library(part.problem, chosen);
    const Index scanned = std::min<Index>(part.weights.size(), 240);
    std::vector<Target> targets;
    const auto with_basis = [&](Target target) {
        target.basis = PivotedQr(target.forced).basis();
        target.scanned_basis = PivotedQr(target.forced.topRows(scanned)).basis();
        const VectorXd values = target.values.head(scanned);
        target.residual = values - target.scanned_basis * (target.scanned_basis.transpose() * values);
        return target;
    };
    const std::vector<int> logs = logarithmic(context, part);
    for (const LogTarget& each : log_targets(context, part))
        targets.push_back(with_basis({(each.values.array() * each.weights).matrix(),
                                      each.weights,
                                      {},
                                      log_columns(part, logs, each.weights),
                                      true,
                                      each.is_logarithm}));
    const ArrayXd y = Eigen::Map<const ArrayXd>(part.problem.target.data(), part.weights.size());
    const MatrixXd number = part.weights.matrix();
    targets.push_back(with_basis({(y * part.weights).matrix(), part.weights, {}, number, false, false}));
    constexpr std::size_t most_refined = 96, most_tried = 40;
    std::vector<std::vector<Template>> best(terms.size() * targets.size());
    base::parallel_for(terms.size(), context.options.run.threads, [&](std::size_t m) {
        const ArrayXd values = terms[m].values.head(scanned).array();
        const bool single = terms[m].program.lines.empty();
        for (int shape = 0; shape < 8; ++shape) {
            if (!shape_allowed(context, shape) || context.stopped()) continue;
            for (const double scale :
                 scales_of(terms[m].values, shape, context.problem.target.size(), single)) {
                const ArrayXd value = value_of(shape, values * scale);
                const ArrayXd logarithm = logarithm_of(shape, values * scale);
                const bool finite = value.allFinite();
                if (!logarithm.allFinite()) continue;
                for (std::size_t t = 0; t < targets.size(); ++t) {
                    const Target& target = targets[t];
                    if (!target.logarithm && (!finite || shape == 1 || shape == 2 || shape == 4)) continue;
                    if (target.logarithm && shape == 0) continue;
                    const auto weights = target.weights.head(scanned);
                    VectorXd column = ((target.logarithm ? logarithm : value) * weights).matrix();
                    const double whole = column.squaredNorm();
                    column -= target.scanned_basis * (target.scanned_basis.transpose() * column);
                    const double left = column.squaredNorm();
                    if (!(left > 1e-10 * whole)) continue;
                    double gain = std::pow(column.dot(target.residual), 2) / left;
                    if (!target.logarithm && shape == 5) {
                        // Any phase: the cosine beside the sine.
                        VectorXd other = ((values * scale).cos() * weights).matrix();
                        other -= target.scanned_basis * (target.scanned_basis.transpose() * other);
                        other -= column * (column.dot(other) / left);
                        if (other.squaredNorm() > 1e-10 * whole)
                            gain += std::pow(other.dot(target.residual), 2) / other.squaredNorm();
                    }
                    keep(best[m * targets.size() + t], {.shape = shape,
                                                        .term = m,
                                                        .scale = scale,
                                                        .error = target.residual.squaredNorm() - gain});
                }
            }
        }
    });
    for (std::size_t t = 0; t < targets.size(); ++t) {
        std::vector<Template> all;
        for (std::size_t m = 0; m < terms.size(); ++m)
            for (const Template& each : best[m * targets.size() + t]) all.push_back(each);
        keep_promising(all, terms, static_cast<double>(scanned), most_refined);
        base::parallel_for(all.size(), context.options.run.threads, [&](std::size_t k) {
            if (!context.stopped()) refine_scale(all[k], terms[all[k].term].values.array(), targets[t]);
        });
        keep_promising(all, terms, static_cast<double>(part.weights.size()), most_tried);
        std::vector<Program> programs;
        std::vector<CandidateTerm> extra;
        for (const Template& each : all) {
            const Program u = product_of(constant(context.variables(), each.scale), terms[each.term].program);
            const Program shape = program_of_shape(context, each.shape, u);
            const ArrayXd value = value_of(each.shape, terms[each.term].values.array() * each.scale);
            const Target& target = targets[t];
            if (!target.logarithm) {
                wave_programs(context, part, each, terms[each.term], value, programs);
                if (extra.size() < 8) {
                    extra.push_back({shape, value.matrix(), terms[each.term].cost + 8, Unit{}});
                    if (each.shape == 5)
                        extra.push_back({program_of_shape(context, 6, u),
                                         (terms[each.term].values.array() * each.scale).cos().matrix(),
                                         terms[each.term].cost + 8, Unit{}});
                }
                continue;
            }
            const auto more = product_with(context, part, each, terms[each.term], target, logs);
            programs.insert(programs.end(), more.begin(), more.end());
        }
        candidates.consider(std::move(programs), 8);
        if (!extra.empty() && !candidates.enough(long_law) && !context.stopped())
            sums_with(context, part, extra, candidates);
    }
}

} // namespace ropewalk::formula
