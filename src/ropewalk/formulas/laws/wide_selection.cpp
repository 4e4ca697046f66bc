#include "ropewalk/formulas/laws/wide_selection.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

namespace ropewalk::formula {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// What is left of a column's square once it counts as spanned by others.
constexpr double spanned_by_set = 1e-8;
/// Rows that an error counts for while the shortlist is made: few, so that what is simple stays in.
constexpr double shortlist_rows = 30;

/// Columns beside which all pairs are looked at.
constexpr std::size_t leading_columns = 10;

/// Columns of length 1, the target's products with them, and theirs with each other.
struct Products {
    std::vector<Index> columns; ///< of the library
    std::vector<double> costs;
    MatrixXd gram;
    VectorXd target;
    double squares = 0; ///< of the target
    double rows = 0;
    Index always = -1; ///< its place among the columns
};

double wide_score(const Products& products, double squared_error, double cost) {
    const double least = 1e-22 * products.squares + 1e-300;
    return 0.5 * products.rows * std::log2(std::max(squared_error, least)) + cost;
}

/// A set on the way: what is left of the products once its columns are taken out.
struct WideState {
    std::vector<Index> set;
    double cost = 0, error = 0;
    VectorXd target, squares;
    std::vector<VectorXd> along; ///< of each direction with all columns
};

WideState empty_state(const Products& products) {
    return {{}, 0, products.squares, products.target, products.gram.diagonal(), {}};
}

/// Takes a column in; false where the set spans it.
bool take(const Products& products, WideState& state, Index column) {
    if (!(state.squares[column] > spanned_by_set)) return false;
    VectorXd along = products.gram.col(column);
    for (const VectorXd& each : state.along) along -= each[column] * each;
    along /= std::sqrt(state.squares[column]);
    const double share = state.target[column] / std::sqrt(state.squares[column]);
    state.target -= share * along;
    state.squares -= along.cwiseAbs2();
    state.error = std::max(0.0, state.error - share * share);
    state.cost += products.costs[static_cast<std::size_t>(column)];
    state.set.push_back(column);
    state.along.push_back(std::move(along));
    return true;
}

WideState state_of(const Products& products, const std::vector<Index>& set) {
    WideState state = empty_state(products);
    for (const Index column : set) take(products, state, column);
    return state;
}

struct WideExtension {
    double score = 0;
    Index column = 0;
};

std::vector<WideExtension> wide_extensions(const Products& products, const WideState& state,
                                           std::size_t most) {
    std::vector<WideExtension> found;
    for (Index j = 0; j < state.target.size(); ++j) {
        if (!(state.squares[j] > spanned_by_set)) continue;
        const double left = state.error - state.target[j] * state.target[j] / state.squares[j];
        found.push_back(
            {wide_score(products, left, state.cost + products.costs[static_cast<std::size_t>(j)]), j});
    }
    const auto better = [](const WideExtension& a, const WideExtension& b) {
        return std::tie(a.score, a.column) < std::tie(b.score, b.column);
    };
    const std::size_t kept = std::min(found.size(), most);
    std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(kept), found.end(), better);
    found.resize(kept);
    return found;
}

/// Columns that explain most for what they cost, and the products of them.
Products products_of(const MatrixXd& library, const VectorXd& target, const std::vector<double>& costs,
                     Index always, const WideOptions& options) {
    Products products;
    products.squares = target.squaredNorm();
    products.rows = static_cast<double>(target.size());
    const VectorXd lengths = library.colwise().stableNorm();
    // Good alone, good beside a number, and cheap: whatever is good with others is one of these.
    const VectorXd level =
        options.level.size() == target.size() ? options.level.normalized() : VectorXd::Zero(target.size());
    const VectorXd with_target = library.transpose() * target, with_level = library.transpose() * level;
    const double target_level = target.dot(level);
    const double around = std::max(products.squares - target_level * target_level, 1e-300);
    std::vector<std::pair<double, Index>> alone, beside, cheap;
    for (Index j = 0; j < library.cols(); ++j) {
        if (!std::isfinite(lengths[j]) || !(lengths[j] > 0)) continue;
        const double cost = costs[static_cast<std::size_t>(j)], square = lengths[j] * lengths[j];
        const auto bits = [&](double share) {
            return 0.5 * shortlist_rows * std::log2(std::max(1 - share, 1e-9)) + cost;
        };
        const double rest = std::max(square - with_level[j] * with_level[j], 1e-9 * square);
        const double together = with_target[j] - with_level[j] * target_level;
        alone.emplace_back(bits(with_target[j] * with_target[j] / (square * products.squares)), j);
        beside.emplace_back(bits(together * together / (rest * around)), j);
        cheap.emplace_back(cost, j);
    }
    std::vector<Index> order;
    std::vector<char> in(static_cast<std::size_t>(library.cols()));
    const auto put = [&](Index j) {
        if (std::exchange(in[static_cast<std::size_t>(j)], 1) == 0) order.push_back(j);
    };
    for (auto* each : {&alone, &beside, &cheap}) std::sort(each->begin(), each->end());
    if (always >= 0 && lengths[always] > 0 && std::isfinite(lengths[always])) put(always);
    for (std::size_t k = 0; k < alone.size() && static_cast<Index>(order.size()) < options.shortlist; ++k)
        for (const auto* each : {&beside, &alone, &cheap}) put((*each)[k].second);
    const auto count = static_cast<Index>(order.size());
    MatrixXd chosen(target.size(), count);
    for (Index k = 0; k < count; ++k) {
        const Index j = order[static_cast<std::size_t>(k)];
        chosen.col(k) = library.col(j) / lengths[j];
        products.columns.push_back(j);
        products.costs.push_back(costs[static_cast<std::size_t>(j)]);
        if (j == always) products.always = k;
    }
    products.gram.setZero(count, count);
    products.gram.selfadjointView<Eigen::Lower>().rankUpdate(chosen.transpose());
    products.gram.triangularView<Eigen::StrictlyUpper>() = products.gram.transpose();
    products.target = chosen.transpose() * target;
    return products;
}

using Scored = std::pair<double, std::vector<Index>>;

/// The best pairs of all, beside the columns of a state.
std::vector<Scored> best_pairs(const Products& products, const WideState& state, std::size_t most,
                               const std::function<bool()>& stop) {
    MatrixXd gram = products.gram;
    for (const VectorXd& each : state.along) gram.noalias() -= each * each.transpose();
    std::vector<Scored> found;
    double worst = std::numeric_limits<double>::infinity();
    const auto keep = [&](double score, Index i, Index j) {
        std::vector<Index> set = state.set;
        set.push_back(i), set.push_back(j);
        found.emplace_back(score, std::move(set));
        if (found.size() < 4 * most) return;
        std::nth_element(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(most), found.end());
        found.resize(most);
        worst = std::max_element(found.begin(), found.end())->first;
    };
    const double half_rows = 0.5 * products.rows;
    for (Index i = 0; i < gram.cols(); ++i) {
        if (!(state.squares[i] > spanned_by_set)) continue;
        if (i % 64 == 0 && stop && stop()) break;
        const double a = state.squares[i], p = state.target[i];
        const double cost = state.cost + products.costs[static_cast<std::size_t>(i)];
        for (Index j = i + 1; j < gram.cols(); ++j) {
            const double b = state.squares[j], q = state.target[j], c = gram(j, i);
            const double whole = a * b - c * c;
            if (!(whole > spanned_by_set * a * b) || !(b > spanned_by_set)) continue;
            const double gain = (p * p * b + q * q * a - 2 * p * q * c) / whole;
            const double both = cost + products.costs[static_cast<std::size_t>(j)];
            // log2 x <= (x - 1)/ln 2: most pairs need no logarithm.
            const double share = std::max((state.error - gain) / products.squares, 1e-22);
            if (share > 0.9 && found.size() >= most) continue;
            const double score = half_rows * std::log2(share * products.squares) + both;
            if (score < worst) keep(score, i, j);
        }
    }
    std::sort(found.begin(), found.end());
    if (found.size() > most) found.resize(most);
    return found;
}

/// Every column of a set in turn exchanged for the best in its place, until nothing gets better.
Scored exchanged(const Products& products, Scored from) {
    for (int round = 0; round < 6; ++round) {
        bool better = false;
        for (std::size_t k = 0; k < from.second.size(); ++k) {
            std::vector<Index> rest = from.second;
            rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(k));
            const WideState state = state_of(products, rest);
            const auto best = wide_extensions(products, state, 1);
            if (best.empty() || !(best.front().score < from.first - 1e-6)) continue;
            from.first = best.front().score;
            from.second = std::move(rest);
            from.second.push_back(best.front().column);
            better = true;
        }
        if (!better) break;
    }
    return from;
}

} // namespace

std::vector<std::vector<std::vector<Index>>> wide_sets(const MatrixXd& columns, const VectorXd& target,
                                                       const std::vector<double>& costs, Index always,
                                                       const WideOptions& options) {
    const auto stopped = [&] { return options.stop && options.stop(); };
    const Products products = products_of(columns, target, costs, always, options);
    std::vector<std::vector<Scored>> by_size(static_cast<std::size_t>(options.most_terms) + 1);
    std::vector<std::set<std::vector<Index>>> seen(by_size.size());
    const auto offer = [&](Scored scored) {
        const std::size_t size = scored.second.size();
        if (size >= by_size.size()) return;
        std::sort(scored.second.begin(), scored.second.end());
        if (seen[size].insert(scored.second).second) by_size[size].push_back(std::move(scored));
    };
    const WideState nothing = empty_state(products);
    for (const WideExtension& each : wide_extensions(products, nothing, 12))
        offer({each.score, {each.column}});
    const auto pairs = static_cast<std::size_t>(options.beam) * 2;
    for (Scored& each : best_pairs(products, nothing, pairs, options.stop)) offer(std::move(each));
    if (products.always >= 0 && !stopped()) {
        WideState beside = nothing;
        if (take(products, beside, products.always))
            for (Scored& each : best_pairs(products, beside, pairs, options.stop)) offer(std::move(each));
    }
    // All pairs once more beside the columns that the best pairs have.
    std::sort(by_size[2].begin(), by_size[2].end());
    std::vector<Index> leading;
    const auto lead = [&](Index column, std::size_t most) {
        if (leading.size() < most && std::find(leading.begin(), leading.end(), column) == leading.end())
            leading.push_back(column);
    };
    WideState number = nothing;
    if (products.always >= 0) take(products, number, products.always);
    for (const WideExtension& each : wide_extensions(products, number, leading_columns / 2))
        lead(each.column, leading_columns);
    for (const Scored& each : by_size[2])
        for (const Index column : each.second) lead(column, leading_columns);
    for (const Index column : leading) {
        WideState beside = nothing;
        if (stopped() || !take(products, beside, column)) continue;
        for (Scored& each : best_pairs(products, beside, pairs / 2, options.stop)) offer(std::move(each));
    }
    double best = std::numeric_limits<double>::infinity();
    int without_gain = 0;
    for (std::size_t size = 2; size < by_size.size() && !stopped(); ++size) {
        auto& sets = by_size[size];
        std::sort(sets.begin(), sets.end());
        for (std::size_t s = 0; s < std::min<std::size_t>(sets.size(), 8) && size > 2 && !stopped(); ++s)
            offer(exchanged(products, sets[s]));
        std::sort(sets.begin(), sets.end());
        if (sets.size() > static_cast<std::size_t>(options.beam))
            sets.resize(static_cast<std::size_t>(options.beam));
        if (sets.empty()) break;
        without_gain = sets.front().first < best ? 0 : without_gain + 1;
        best = std::min(best, sets.front().first);
        const double exact = 0.5 * products.rows * std::log2(1e-18 * products.squares + 1e-300);
        if (without_gain >= 2 || best < exact + 500 || size + 1 == by_size.size()) break;
        for (const Scored& each : std::vector<Scored>(sets)) {
            if (stopped()) break;
            const WideState state = state_of(products, each.second);
            for (const WideExtension& more :
                 wide_extensions(products, state, static_cast<std::size_t>(options.branch))) {
                Scored grown{more.score, each.second};
                grown.second.push_back(more.column);
                offer(std::move(grown));
            }
        }
    }
    // What a larger set can do without.
    for (std::size_t size = by_size.size() - 1; size > 1 && !stopped(); --size) {
        std::sort(by_size[size].begin(), by_size[size].end());
        for (std::size_t s = 0; s < std::min<std::size_t>(by_size[size].size(), 4); ++s)
            for (std::size_t k = 0; k < size; ++k) {
                std::vector<Index> rest = by_size[size][s].second;
                rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(k));
                const WideState state = state_of(products, rest);
                offer({wide_score(products, state.error, state.cost), std::move(rest)});
            }
    }
    std::vector<std::vector<std::vector<Index>>> result;
    for (std::size_t size = 1; size < by_size.size(); ++size) {
        std::sort(by_size[size].begin(), by_size[size].end());
        result.emplace_back();
        for (const Scored& each : by_size[size]) {
            if (result.back().size() >= options.kept) break;
            result.back().emplace_back();
            for (const Index k : each.second)
                result.back().back().push_back(products.columns[static_cast<std::size_t>(k)]);
        }
    }
    return result;
}

} // namespace ropewalk::formula
