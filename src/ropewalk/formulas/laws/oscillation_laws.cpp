#include "ropewalk/formulas/laws/oscillation_laws.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ropewalk/formulas/laws/golden_section.hpp"
#include "ropewalk/formulas/laws/least_squares.hpp"
#include "ropewalk/formulas/laws/sparse_regression.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// exp(-decay (x - start)) sin(frequency x + phase), of any phase.
struct Wave {
    double frequency = 0, decay = 0;
};

/// A variable with what is to be explained by waves of it.
struct Signal {
    ArrayXd x, weights;
    VectorXd target; ///< weighted
    double start = 0, span = 1;
};

/// The part of a signal that some rows are.
Signal rows_of(const Signal& signal, const std::vector<std::size_t>& rows) {
    return {.x = signal.x(rows),
            .weights = signal.weights(rows),
            .target = signal.target(rows),
            .start = signal.start,
            .span = signal.span};
}

/// A number, a slope, and for every wave its cosine and its sine; weighted.
MatrixXd columns_of(const Signal& signal, const std::vector<Wave>& waves) {
    MatrixXd columns(signal.x.size(), 2 + 2 * static_cast<Index>(waves.size()));
    columns.col(0) = signal.weights.matrix();
    columns.col(1) = (signal.x * signal.weights).matrix();
    for (std::size_t k = 0; k < waves.size(); ++k) {
        const ArrayXd height = (-waves[k].decay * (signal.x - signal.start)).exp() * signal.weights;
        columns.col(2 + 2 * static_cast<Index>(k)) = (height * (waves[k].frequency * signal.x).cos()).matrix();
        columns.col(3 + 2 * static_cast<Index>(k)) = (height * (waves[k].frequency * signal.x).sin()).matrix();
    }
    return columns;
}

double error_of(const Signal& signal, const std::vector<Wave>& waves) {
    const MatrixXd basis = PivotedQr(columns_of(signal, waves)).basis();
    return (signal.target - basis * (basis.transpose() * signal.target)).squaredNorm();
}

/// The wave of a grid, of frequencies up to a phase over the whole span, that leaves least beside others.
Wave best_wave(const Signal& signal, const std::vector<Wave>& others, bool decays, double most_phase) {
    constexpr double step = 0.7;
    std::vector<double> decay_shares{0};
    if (decays) decay_shares.insert(decay_shares.end(), {0.7, 1.5, 3.0, 6.0, 12.0, 25.0});
    std::vector<ArrayXd> heights;
    for (const double share : decay_shares)
        heights.push_back((-share / signal.span * (signal.x - signal.start)).exp() * signal.weights);
    const MatrixXd basis = PivotedQr(columns_of(signal, others)).basis();
    const VectorXd residual = signal.target - basis * (basis.transpose() * signal.target);
    Wave best;
    double most_gained = -1;
    for (double phase = step; phase < most_phase; phase += step) {
        const double frequency = phase / signal.span;
        const ArrayXd cosine = (frequency * signal.x).cos(), sine = (frequency * signal.x).sin();
        for (std::size_t d = 0; d < heights.size(); ++d) {
            VectorXd first = (heights[d] * cosine).matrix(), second = (heights[d] * sine).matrix();
            const double whole = first.squaredNorm() + second.squaredNorm();
            first -= basis * (basis.transpose() * first);
            const double left = first.squaredNorm();
            if (!(left > 1e-10 * whole)) continue;
            second -= basis * (basis.transpose() * second) + first * (first.dot(second) / left);
            double gained = std::pow(first.dot(residual), 2) / left;
            if (second.squaredNorm() > 1e-10 * whole) gained += std::pow(second.dot(residual), 2) / second.squaredNorm();
            if (gained > most_gained) most_gained = gained, best = {frequency, decay_shares[d] / signal.span};
        }
    }
    return best;
}

/// Moves one number of a wave to the smallest error within a distance (golden section).
void move_number(const Signal& signal, std::vector<Wave>& waves, double Wave::*number, std::size_t k, double distance) {
    constexpr int steps = 16;
    const double here = waves[k].*number, error = error_of(signal, waves);
    const LeastError best = least_between(here - distance, here + distance, steps, [&](double value) {
        std::vector<Wave> with = waves;
        with[k].*number = value;
        return error_of(signal, with);
    });
    if (best.error < error) waves[k].*number = best.place;
}

/// The sum with its waves written by amplitude and phase.
Program written(const LawContext& context, const Signal& signal, int variable_at, const std::vector<Wave>& waves) {
    const int count = context.variables();
    const Program x = variable(count, variable_at);
    const MatrixXd columns = columns_of(signal, waves);
    std::vector<Index> all(static_cast<std::size_t>(columns.cols()));
    std::iota(all.begin(), all.end(), Index{0});
    const SparseFit fit = least_squares(columns, signal.target, MatrixXd(signal.x.size(), 0), all);
    if (fit.coefficients.size() != all.size()) return constant(count, 0);
    std::vector<std::pair<double, Program>> terms{{fit.coefficients[0], constant(count, 1)}, {fit.coefficients[1], x}};
    for (std::size_t k = 0; k < waves.size(); ++k) {
        const double cosine = fit.coefficients[2 + 2 * k], sine = fit.coefficients[3 + 2 * k];
        const double phase = std::atan2(cosine, sine), quarter = std::acos(-1.0) / 2;
        // Near a quarter of a turn people write the cosine.
        const bool turned = context.allowed(Operator::cosine) && std::abs(std::abs(phase) - quarter) < 0.15;
        const double rest = turned ? phase - std::copysign(quarter, phase) : phase;
        const Program angle = combine(Operator::add, product_of(constant(count, waves[k].frequency), x), constant(count, rest));
        Program wave = combine(turned ? Operator::cosine : Operator::sine, angle);
        if (waves[k].decay != 0)
            wave = product_of(combine(Operator::exponential, product_of(constant(count, -waves[k].decay), x)), wave);
        terms.emplace_back((turned ? std::copysign(1.0, phase) : 1.0) * std::hypot(cosine, sine) * std::exp(waves[k].decay * signal.start), wave);
    }
    return sum_of(count, terms);
}

/// Sums of one wave, of two and so on, until nothing is left; none where the first explains little of what the line leaves,
/// as what is no wave is not made of two or three.
std::vector<Program> sums_of_waves(const LawContext& context, const Part& part, const Signal& signal, int variable_at,
                                   bool decays) {
    constexpr std::size_t most_waves = 3, most_scanned = 240;
    constexpr int rounds = 3;
    constexpr double nothing = 1e-24, little = 0.8, most_phase = 1500;
    const std::size_t rows = part.problem.target.size();
    const Signal scanned = rows_of(signal, screening_rows(rows, most_scanned, 3));
    const double phase = std::min(most_phase, 2.0 * static_cast<double>(rows));
    const double without = error_of(signal, {});
    std::vector<Program> programs;
    std::vector<Wave> waves;
    while (waves.size() < most_waves && !context.stopped()) {
        waves.push_back(best_wave(scanned, waves, decays, phase));
        if (waves.back().frequency == 0) break;
        double distance = 0.7 / signal.span;
        for (int round = 0; round < rounds; ++round, distance /= 8)
            for (std::size_t k = 0; k < waves.size(); ++k) {
                move_number(signal, waves, &Wave::frequency, k, distance);
                if (decays && waves[k].decay != 0)
                    move_number(signal, waves, &Wave::decay, k, std::min(0.5 * waves[k].decay, 8 * distance));
            }
        const double error = error_of(signal, waves);
        if (error > little * without) break;
        programs.push_back(part.whole(written(context, signal, variable_at, waves)));
        if (error < nothing * signal.target.squaredNorm()) break;
    }
    return programs;
}

} // namespace

void try_oscillations(const LawContext& context, const Part& part, Candidates& candidates) {
    constexpr std::size_t most_variables = 4;
    constexpr Index least_rows = 16, most_rows = 3000;
    if (!context.allowed(Operator::sine) || !context.problem.units.empty() || part.weights.size() < least_rows ||
        part.weights.size() > most_rows)
        return;
    std::vector<Program> programs;
    for (std::size_t k = 0; k < std::min(most_variables, part.variables.size()) && !context.stopped(); ++k) {
        const auto& column = part.problem.inputs[static_cast<std::size_t>(part.variables[k])];
        const auto rows = static_cast<Index>(column.size());
        Signal signal{.x = Eigen::Map<const ArrayXd>(column.data(), rows), .weights = part.weights, .target = {}};
        signal.target = (Eigen::Map<const ArrayXd>(part.problem.target.data(), rows) * part.weights).matrix();
        signal.start = signal.x.minCoeff();
        signal.span = signal.x.maxCoeff() - signal.start;
        if (!(signal.span > 0) || !signal.x.allFinite()) continue;
        for (const bool decays : {false, true}) {
            if (decays && !context.allowed(Operator::exponential)) continue;
            const auto sums = sums_of_waves(context, part, signal, part.variables[k], decays);
            programs.insert(programs.end(), sums.begin(), sums.end());
        }
    }
    candidates.consider(std::move(programs), 5);
}

} // namespace ropewalk::formula
