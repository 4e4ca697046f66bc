#include "ropewalk/formulas/laws/number_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ropewalk/formulas/laws/least_squares.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

constexpr std::size_t piece = 256;

/// Derivatives of an operator by its operands where they are not 0 or 1.
void slopes(Operator operation, const double* x, const double* y, const double* value, double* by_left,
            double* by_right, std::size_t rows) {
    using enum Operator;
    const auto fill = [&](double* out, auto function) {
        for (std::size_t n = 0; n < rows; ++n) out[n] = function(n);
    };
    switch (operation) {
    case add: fill(by_left, [](auto) { return 1.0; }), fill(by_right, [](auto) { return 1.0; }); return;
    case subtract: fill(by_left, [](auto) { return 1.0; }), fill(by_right, [](auto) { return -1.0; }); return;
    case multiply:
        fill(by_left, [&](auto n) { return y[n]; }), fill(by_right, [&](auto n) { return x[n]; });
        return;
    case divide:
        fill(by_left, [&](auto n) { return 1 / y[n]; });
        fill(by_right, [&](auto n) { return -value[n] / y[n]; });
        return;
    case minimum:
        fill(by_left, [&](auto n) { return x[n] <= y[n] ? 1.0 : 0.0; });
        fill(by_right, [&](auto n) { return x[n] <= y[n] ? 0.0 : 1.0; });
        return;
    case maximum:
        fill(by_left, [&](auto n) { return x[n] >= y[n] ? 1.0 : 0.0; });
        fill(by_right, [&](auto n) { return x[n] >= y[n] ? 0.0 : 1.0; });
        return;
    case square: return fill(by_left, [&](auto n) { return 2 * x[n]; });
    case square_root: return fill(by_left, [&](auto n) { return 0.5 / value[n]; });
    case reciprocal: return fill(by_left, [&](auto n) { return -value[n] * value[n]; });
    case exponential: return fill(by_left, [&](auto n) { return value[n]; });
    case logarithm: return fill(by_left, [&](auto n) { return 1 / x[n]; });
    case sine: return apply_column(cosine, x, x, by_left, rows);
    case cosine:
        apply_column(sine, x, x, by_left, rows);
        return fill(by_left, [&](auto n) { return -by_left[n]; });
    case power:
        fill(by_left, [&](auto n) { return x[n] == 0 ? 0 : y[n] * value[n] / x[n]; });
        fill(by_right, [&](auto n) { return x[n] <= 0 ? 0 : value[n] * std::log(x[n]); });
        return;
    case tangent: return fill(by_left, [&](auto n) { return 1 + value[n] * value[n]; });
    case hyperbolic_tangent: return fill(by_left, [&](auto n) { return 1 - value[n] * value[n]; });
    case arcsine: return fill(by_left, [&](auto n) { return 1 / std::sqrt(1 - x[n] * x[n]); });
    case arccosine: return fill(by_left, [&](auto n) { return -1 / std::sqrt(1 - x[n] * x[n]); });
    case arctangent: return fill(by_left, [&](auto n) { return 1 / (1 + x[n] * x[n]); });
    case absolute: return fill(by_left, [&](auto n) { return x[n] < 0 ? -1.0 : 1.0; });
    case modulo:
        fill(by_left, [](auto) { return 1.0; });
        return fill(by_right, [&](auto n) { return -std::floor(x[n] / y[n]); });
    case no_operation: return fill(by_left, [](auto) { return 1.0; });
    case sign:
    case floor:
    case ceiling: return fill(by_left, [](auto) { return 0.0; });
    case less: fill(by_left, [](auto) { return 0.0; }), fill(by_right, [](auto) { return 0.0; }); return;
    case constant: return;
    }
}

/// A program whose free numbers are parameters.
class Model {
public:
    Model(const Program& program, const Problem& problem, const std::vector<char>& frozen)
        : program_(program), problem_(problem), depends_(static_cast<std::size_t>(program.slots())) {
        for (std::size_t l = 0; l < program.lines.size(); ++l)
            if (program.lines[l].operation == Operator::constant && (frozen.empty() || frozen[l] == 0))
                free_.push_back(l);
        parameters_ = free_.size();
        for (std::size_t k = 0; k < parameters_; ++k) depends_[slot(free_[k])].push_back(k);
        for (std::size_t l = 0; l < program.lines.size(); ++l) {
            const Line& line = program.lines[l];
            auto& mine = depends_[slot(l)];
            const int arity = info(line.operation).arity;
            if (arity >= 1) merge(mine, depends_[static_cast<std::size_t>(line.left)]);
            if (arity >= 2) merge(mine, depends_[static_cast<std::size_t>(line.right)]);
        }
        const auto slots = static_cast<std::size_t>(program.slots());
        values_.resize(slots * piece);
        derivatives_.resize(slots * parameters_ * piece);
        by_left_.resize(piece), by_right_.resize(piece);
    }

    std::size_t parameters() const { return parameters_; }
    const std::vector<std::size_t>& lines() const { return free_; }
    Eigen::VectorXd start() const {
        Eigen::VectorXd numbers(static_cast<Eigen::Index>(parameters_));
        for (std::size_t k = 0; k < parameters_; ++k)
            numbers[static_cast<Eigen::Index>(k)] = program_.lines[free_[k]].value;
        return numbers;
    }
    Program with(const Eigen::VectorXd& numbers) const {
        Program program = program_;
        for (std::size_t k = 0; k < parameters_; ++k)
            program.lines[free_[k]].value = numbers[static_cast<Eigen::Index>(k)];
        return program;
    }

    /// The squared error; with it the normal equations J^T J and J^T r, r = target - value. Infinite where a
    /// value is not finite.
    double normal_equations(const Eigen::VectorXd& numbers, Eigen::MatrixXd* squares,
                            Eigen::VectorXd* products) {
        const std::size_t rows = problem_.target.size();
        const auto p = static_cast<Eigen::Index>(parameters_);
        double error = 0;
        if (squares != nullptr) squares->setZero(p, p), products->setZero(p);
        Eigen::MatrixXd jacobian(static_cast<Eigen::Index>(piece), p);
        Eigen::VectorXd residual(static_cast<Eigen::Index>(piece));
        for (std::size_t begin = 0; begin < rows; begin += piece) {
            const std::size_t count = std::min(piece, rows - begin);
            run(numbers, begin, count, squares != nullptr);
            const auto result = static_cast<std::size_t>(program_.result());
            const double* const value = column(result, begin);
            for (std::size_t n = 0; n < count; ++n) {
                const double weight = problem_.weights.empty() ? 1 : std::sqrt(problem_.weights[begin + n]);
                const double difference = weight * (problem_.target[begin + n] - value[n]);
                residual[static_cast<Eigen::Index>(n)] = difference;
                error += difference * difference;
            }
            if (!std::isfinite(error)) return std::numeric_limits<double>::infinity();
            if (squares == nullptr) continue;
            const auto size = static_cast<Eigen::Index>(count);
            jacobian.setZero();
            for (const std::size_t k : depends_[result]) {
                const double* const derivative = derivatives(result, k);
                for (std::size_t n = 0; n < count; ++n) {
                    const double weight =
                        problem_.weights.empty() ? 1 : std::sqrt(problem_.weights[begin + n]);
                    const double each = weight * derivative[n];
                    jacobian(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(k)) =
                        std::isfinite(each) ? each : 0;
                }
            }
            squares->noalias() += jacobian.topRows(size).transpose() * jacobian.topRows(size);
            products->noalias() += jacobian.topRows(size).transpose() * residual.head(size);
        }
        return error;
    }

private:
    std::size_t slot(std::size_t line) const { return static_cast<std::size_t>(program_.variables) + line; }
    static void merge(std::vector<std::size_t>& into, const std::vector<std::size_t>& more) {
        for (const std::size_t k : more)
            if (std::find(into.begin(), into.end(), k) == into.end()) into.push_back(k);
    }
    const double* column(std::size_t slot, std::size_t begin) const {
        return slot < static_cast<std::size_t>(program_.variables) ? problem_.inputs[slot].data() + begin
                                                                   : &values_[slot * piece];
    }
    double* derivatives(std::size_t slot, std::size_t k) {
        return &derivatives_[(slot * parameters_ + k) * piece];
    }

    void run(const Eigen::VectorXd& numbers, std::size_t begin, std::size_t count, bool with_derivatives) {
        std::size_t next = 0;
        for (std::size_t l = 0; l < program_.lines.size(); ++l) {
            const Line& line = program_.lines[l];
            const std::size_t here = slot(l);
            double* const value = &values_[here * piece];
            if (line.operation == Operator::constant) {
                const bool is_free = next < parameters_ && free_[next] == l;
                std::fill_n(value, count, is_free ? numbers[static_cast<Eigen::Index>(next)] : line.value);
                if (is_free && with_derivatives) std::fill_n(derivatives(here, next), count, 1.0);
                if (is_free) ++next;
                continue;
            }
            const auto left = static_cast<std::size_t>(line.left),
                       right = static_cast<std::size_t>(line.right);
            const double* const x = column(left, begin);
            const double* const y = column(right, begin);
            apply_column(line.operation, x, y, value, count);
            if (!with_derivatives || depends_[here].empty()) continue;
            slopes(line.operation, x, y, value, by_left_.data(), by_right_.data(), count);
            const bool binary = info(line.operation).arity == 2;
            for (const std::size_t k : depends_[here]) {
                double* const out = derivatives(here, k);
                std::fill_n(out, count, 0.0);
                add_to(out, left, k, by_left_.data(), count);
                if (binary) add_to(out, right, k, by_right_.data(), count);
            }
        }
    }

    void add_to(double* out, std::size_t operand, std::size_t k, const double* slope, std::size_t count) {
        const auto& mine = depends_[operand];
        if (std::find(mine.begin(), mine.end(), k) == mine.end()) return;
        const double* const inner = derivatives(operand, k);
        // What an infinite exponential does to a value that it no longer moves counts for nothing.
        for (std::size_t n = 0; n < count; ++n) {
            const double each = slope[n] * inner[n];
            out[n] += std::isfinite(each) ? each : 0;
        }
    }

    const Program& program_;
    const Problem& problem_;
    std::vector<std::size_t> free_;
    std::vector<std::vector<std::size_t>> depends_; ///< free numbers that a slot depends on
    std::size_t parameters_ = 0;
    std::vector<double> values_, derivatives_, by_left_, by_right_;
};

} // namespace

Program fit_numbers(const Program& program, const Problem& problem, int steps,
                    const std::vector<char>& frozen) {
    Model model(program, problem, frozen);
    if (model.parameters() == 0 || problem.target.size() < model.parameters()) return program;
    Eigen::VectorXd numbers = model.start();
    Eigen::MatrixXd squares;
    Eigen::VectorXd products;
    double error = model.normal_equations(numbers, &squares, &products);
    if (!std::isfinite(error)) return program;
    double damping = 1e-4;
    for (int step = 0; step < steps && error > 0; ++step) {
        Eigen::MatrixXd damped = squares;
        // Scaled by the diagonal (Marquardt 1963).
        const Eigen::VectorXd scale = squares.diagonal().cwiseMax(1e-300).cwiseSqrt();
        for (Eigen::Index k = 0; k < damped.rows(); ++k) {
            damped.row(k) /= scale[k];
            damped.col(k) /= scale[k];
        }
        damped.diagonal().array() += damping;
        const Eigen::VectorXd move = solve_symmetric(damped, products.cwiseQuotient(scale)).cwiseQuotient(scale);
        const Eigen::VectorXd trial = numbers + move;
        if (!trial.allFinite()) break;
        Eigen::MatrixXd next_squares;
        Eigen::VectorXd next_products;
        const double next = model.normal_equations(trial, &next_squares, &next_products);
        if (next < error) {
            const bool done = error - next <= 1e-10 * error && damping < 1e-3;
            numbers = trial;
            error = next;
            squares = std::move(next_squares);
            products = std::move(next_products);
            damping = std::max(damping * 0.1, 1e-14);
            if (done) break;
        } else {
            damping = std::max(damping, 1e-9) * 8;
            if (damping > 1e8) break;
        }
    }
    return numbers.allFinite() ? model.with(numbers) : program;
}

Curvature curvature_of(const Program& program, const Problem& problem, const std::vector<char>& frozen) {
    Model model(program, problem, frozen);
    Curvature curvature{model.lines(), {}, 0};
    Eigen::VectorXd products;
    curvature.squared_error = model.normal_equations(model.start(), &curvature.squares, &products);
    return curvature;
}

} // namespace ropewalk::formula
