#include "ropewalk/formulas/laws/description.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <numbers>

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

/// Bits that a formula may explain of a target: for a few whole numbers some times what they take to write, so that what is
/// exact stays ahead of what is near.
double most_told(const std::vector<double>& target) {
    constexpr std::size_t few_rows = 64;
    constexpr double least = 40, times_written = 4;
    constexpr double no_limit = std::numeric_limits<double>::infinity();
    if (target.size() > few_rows) return no_limit;
    double written = 0;
    for (const double y : target) {
        if (y != std::floor(y)) return no_limit;
        written += whole_bits(y);
    }
    return least + times_written * written;
}

/// Bits of a number that was fitted to so many rows of this spread, where errors are no less than `error`.
double free_bits_beside(double error, double spread, std::size_t rows) {
    const double signal = std::log2(spread / error);
    return std::clamp(0.5 * std::log2(static_cast<double>(rows)) + std::max(0.0, signal) + 4, 6.0, 56.0);
}

/// Bits that errors in so many rows have more of where so many numbers were fitted: every one of these took a row's worth of
/// errors with it, and among many formulas one with several fits few rows by chance (Hurvich & Tsai 1989).
double bits_fitted_away(double rows, double numbers) {
    const double freedom = std::max(rows - numbers, 0.25);
    const double fitted = numbers + 1;
    return 0.5 * rows * std::log2(rows / freedom) +
           fitted * (fitted + 1) / std::max(rows - fitted - 1, 1.0) * std::numbers::log2e;
}

/// The part of a target's variance that the line through an input explains.
double r2_of_line(const std::vector<double>& input, const std::vector<double>& target) {
    const AffineFit line = affine_fit(input, target);
    std::vector<double> values = input;
    for (double& each : values) each = line.scale * each + line.offset;
    return fit_of(values, target).r2;
}

/// Whether chance may bring a formula without fitted numbers as near: in one of 20 tables without a law some formula saves as
/// many bits of the errors around the mean as it takes to pick it out, and log2 20 more. An input alone, picked out of the
/// others, stands from four rows on for the line through it.
bool is_chance(const Program& program, const Fit& fit, const Problem& problem, double bits) {
    constexpr double one_in_20 = 4.32;
    // Two more than the line has numbers: three rows are soon near some line.
    constexpr std::size_t fewest_rows = 4;
    double r2 = fit.r2;
    if (program.lines.empty() && problem.target.size() >= fewest_rows) {
        bits = std::log2(static_cast<double>(program.variables));
        r2 = std::max(r2, r2_of_line(problem.inputs[static_cast<std::size_t>(program.result())], problem.target));
    }
    const auto rows = static_cast<double>(problem.target.size());
    return -0.5 * rows * std::log2(std::max(1 - r2, 1e-300)) < bits + one_in_20;
}

/// Whether all values of a program are whole numbers.
bool is_rounded(const Program& program) {
    if (program.lines.empty()) return false;
    const Operator last = program.lines.back().operation;
    return last == Operator::floor || last == Operator::ceiling;
}

} // namespace

double spread_of(const std::vector<double>& target) {
    double mean = 0, squares = 0;
    const auto rows = static_cast<double>(target.size());
    for (const double y : target) mean += y / rows;
    for (const double y : target) squares += (y - mean) * (y - mean) / rows;
    return std::sqrt(squares);
}

double rounded_to(double value, int digits) {
    char text[40];
    std::snprintf(text, sizeof text, "%.*e", digits - 1, value);
    return std::strtod(text, nullptr);
}

std::vector<SimpleNumber> simple_numbers(double value, double share, double most_bits) {
    std::vector<SimpleNumber> found;
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
                     [](const SimpleNumber& a, const SimpleNumber& b) { return a.bits < b.bits; });
    return found;
}

std::vector<std::size_t> number_lines(const Program& program) {
    std::vector<std::size_t> lines;
    for (std::size_t l = 0; l < program.lines.size(); ++l)
        if (program.lines[l].operation == Operator::constant) lines.push_back(l);
    return lines;
}

double least_error(const Problem& problem) {
    const auto rows = static_cast<double>(problem.target.size());
    double squares = 0, printed = 0;
    for (const double y : problem.target) squares += y * y / rows;
    for (const double half : problem.resolution) printed += half * half / 3 / rows;
    return std::max({std::sqrt(squares) * 0x1p-50, std::sqrt(printed), 1e-300});
}

double number_bits(double value, double free_bits) {
    if (value == 0) return 1;
    const auto simple = simple_numbers(value, 1e-15, free_bits);
    if (simple.empty()) {
        // Of numbers that fit alike the one with fewer digits is the answer.
        constexpr double per_digit = 0.005;
        int digits = 1;
        while (digits < 17 && rounded_to(value, digits) != value) ++digits;
        return free_bits + per_digit * digits;
    }
    // 1 unit in the last place beside a simple number is not simpler than the number itself.
    constexpr double beside = 0.01;
    return simple.front().bits + (simple.front().value == value ? 0 : beside);
}

double formula_bits(const Program& program, double free_bits) {
    const Program short_program = tidy(program);
    const double variable_bits = std::log2(static_cast<double>(program.variables) + 1) + 1;
    double bits = short_program.lines.empty() ? variable_bits : 0;
    std::vector<char> named(static_cast<std::size_t>(short_program.slots()));
    // A line that is read again is named, as a variable always is.
    std::fill_n(named.begin(), program.variables, char{1});
    const auto reading = [&](int slot) {
        char& again = named[static_cast<std::size_t>(slot)];
        bits += again != 0 ? variable_bits : 0;
        again = 1;
    };
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
        if (arity >= 1) reading(line.left);
        if (arity >= 2) reading(line.right);
    }
    return bits;
}

double free_bits_of(double rmse, const Problem& problem) {
    return free_bits_beside(std::max(rmse, least_error(problem)), spread_of(problem.target), problem.target.size());
}

Description description_of(const Program& program, const Fit& fit, const Problem& problem) {
    const double least = least_error(problem), error = fit.exact ? least : std::max(fit.rmse, least);
    const auto rows = static_cast<double>(problem.target.size());
    const double numbers = fitted_numbers(program);
    const double spread = spread_of(problem.target);
    const double free_bits = free_bits_beside(error, spread, problem.target.size());
    const double bits = formula_bits(program, free_bits);
    // Of a few small whole numbers no formula explains more than it takes to write them.
    const double told = std::max(rows * std::log2(error), rows * std::log2(spread) - most_told(problem.target));
    if (!fit.exact) {
        const double errors = told + bits_fitted_away(rows, numbers);
        if (numbers > 0 || !reads_inputs(program) || !is_chance(program, fit, problem, bits)) return {bits, errors};
        // It tells nothing that the mean does not, which has a number to pay for.
        const double of_mean = free_bits_beside(spread, spread, problem.target.size()) + rows * std::log2(spread) +
                               bits_fitted_away(rows, 1);
        return {bits, std::max(errors, of_mean)};
    }
    // What as many numbers as rows make exact says nothing: a number takes as much as the row that it may have been made for,
    // where it is not longer than that. Among many rows this is no danger. Values that are rounded take numbers from a row no
    // further than to a whole one.
    const double step = is_rounded(program) ? std::max(1.0, error) : error;
    const double row_bits = std::log2(std::max(spread / step, 1.0));
    constexpr double shorter_is_better = 0.9, many_rows_for_each = 4;
    const double danger = std::min(1.0, many_rows_for_each * numbers / rows);
    double made_for_rows = 0;
    const std::vector<char> structural = structural_numbers(program);
    for (const std::size_t line : number_lines(program))
        if (structural[line] == 0)
            made_for_rows += danger * shorter_is_better * std::max(0.0, row_bits - number_bits(program.lines[line].value, free_bits));
    return {bits, told + made_for_rows};
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

double fitted_numbers(const Program& program) {
    const std::vector<char> structural = structural_numbers(program);
    double numbers = 0;
    for (const std::size_t line : number_lines(program)) numbers += structural[line] == 0 ? 1 : 0;
    return numbers;
}

} // namespace ropewalk::formula
