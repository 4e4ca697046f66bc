#include "ropewalk/formula/description.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "ropewalk/formula/column_evaluation.hpp"
#include "ropewalk/formula/number_fit.hpp"
#include "ropewalk/formula/precision.hpp"
#include "ropewalk/formula/screening.hpp"

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
                                              {pi, 3, 8, 40},
                                              {1 / pi, 3, 8, 40},
                                              {pi * pi, 5, 8, 40},
                                              {1 / (pi * pi), 5, 8, 40},
                                              {1 / (pi * pi * pi), 6, 8, 40},
                                              {std::sqrt(2.0), 5, 4, 12},
                                              {std::sqrt(pi), 6, 4, 12},
                                              {1 / std::sqrt(pi), 6, 4, 12},
                                              {1 / std::sqrt(2 * pi), 6, 4, 12},
                                              {std::log(10.0), 6, 4, 12},
                                              {1 / std::log(10.0), 6, 4, 12}};
    return units;
}

struct Simple {
    double value = 0;
    double bits = 0;
};

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
        for (int digits = 1; digits <= 15; ++digits) {
            const double places = digits - 1 - decade;
            const double text = places >= 0 && places < 300
                                    ? std::round(value * std::pow(10.0, places)) / std::pow(10.0, places)
                                    : std::round(value / std::pow(10.0, -places)) * std::pow(10.0, -places);
            offer(text, 3 + 3.33 * digits + whole_bits(decade));
        }
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
                    ? 2.5
                    : 4.5;
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
    return {formula_bits(program, free_bits_of(error, problem)),
            static_cast<double>(problem.target.size()) * std::log2(error)};
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
    if (number_lines(current).empty()) return current;
    std::vector<char> frozen = structural_numbers(current);
    if (problem.target.size() > 2 * first_rows) {
        const Problem part = rows_of(problem, screening_rows(problem.target.size(), first_rows, 1));
        current = fit_numbers(current, part, 40, frozen);
    }
    current = fit_numbers(current, problem, problem.target.size() > 2 * first_rows ? 10 : 60, frozen);
    Fit fit = fit_of(current, problem);
    if (!std::isfinite(fit.rmse)) return current;
    const double rows = static_cast<double>(problem.target.size());
    const double floor = least_error(problem);
    const auto errors = [&](const Fit& of) { return rows * std::log2(of.exact ? floor : std::max(of.rmse, floor)); };
    // A number that the data fix best goes first: what it becomes helps the others.
    for (;;) {
        if (stop && stop()) return current;
        const double free_bits = free_bits_of(fit.exact ? 0 : fit.rmse, problem);
        struct Trial {
            std::size_t line = 0;
            Simple number;
            double distance = 0;
        };
        std::vector<Trial> trials;
        for (const std::size_t line : number_lines(current)) {
            if (frozen[line] != 0) continue;
            const double value = current.lines[line].value;
            const double share = std::min(0.3, 300 * std::exp2(-free_bits));
            for (const Simple& number : simple_numbers(value, std::max(share, same), free_bits))
                trials.push_back({line, number, std::abs(number.value - value) / std::abs(value)});
            trials.push_back({line, {0, 0}, 1});
        }
        std::stable_sort(trials.begin(), trials.end(), [](const Trial& a, const Trial& b) {
            return a.number.bits < b.number.bits;
        });
        bool taken = false;
        int refits = 0;
        for (const Trial& trial : trials) {
            if (stop && stop()) return current;
            Program with = current;
            with.lines[trial.line].value = trial.number.value;
            const double saved = free_bits - trial.number.bits + (trial.number.value == 0 ? 6 : 0);
            Fit now = fit_of(with, problem);
            if (errors(now) - errors(fit) >= saved) {
                // The others may make up for it.
                if (!(now.rmse < 30 * fit.rmse + 1e3 * floor) || ++refits > 6) continue;
                std::vector<char> held = frozen;
                held[trial.line] = 1;
                with = fit_numbers(with, problem, 4, held);
                now = fit_of(with, problem);
                if (!(errors(now) - errors(fit) < saved)) continue;
            }
            current = std::move(with);
            fit = now;
            frozen[trial.line] = 1;
            taken = true;
            break;
        }
        if (!taken) break;
        current = fit_numbers(current, problem, 6, frozen);
        fit = fit_of(current, problem);
    }
    // Digits that the data do not fix are not shown.
    for (const std::size_t line : number_lines(current)) {
        if (frozen[line] != 0) continue;
        for (int digits = 2; digits <= 15; ++digits) {
            Program with = current;
            double& value = with.lines[line].value;
            if (value == 0 || !std::isfinite(value)) break;
            const double decade = std::floor(std::log10(std::abs(value)));
            const double scale = std::pow(10.0, std::abs(digits - 1 - decade));
            if (!std::isfinite(scale)) break;
            value = digits - 1 >= decade ? std::round(value * scale) / scale : std::round(value / scale) * scale;
            const Fit now = fit_of(with, problem);
            if (errors(now) - errors(fit) < 0.1 && now.exact >= fit.exact) {
                current = std::move(with);
                break;
            }
        }
    }
    return simplified(current);
}

} // namespace ropewalk::formula
