#include "ropewalk/formulas/laws/description.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numbers>
#include <set>

#include "ropewalk/formulas/laws/gathered.hpp"
#include "ropewalk/formulas/laws/number_fit.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

double whole_bits(double value) { return 1 + 2 * std::log2(1 + std::abs(value)); }

/// Numbers that laws are written with, and what it costs to name one.
struct NamedUnit {
    double value = 1;
    double bits = 0;
    double most_denominator = 12;
    double most_numerator = 1e6;
};

const std::vector<NamedUnit>& named_units() {
    using std::numbers::pi;
    static const std::vector<NamedUnit> units{{1, 0, 12, 1e6},
                                              {pi, 5, 8, 40},
                                              {1 / pi, 5, 8, 40},
                                              {pi * pi, 8, 8, 40},
                                              {1 / (pi * pi), 8, 8, 40},
                                              {1 / (pi * pi * pi), 9, 8, 40},
                                              {std::sqrt(2.0), 9, 4, 12},
                                              {std::sqrt(pi), 11, 4, 12},
                                              {1 / std::sqrt(pi), 11, 4, 12},
                                              {1 / std::sqrt(2 * pi), 9, 4, 12},
                                              {std::log(10.0), 10, 4, 12},
                                              {1 / std::log(10.0), 10, 4, 12}};
    return units;
}

struct Simple {
    double value = 0;
    double bits = 0;
};

/// How many bits a formula loses with a number that becomes 0.
double bits_without(const Program& program, std::size_t line, double free_bits) {
    Program without = program;
    without.lines[line].value = 0;
    return formula_bits(program, free_bits) - formula_bits(simplified(without), free_bits);
}

/// The nearest number of so many decimal digits.
double rounded_to(double value, int digits) {
    char text[40];
    std::snprintf(text, sizeof text, "%.*e", digits - 1, value);
    return std::strtod(text, nullptr);
}

/// The diagonal of the inverse of a matrix J^T J, whose scales may differ by many decades.
Eigen::VectorXd inverse_diagonal(const Eigen::MatrixXd& squares) {
    const Eigen::VectorXd scale = squares.diagonal().cwiseMax(1e-300).cwiseSqrt();
    Eigen::MatrixXd scaled = squares;
    for (Eigen::Index k = 0; k < scaled.rows(); ++k) scaled.row(k) /= scale[k], scaled.col(k) /= scale[k];
    scaled.diagonal().array() += 1e-13;
    const Eigen::MatrixXd inverse =
        scaled.ldlt().solve(Eigen::MatrixXd::Identity(scaled.rows(), scaled.cols()));
    return inverse.diagonal().cwiseQuotient(scale.cwiseAbs2());
}

/// Simple numbers within a share of `value`, cheapest first.
std::vector<Simple> simple_numbers(double value, double share, double most_bits) {
    std::vector<Simple> found;
    const auto offer = [&](double number, double bits) {
        if (std::abs(number - value) <= share * std::abs(value) && bits < most_bits)
            found.push_back({number, bits});
    };
    for (const NamedUnit& unit : named_units())
        for (double denominator = 1; denominator <= unit.most_denominator; ++denominator) {
            const double numerator = std::round(value / unit.value * denominator);
            if (numerator == 0 || std::abs(numerator) > unit.most_numerator) continue;
            offer(numerator * unit.value / denominator,
                  unit.bits + whole_bits(numerator) + (denominator > 1 ? whole_bits(denominator) : 0));
        }
    if (value != 0) {
        const double decade = std::floor(std::log10(std::abs(value)));
        for (int digits = 1; digits <= 15; ++digits)
            offer(rounded_to(value, digits), 3 + 3.33 * digits + whole_bits(decade));
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const Simple& a, const Simple& b) { return a.bits < b.bits; });
    return found;
}

std::vector<std::size_t> number_lines(const Program& program) {
    std::vector<std::size_t> lines;
    for (std::size_t l = 0; l < program.lines.size(); ++l)
        if (program.lines[l].operation == Operator::constant) lines.push_back(l);
    return lines;
}

/// The smallest error that counts: of rounding, or of the digits that the target was printed with.
double least_error(const Problem& problem) {
    const auto rows = static_cast<double>(problem.target.size());
    double squares = 0, printed = 0;
    for (const double y : problem.target) squares += y * y / rows;
    for (const double half : problem.resolution) printed += half * half / 3 / rows;
    return std::max({std::sqrt(squares) * 0x1p-50, std::sqrt(printed), 1e-300});
}

/// The shortest way to write a program among those that give the same values.
Program shortest(const Program& program, const Problem& problem, double free_bits) {
    constexpr std::size_t rows = 300;
    constexpr double same_value = 1e-11;
    Program best = program;
    double least = formula_bits(program, free_bits) - 1e-6;
    std::vector<double> values;
    Problem part;
    for (const Program& way : gathered(program)) {
        const double bits = formula_bits(way, free_bits);
        if (!(bits < least)) continue;
        if (values.empty()) {
            part = rows_of(problem, screening_rows(problem.target.size(), rows, 2));
            values = evaluate_columns(program, part.inputs);
        }
        const std::vector<double> others = evaluate_columns(way, part.inputs);
        const bool same = std::equal(values.begin(), values.end(), others.begin(), [](double a, double b) {
            return std::abs(a - b) <= same_value * (std::abs(a) + std::abs(b));
        });
        if (same) best = way, least = bits;
    }
    return best;
}

} // namespace

double number_bits(double value, double free_bits) {
    if (value == 0) return 1;
    const auto simple = simple_numbers(value, 1e-15, free_bits);
    return simple.empty() ? free_bits : simple.front().bits;
}

double formula_bits(const Program& program, double free_bits) {
    const Program short_program = tidy(program);
    const double variable_bits = std::log2(static_cast<double>(program.variables) + 1) + 1;
    double bits = short_program.lines.empty() ? variable_bits : 0;
    for (const Line& line : short_program.lines) {
        if (line.operation == Operator::constant) {
            bits += number_bits(line.value, free_bits);
            continue;
        }
        const int arity = info(line.operation).arity;
        bits += line.operation == Operator::add || line.operation == Operator::subtract ||
                        line.operation == Operator::multiply || line.operation == Operator::divide ||
                        line.operation == Operator::square
                    ? 3.5
                    : 5.0;
        if (arity >= 1 && line.left < program.variables) bits += variable_bits;
        if (arity >= 2 && line.right < program.variables) bits += variable_bits;
    }
    return bits;
}

double free_bits_of(double rmse, const Problem& problem) {
    const auto rows = static_cast<double>(problem.target.size());
    double mean = 0, squares = 0;
    for (const double y : problem.target) mean += y / rows;
    for (const double y : problem.target) squares += (y - mean) * (y - mean) / rows;
    const double signal = std::log2(std::sqrt(squares) / std::max(rmse, least_error(problem)));
    return std::clamp(0.5 * std::log2(rows) + std::max(0.0, signal) + 4, 6.0, 56.0);
}

Description description_of(const Program& program, const Fit& fit, const Problem& problem) {
    const double error = fit.exact ? least_error(problem) : std::max(fit.rmse, least_error(problem));
    // Every number that was fitted took a row's worth of errors with it.
    const auto rows = static_cast<double>(problem.target.size());
    const std::vector<char> structural = structural_numbers(program);
    double numbers = 0;
    for (const std::size_t line : number_lines(program)) numbers += structural[line] == 0 ? 1 : 0;
    const double freedom = std::max(rows - numbers, 0.25);
    // Among many formulas one with several numbers fits few rows by chance (Hurvich & Tsai 1989).
    const double fitted = numbers + 1;
    const double chance = fitted * (fitted + 1) / std::max(rows - fitted - 1, 1.0) * std::numbers::log2e;
    return {formula_bits(program, free_bits_of(error, problem)),
            rows * std::log2(error) + (fit.exact ? 0 : 0.5 * rows * std::log2(rows / freedom) + chance)};
}

Problem rows_of(const Problem& problem, const std::vector<std::size_t>& rows) {
    const auto chosen = [&](const std::vector<double>& column) {
        std::vector<double> values;
        values.reserve(rows.size());
        if (!column.empty())
            for (const std::size_t row : rows) values.push_back(column[row]);
        return values;
    };
    Problem part{.target = chosen(problem.target),
                 .units = problem.units,
                 .target_unit = problem.target_unit,
                 .resolution = chosen(problem.resolution),
                 .weights = chosen(problem.weights)};
    for (const auto& column : problem.inputs) part.inputs.push_back(chosen(column));
    return part;
}

std::vector<char> structural_numbers(const Program& program) {
    std::vector<char> lines(program.lines.size());
    for (std::size_t l = 0; l < lines.size(); ++l) {
        const double value = program.lines[l].value;
        lines[l] = program.lines[l].operation == Operator::constant && (value == 0 || std::abs(value) == 1);
    }
    return lines;
}

Program refined(const Program& program, const Problem& problem, const std::function<bool()>& stop) {
    constexpr std::size_t first_rows = 1000;
    constexpr double same = 1e-15;
    Program current = simplified(program);
    if (stop && stop()) return current;
    if (number_lines(current).empty()) return shortest(current, problem, free_bits_of(0, problem));
    std::vector<char> frozen = structural_numbers(current);
    if (problem.target.size() > 2 * first_rows) {
        const Problem part = rows_of(problem, screening_rows(problem.target.size(), first_rows, 1));
        current = fit_numbers(current, part, 40, frozen);
        if (stop && stop()) return current;
    }
    current = fit_numbers(current, problem, problem.target.size() > 2 * first_rows ? 10 : 60, frozen);
    Fit fit = fit_of(current, problem);
    if (!std::isfinite(fit.rmse)) return current;
    const double rows = static_cast<double>(problem.target.size());
    const double floor = least_error(problem);
    const auto errors = [&](const Fit& of) {
        return rows * std::log2(of.exact ? floor : std::max(of.rmse, floor));
    };
    std::set<std::pair<std::size_t, double>> refused;
    // One number after the other becomes simple: the one that saves most when the others follow. What that
    // costs is read off the curvature and then verified.
    while (!(stop && stop())) {
        const double free_bits = free_bits_of(fit.exact ? 0 : fit.rmse, problem);
        const Curvature curvature = curvature_of(current, problem, frozen);
        if (curvature.lines.empty() || !std::isfinite(curvature.squared_error)) break;
        const Eigen::VectorXd inverse = inverse_diagonal(curvature.squares);
        const double squares = std::max(curvature.squared_error, rows * floor * floor);
        std::size_t line = 0;
        Simple number;
        double most_saved = 0;
        for (std::size_t k = 0; k < curvature.lines.size(); ++k) {
            const double value = current.lines[curvature.lines[k]].value;
            const double spread = std::sqrt(std::max(0.0, inverse[static_cast<Eigen::Index>(k)]) * squares);
            const double share = std::min(0.3, 12 * spread / std::abs(value) / std::sqrt(rows) + same);
            std::vector<Simple> trials = simple_numbers(value, share, free_bits);
            trials.push_back({0, free_bits - bits_without(current, curvature.lines[k], free_bits)});
            for (const Simple& trial : trials) {
                if (refused.contains({curvature.lines[k], trial.value})) continue;
                const double off = trial.value - value;
                const double more = off * off / std::max(inverse[static_cast<Eigen::Index>(k)], 1e-300);
                const double saved = free_bits - trial.bits - 0.5 * rows * std::log2(1 + more / squares);
                if (saved > most_saved) line = curvature.lines[k], number = trial, most_saved = saved;
            }
        }
        if (most_saved <= 0) break;
        Program with = current;
        with.lines[line].value = number.value;
        std::vector<char> held = frozen;
        held[line] = 1;
        with = fit_numbers(with, problem, 5, held);
        const Fit now = fit_of(with, problem);
        if (!(errors(now) - errors(fit) < free_bits - number.bits)) {
            refused.insert({line, number.value});
            continue;
        }
        current = std::move(with);
        fit = now;
        frozen = std::move(held);
    }
    // Digits that the data do not fix are not shown.
    const Curvature curvature = curvature_of(current, problem, frozen);
    const double squares = std::max(curvature.squared_error, rows * floor * floor);
    Program shorter = current;
    for (std::size_t k = 0; k < curvature.lines.size(); ++k) {
        double& value = shorter.lines[curvature.lines[k]].value;
        const double bend = curvature.squares(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(k));
        for (int digits = 1; digits <= 16; ++digits) {
            const double rounded = rounded_to(value, digits);
            const double off = rounded - value;
            if (0.5 * rows * std::log2(1 + off * off * bend / squares) > 0.02 * (fit.exact ? 1e-3 : 1))
                continue;
            value = rounded;
            break;
        }
    }
    const Fit now = fit_of(shorter, problem);
    if (errors(now) - errors(fit) < 0.5 && now.exact >= fit.exact) current = std::move(shorter);
    return shortest(simplified(current), problem, free_bits_of(fit.exact ? 0 : fit.rmse, problem));
}

} // namespace ropewalk::formula
