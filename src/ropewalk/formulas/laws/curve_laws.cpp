#include "ropewalk/formulas/laws/curve_laws.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "ropewalk/formulas/laws/sparse_regression.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

enum class Curve { logistic, gompertz, bell, resonance, saturation, rise_and_decay };
constexpr std::array curves{Curve::logistic,  Curve::gompertz,   Curve::bell,
                            Curve::resonance, Curve::saturation, Curve::rise_and_decay};

/// Where a curve lies, and how wide it is; of a saturation, where it is half of what it comes to, and its exponent; of a
/// rise and decay, the exponent and the width.
struct Placing {
    double place = 0, width = 1;
};

ArrayXd values_of(Curve curve, const ArrayXd& x, Placing at) {
    switch (curve) {
    case Curve::logistic: return 1 / (1 + ((at.place - x) / at.width).exp());
    case Curve::gompertz: return (-((at.place - x) / at.width).exp()).exp();
    case Curve::bell: return (-((x - at.place) / at.width).square()).exp();
    case Curve::resonance: return 1 / (1 + ((x - at.place) / at.width).square());
    case Curve::saturation: return 1 / (1 + (at.place / x).pow(at.width));
    default: return x.pow(at.place) * (-x / at.width).exp();
    }
}

Program negated(const Program& program) { return combine(Operator::multiply, constant(program.variables, -1), program); }

/// a f(x), as it is written.
Program curve_program(Curve curve, const Program& x, Placing at, double a) {
    using enum Operator;
    const int count = x.variables;
    const auto number = [count](double value) { return formula::constant(count, value); };
    const auto over_width = [&](const Program& left, const Program& right) {
        return combine(divide, combine(subtract, left, right), number(at.width));
    };
    switch (curve) {
    case Curve::logistic:
        return combine(divide, number(a), combine(add, combine(exponential, over_width(number(at.place), x)), number(1)));
    case Curve::gompertz:
        return combine(multiply, number(a),
                       combine(exponential, negated(combine(exponential, over_width(number(at.place), x)))));
    case Curve::bell:
        return combine(multiply, number(a),
                       combine(exponential, negated(combine(square, over_width(x, number(at.place))))));
    case Curve::resonance:
        return combine(divide, number(a), combine(add, combine(square, over_width(x, number(at.place))), number(1)));
    case Curve::saturation:
        return combine(divide, number(a),
                       combine(add, combine(power, combine(divide, number(at.place), x), number(at.width)), number(1)));
    default:
        return combine(multiply, number(a),
                       combine(multiply, combine(power, x, number(at.place)),
                               combine(exponential, negated(combine(divide, x, number(at.width))))));
    }
}

std::vector<Placing> grid_of(Curve curve, const ArrayXd& x) {
    constexpr int places = 9;
    constexpr std::array widths{0.03, 0.06, 0.12, 0.25, 0.5};
    const double low = x.minCoeff(), high = x.maxCoeff(), span = high - low;
    std::vector<Placing> grid;
    if (curve == Curve::rise_and_decay) {
        for (const double exponent : {0.5, 1.0, 2.0, 3.0})
            for (const double width : widths) grid.push_back({exponent, width * high});
        return grid;
    }
    for (int k = 0; k < places; ++k) {
        const double share = k / (places - 1.0);
        if (curve == Curve::saturation) {
            for (const double exponent : {1.0, 2.0, 3.0, 5.0})
                grid.push_back({low * std::pow(high / low, share), exponent});
            continue;
        }
        for (const double width : widths) {
            grid.push_back({low + share * span, width * span});
            if (curve == Curve::logistic || curve == Curve::gompertz) grid.push_back({low + share * span, -width * span});
        }
    }
    return grid;
}

bool is_possible(Curve curve, const LawContext& context, const ArrayXd& x) {
    if (curve == Curve::resonance) return true;
    if (curve == Curve::saturation) return context.allowed(Operator::logarithm) && x.minCoeff() > 0;
    return context.allowed(Operator::exponential) && (curve != Curve::rise_and_decay || x.minCoeff() >= 0);
}

/// A place of the grid with the coefficients of least squares there.
struct Fitted {
    Placing at;
    SparseFit fit;
};

/// The best few places, which are not beside each other by chance only: the best one of each width.
std::vector<Fitted> best_places(Curve curve, const Part& part, const ArrayXd& x, bool offset) {
    constexpr std::size_t most = 2;
    const Index rows = part.weights.size();
    const VectorXd target = (Eigen::Map<const ArrayXd>(part.problem.target.data(), rows) * part.weights).matrix();
    std::vector<Fitted> best;
    for (const Placing& at : grid_of(curve, x)) {
        MatrixXd columns(rows, offset ? 2 : 1);
        columns.col(0) = (values_of(curve, x, at) * part.weights).matrix();
        if (offset) columns.col(1) = part.weights.matrix();
        if (!columns.allFinite() || columns.col(0).squaredNorm() == 0) continue;
        std::vector<Index> all{0};
        if (offset) all.push_back(1);
        Fitted each{at, least_squares(columns, target, MatrixXd(rows, 0), all)};
        if (each.fit.coefficients.size() != all.size()) continue;
        const auto same = std::find_if(best.begin(), best.end(), [&](const Fitted& other) { return other.at.width == at.width; });
        if (same == best.end())
            best.push_back(std::move(each));
        else if (each.fit.squared_error < same->fit.squared_error)
            *same = std::move(each);
    }
    std::stable_sort(best.begin(), best.end(),
                     [](const Fitted& a, const Fitted& b) { return a.fit.squared_error < b.fit.squared_error; });
    if (best.size() > most) best.resize(most);
    return best;
}

} // namespace

void try_curves(const LawContext& context, const Part& part, Candidates& candidates) {
    constexpr std::size_t most_variables = 4;
    constexpr Index least_rows = 6;
    if (!context.problem.units.empty() || part.weights.size() < least_rows) return;
    std::vector<Program> programs;
    for (std::size_t k = 0; k < std::min(most_variables, part.variables.size()) && !context.stopped(); ++k) {
        const auto& column = part.problem.inputs[static_cast<std::size_t>(part.variables[k])];
        const ArrayXd x = Eigen::Map<const ArrayXd>(column.data(), static_cast<Index>(column.size()));
        if (!x.allFinite() || !(x.maxCoeff() > x.minCoeff())) continue;
        const Program along = variable(context.variables(), part.variables[k]);
        for (const Curve curve : curves) {
            if (!is_possible(curve, context, x)) continue;
            for (const bool offset : {false, true})
                for (const Fitted& each : best_places(curve, part, x, offset)) {
                    Program program = curve_program(curve, along, each.at, each.fit.coefficients[0]);
                    if (offset)
                        program = combine(Operator::add, program, constant(context.variables(), each.fit.coefficients[1]));
                    programs.push_back(part.whole(program));
                }
        }
    }
    candidates.consider(std::move(programs), 4);
}

} // namespace ropewalk::formula
