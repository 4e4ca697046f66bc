#include "ropewalk/formulas/laws/sparse_regression.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "ropewalk/formulas/laws/least_squares.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// What is left of a column's square once it counts as spanned by others.
constexpr double spanned = 1e-9;
/// What is left of the target's square once a fit counts as exact.
constexpr double rounding = 1e-26;

/// A set of columns on the way: what of the target and of all columns is orthogonal to it.
struct State {
    std::vector<Index> columns;
    VectorXd residual;
    VectorXd products; ///< of all columns with the residual
    VectorXd squares;  ///< of what of all columns is left
    double cost = 0;
    MatrixXd basis; ///< orthonormal
};

/// The library with columns of length 1, unusable ones zeroed.
MatrixXd normalised(const MatrixXd& library) {
    MatrixXd columns = library;
    for (Index j = 0; j < columns.cols(); ++j) {
        const double length = columns.col(j).stableNorm();
        if (std::isfinite(length) && length > 0)
            columns.col(j) /= length;
        else
            columns.col(j).setZero();
    }
    return columns;
}

/// Takes a direction of length 1 out of the state.
void take_out(State& state, const MatrixXd& columns, const VectorXd& direction) {
    const VectorXd along = columns.transpose() * direction;
    const double share = direction.dot(state.residual);
    state.residual -= share * direction;
    state.products -= share * along;
    state.squares -= along.cwiseAbs2();
    state.basis.conservativeResize(direction.size(), state.basis.cols() + 1);
    state.basis.col(state.basis.cols() - 1) = direction;
}

/// The part of a column that is orthogonal to the state, of length 1; empty where there is none.
VectorXd new_direction(const State& state, const VectorXd& column) {
    VectorXd direction = column;
    for (int pass = 0; pass < 2; ++pass) direction -= state.basis * (state.basis.transpose() * direction);
    const double length = direction.norm();
    if (!(length * length > spanned * column.squaredNorm()) || column.squaredNorm() == 0) return {};
    return direction / length;
}

State start(const MatrixXd& columns, const VectorXd& target, const MatrixXd& forced) {
    State state{{},
                target,
                columns.transpose() * target,
                columns.colwise().squaredNorm(),
                0,
                MatrixXd(target.size(), 0)};
    for (Index j = 0; j < forced.cols(); ++j) {
        const VectorXd direction = new_direction(state, forced.col(j).stableNormalized());
        if (direction.size() > 0) take_out(state, columns, direction);
    }
    return state;
}

struct Extension {
    double score = 0;
    std::size_t state = 0;
    Index column = 0;
};

/// What a set of columns is worth, in bits; less is better.
double score_of(double squared_error, double cost, double rows) {
    return 0.5 * rows * std::log2(std::max(squared_error, 1e-300)) + cost;
}

std::vector<Extension> extensions(const State& state, std::size_t index, const std::vector<double>& costs,
                                  double rows, int branch) {
    const double error = state.residual.squaredNorm();
    std::vector<Extension> found;
    for (Index j = 0; j < state.products.size(); ++j) {
        if (!(state.squares[j] > spanned)) continue;
        const double gain = state.products[j] * state.products[j] / state.squares[j];
        if (!(gain > 0)) continue;
        const double left = std::max(error - gain, error * 1e-12);
        found.push_back({score_of(left, state.cost + costs[static_cast<std::size_t>(j)], rows), index, j});
    }
    const auto better = [](const Extension& a, const Extension& b) {
        return a.score < b.score || (a.score == b.score && a.column < b.column);
    };
    const std::size_t kept = std::min(found.size(), static_cast<std::size_t>(branch));
    std::partial_sort(found.begin(), found.begin() + static_cast<long>(kept), found.end(), better);
    found.resize(kept);
    return found;
}

} // namespace

SparseFit least_squares(const MatrixXd& library, const VectorXd& target, const MatrixXd& forced,
                        std::vector<Index> columns) {
    const Index chosen = static_cast<Index>(columns.size());
    MatrixXd all(target.size(), forced.cols() + chosen);
    all.leftCols(forced.cols()) = forced;
    for (Index k = 0; k < chosen; ++k)
        all.col(forced.cols() + k) = library.col(columns[static_cast<std::size_t>(k)]);
    VectorXd scales = all.colwise().stableNorm();
    for (Index k = 0; k < all.cols(); ++k) {
        if (!(scales[k] > 0) || !std::isfinite(scales[k])) scales[k] = 1;
        all.col(k) /= scales[k];
    }
    SparseFit fit{std::move(columns), {}, {}, target.squaredNorm()};
    if (all.cols() == 0) return fit;
    const PivotedQr solver(all);
    VectorXd coefficients = solver.solve(target);
    coefficients += solver.solve(target - all * coefficients);
    fit.squared_error = (target - all * coefficients).squaredNorm();
    for (Index k = 0; k < all.cols(); ++k)
        (k < forced.cols() ? fit.forced_coefficients : fit.coefficients)
            .push_back(coefficients[k] / scales[k]);
    return fit;
}

std::vector<std::vector<SparseFit>> sparse_fits(const MatrixXd& library, const VectorXd& target,
                                                const MatrixXd& forced, const std::vector<double>& costs,
                                                const SparseOptions& options) {
    const double rows = options.rows_count > 0 ? options.rows_count : static_cast<double>(target.size());
    const double exact = rounding * target.squaredNorm();
    const MatrixXd columns = normalised(library);
    std::vector<State> beam{start(columns, target, forced)};
    std::vector<std::vector<SparseFit>> fits{{least_squares(library, target, forced, {})}};
    std::set<std::vector<Index>> seen;
    double best = score_of(beam.front().residual.squaredNorm(), 0, rows);
    int without_gain = 0;
    const auto stopped = [&] { return options.stop && options.stop(); };
    for (int terms = 1; terms <= options.most_terms && !stopped(); ++terms) {
        if (forced.cols() + terms >= target.size()) break;
        std::vector<Extension> next;
        for (std::size_t s = 0; s < beam.size(); ++s) {
            const auto some = extensions(beam[s], s, costs, rows, options.branch);
            next.insert(next.end(), some.begin(), some.end());
        }
        std::sort(next.begin(), next.end(), [](const Extension& a, const Extension& b) {
            return std::tie(a.score, a.state, a.column) < std::tie(b.score, b.state, b.column);
        });
        std::vector<State> grown;
        for (const Extension& each : next) {
            if (grown.size() >= static_cast<std::size_t>(options.beam) || stopped()) break;
            std::vector<Index> set = beam[each.state].columns;
            set.push_back(each.column);
            std::sort(set.begin(), set.end());
            if (!seen.insert(set).second) continue;
            State state = beam[each.state];
            const VectorXd direction = new_direction(state, columns.col(each.column));
            if (direction.size() == 0) continue;
            take_out(state, columns, direction);
            state.columns = std::move(set);
            state.cost += costs[static_cast<std::size_t>(each.column)];
            grown.push_back(std::move(state));
        }
        if (grown.empty()) break;
        fits.emplace_back();
        for (const State& state : grown)
            fits.back().push_back(least_squares(library, target, forced, state.columns));
        const auto cost_of = [&](const SparseFit& fit) {
            double sum = 0;
            for (const Index j : fit.columns) sum += costs[static_cast<std::size_t>(j)];
            return sum;
        };
        std::stable_sort(fits.back().begin(), fits.back().end(), [&](const SparseFit& a, const SparseFit& b) {
            return score_of(a.squared_error + exact, cost_of(a), rows) <
                   score_of(b.squared_error + exact, cost_of(b), rows);
        });
        const double now = score_of(fits.back().front().squared_error, cost_of(fits.back().front()), rows);
        without_gain = now < best ? 0 : without_gain + 1;
        best = std::min(best, now);
        if (fits.back().front().squared_error <= exact || without_gain >= 2) break;
        beam = std::move(grown);
    }
    // What a long fit can do without is a fit that going forward may have missed.
    for (std::size_t terms = fits.size(); terms-- > 2;)
        for (std::size_t f = 0; f < std::min<std::size_t>(2, fits[terms].size()) && !stopped(); ++f) {
            const std::vector<Index> set = fits[terms][f].columns;
            SparseFit shorter;
            for (std::size_t out = 0; out < set.size(); ++out) {
                std::vector<Index> rest = set;
                rest.erase(rest.begin() + static_cast<long>(out));
                SparseFit trial = least_squares(library, target, forced, rest);
                if (shorter.columns.empty() || trial.squared_error < shorter.squared_error)
                    shorter = std::move(trial);
            }
            if (seen.insert(shorter.columns).second) {
                auto& same = fits[terms - 1];
                const auto place = std::find_if(same.begin(), same.end(), [&](const SparseFit& each) {
                    return each.squared_error > shorter.squared_error;
                });
                same.insert(place, std::move(shorter));
            }
        }
    return fits;
}

std::vector<SparseFit> pruned_fits(const MatrixXd& library, const VectorXd& target,
                                   const std::vector<double>& costs, std::size_t most) {
    const MatrixXd columns = normalised(library);
    const double rows = static_cast<double>(target.size());
    std::vector<Index> kept;
    // Of columns that span each other the cheaper ones stay.
    MatrixXd basis(target.size(), 0);
    std::vector<Index> order(static_cast<std::size_t>(columns.cols()));
    for (std::size_t j = 0; j < order.size(); ++j) order[j] = static_cast<Index>(j);
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
        return costs[static_cast<std::size_t>(a)] < costs[static_cast<std::size_t>(b)];
    });
    for (const Index j : order) {
        VectorXd rest = columns.col(j);
        for (int pass = 0; pass < 2; ++pass) rest -= basis * (basis.transpose() * rest);
        if (!(rest.norm() > 1e-7 * columns.col(j).norm())) continue;
        basis.conservativeResize(target.size(), basis.cols() + 1);
        basis.col(basis.cols() - 1) = rest.normalized();
        kept.push_back(j);
    }
    if (kept.empty() || static_cast<double>(kept.size()) >= rows) return {};
    // All that follows needs the triangle of columns and target alone.
    const auto size = static_cast<Index>(kept.size());
    MatrixXd all(target.size(), size + 1);
    for (Index k = 0; k < size; ++k) all.col(k) = columns.col(kept[static_cast<std::size_t>(k)]);
    all.col(size) = target;
    const MatrixXd triangle = triangle_of(all);
    std::vector<Index> left(static_cast<std::size_t>(size));
    for (Index k = 0; k < size; ++k) left[static_cast<std::size_t>(k)] = k;
    struct Step {
        std::vector<Index> columns;
        double score = 0;
    };
    std::vector<Step> steps;
    const double floor = rounding * target.squaredNorm();
    while (!left.empty()) {
        const auto count = static_cast<Index>(left.size());
        MatrixXd part(triangle.rows(), count);
        double cost = 0;
        Step step;
        for (Index k = 0; k < count; ++k) {
            part.col(k) = triangle.col(left[static_cast<std::size_t>(k)]);
            step.columns.push_back(kept[static_cast<std::size_t>(left[static_cast<std::size_t>(k)])]);
            cost += costs[static_cast<std::size_t>(step.columns.back())];
        }
        const PivotedQr solver(part);
        if (solver.rank() < count) {
            // Columns that the others span go first.
            std::vector<Index> spanning;
            for (const Index k : solver.spanning()) spanning.push_back(left[static_cast<std::size_t>(k)]);
            std::sort(spanning.begin(), spanning.end());
            left = std::move(spanning);
            continue;
        }
        const VectorXd coefficients = solver.solve(triangle.col(size));
        const double error = (triangle.col(size) - part * coefficients).squaredNorm();
        step.score = score_of(std::max(error, floor), cost, rows);
        steps.push_back(std::move(step));
        // What taking a column out adds to the error: coefficient^2 / (the inverse's diagonal).
        const VectorXd inverse = solver.inverse_diagonal();
        std::vector<std::pair<double, Index>> losses;
        for (Index k = 0; k < count; ++k) losses.emplace_back(coefficients[k] * coefficients[k] / inverse[k], k);
        std::sort(losses.begin(), losses.end());
        const std::size_t out = static_cast<std::size_t>(count > 48 ? count / 3 : count > 24 ? count / 8 : 1);
        std::vector<char> gone(static_cast<std::size_t>(count));
        const double noise = (error + 1e3 * floor) / std::max(1.0, rows - static_cast<double>(count));
        for (std::size_t k = 0; k < out; ++k)
            if (k == 0 || losses[k].first < 2 * noise) gone[static_cast<std::size_t>(losses[k].second)] = 1;
        std::vector<Index> next;
        for (Index k = 0; k < count; ++k)
            if (gone[static_cast<std::size_t>(k)] == 0) next.push_back(left[static_cast<std::size_t>(k)]);
        left = std::move(next);
    }
    std::stable_sort(steps.begin(), steps.end(),
                     [](const Step& a, const Step& b) { return a.score < b.score; });
    std::vector<SparseFit> fits;
    for (const Step& step : steps) {
        if (fits.size() >= most) break;
        if (step.columns.size() <= 20)
            fits.push_back(least_squares(library, target, MatrixXd(target.size(), 0), step.columns));
    }
    return fits;
}

} // namespace ropewalk::formula
