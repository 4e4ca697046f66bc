#include "ropewalk/formulas/laws/views.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "ropewalk/formulas/laws/term_library.hpp"

namespace ropewalk::formula {

namespace {

Program signed_program(const Program& program, double sign) {
    return sign < 0 ? combine(Operator::multiply, constant(program.variables, -1), program) : program;
}

std::optional<Unit> raised(const std::optional<Unit>& unit, double exponent) {
    if (!unit) return unit;
    Unit result;
    for (const auto& [symbol, sixtieths] : unit->sixtieths)
        result.sixtieths[symbol] = static_cast<int>(std::lround(sixtieths * exponent));
    return result;
}

} // namespace

std::vector<View> views_of(const std::vector<double>& target, const std::optional<Unit>& unit,
                           const std::vector<Operator>& operators) {
    const auto rows = static_cast<Eigen::Index>(target.size());
    const Eigen::ArrayXd y = Eigen::Map<const Eigen::ArrayXd>(target.data(), rows);
    const bool pure = !unit || *unit == Unit{};
    const auto allowed = [&](Operator operation) {
        return std::find(operators.begin(), operators.end(), operation) != operators.end();
    };
    std::vector<View> views;
    const auto offer = [&](const char* name, const Eigen::ArrayXd& values, const Eigen::ArrayXd& weights,
                           std::optional<Unit> of, Program (*back)(const Program&, double), double sign) {
        const double largest = weights.maxCoeff();
        if (!values.allFinite() || !weights.allFinite() || !(largest > 0)) return;
        views.push_back({name, values.matrix(), (weights / largest).matrix(), std::move(of), back, sign});
    };
    offer(
        "y", y, Eigen::ArrayXd::Ones(rows), unit, [](const Program& u, double) { return u; }, 1);
    const double scale = y.abs().maxCoeff();
    if (!(scale > 0)) return views;
    // Values near 0 have nothing to say where the target is divided by.
    const Eigen::ArrayXd safe = (y.abs() < 1e-9 * scale).select(1e-9 * scale, y);
    const bool positive = y.minCoeff() >= 0, one_sign = positive || y.maxCoeff() <= 0;
    const double sign = positive ? 1 : -1;
    offer(
        "1/y", 1 / safe, y.square(), raised(unit, -1),
        [](const Program& u, double) { return combine(Operator::reciprocal, u); }, 1);
    if (one_sign && allowed(Operator::square_root)) {
        offer(
            "y^2", y.square(), (0.5 / safe.abs()).min(1e3 / scale), raised(unit, 2),
            [](const Program& u, double s) { return signed_program(combine(Operator::square_root, u), s); },
            sign);
        offer(
            "1/y^2", 1 / safe.square(), safe.abs().cube(), raised(unit, -2),
            [](const Program& u, double s) {
                return signed_program(combine(Operator::reciprocal, combine(Operator::square_root, u)), s);
            },
            sign);
    }
    if (one_sign)
        offer(
            "sqrt y", y.abs().sqrt(), y.abs().sqrt(), raised(unit, 0.5),
            [](const Program& u, double s) { return signed_program(combine(Operator::square, u), s); }, sign);
    if (one_sign && pure && allowed(Operator::exponential))
        offer(
            "log y", safe.abs().log(), y.abs(), unit,
            [](const Program& u, double s) { return signed_program(combine(Operator::exponential, u), s); },
            sign);
    if (pure && allowed(Operator::logarithm) && y.maxCoeff() < 40 && y.minCoeff() > -40)
        offer(
            "exp y", y.exp(), (-y).exp(), unit,
            [](const Program& u, double) { return combine(Operator::logarithm, u); }, 1);
    constexpr double half = std::numbers::pi / 2;
    if (pure && allowed(Operator::arcsine) && y.abs().maxCoeff() <= half)
        offer(
            "sin y", y.sin(), 1 / (y.cos().max(1e-3)), unit,
            [](const Program& u, double) { return combine(Operator::arcsine, u); }, 1);
    if (pure && allowed(Operator::arccosine) && positive && y.maxCoeff() <= 2 * half)
        offer(
            "cos y", y.cos(), 1 / (y.sin().max(1e-3)), unit,
            [](const Program& u, double) { return combine(Operator::arccosine, u); }, 1);
    return views;
}

} // namespace ropewalk::formula
