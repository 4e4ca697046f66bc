#include "ropewalk/formulas/laws/oscillation_laws.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "ropewalk/formulas/laws/least_squares.hpp"
#include "ropewalk/formulas/laws/sparse_regression.hpp"

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

/// The wave of a grid that leaves least beside others.
Wave best_wave(const Signal& signal, const std::vector<Wave>& others, bool decays) {
    constexpr double step = 0.7, most_phase = 1500;
    const double most = std::min(most_phase, 2.0 * static_cast<double>(signal.x.size()));
    std::vector<double> decay_shares{0};
    if (decays) decay_shares.insert(decay_shares.end(), {0.7, 1.5, 3.0, 6.0, 12.0, 25.0});
    const MatrixXd basis = PivotedQr(columns_of(signal, others)).basis();
    const VectorXd residual = signal.target - basis * (basis.transpose() * signal.target);
    Wave best;
    double most_gained = -1;
    for (const double share : decay_shares) {
        const ArrayXd height = (-share / signal.span * (signal.x - signal.start)).exp() * signal.weights;
        for (double phase = step; phase < most; phase += step) {
            const double frequency = phase / signal.span;
            VectorXd first = (height * (frequency * signal.x).cos()).matrix(), second = (height * (frequency * signal.x).sin()).matrix();
            const double whole = first.squaredNorm() + second.squaredNorm();
            first -= basis * (basis.transpose() * first);
            const double left = first.squaredNorm();
            if (!(left > 1e-10 * whole)) continue;
            second -= basis * (basis.transpose() * second) + first * (first.dot(second) / left);
            double gained = std::pow(first.dot(residual), 2) / left;
            if (second.squaredNorm() > 1e-10 * whole) gained += std::pow(second.dot(residual), 2) / second.squaredNorm();
            if (gained > most_gained) most_gained = gained, best = {frequency, share / signal.span};
        }
    }
    return best;
}

/// Moves one number of a wave to the smallest error within a distance (golden section).
void move_number(const Signal& signal, std::vector<Wave>& waves, double Wave::*number, std::size_t k, double distance) {
    constexpr double golden = 0.6180339887498949;
    constexpr int steps = 16;
    const auto error_at = [&](double value) {
        std::vector<Wave> with = waves;
        with[k].*number = value;
        return error_of(signal, with);
    };
    const double here = waves[k].*number;
    double low = here - distance, high = here + distance;
    double first = high - golden * (high - low), second = low + golden * (high - low);
    double at_first = error_at(first), at_second = error_at(second);
    for (int step = 0; step < steps; ++step) {
        if (at_first < at_second) {
            high = second, second = first, at_second = at_first;
            first = high - golden * (high - low), at_first = error_at(first);
        } else {
            low = first, first = second, at_first = at_second;
            second = low + golden * (high - low), at_second = error_at(second);
        }
    }
    if (std::min(at_first, at_second) < error_at(here)) waves[k].*number = at_first < at_second ? first : second;
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

/// Sums of one wave, of two and so on, until nothing is left.
std::vector<Program> sums_of_waves(const LawContext& context, const Part& part, const Signal& signal, int variable_at,
                                   bool decays) {
    constexpr std::size_t most_waves = 3;
    constexpr int rounds = 3;
    constexpr double nothing = 1e-24;
    std::vector<Program> programs;
    std::vector<Wave> waves;
    while (waves.size() < most_waves && !context.stopped()) {
        waves.push_back(best_wave(signal, waves, decays));
        if (waves.back().frequency == 0) break;
        double distance = 0.7 / signal.span;
        for (int round = 0; round < rounds; ++round, distance /= 8)
            for (std::size_t k = 0; k < waves.size(); ++k) {
                move_number(signal, waves, &Wave::frequency, k, distance);
                if (decays && waves[k].decay != 0) move_number(signal, waves, &Wave::decay, k, std::min(0.5 * waves[k].decay, 8 * distance));
            }
        programs.push_back(part.whole(written(context, signal, variable_at, waves)));
        if (error_of(signal, waves) < nothing * signal.target.squaredNorm()) break;
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
