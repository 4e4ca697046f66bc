#include "ropewalk/formulas/laws/refinement.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/gathered.hpp"
#include "ropewalk/formulas/laws/least_squares.hpp"
#include "ropewalk/formulas/laws/number_fit.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

/// How many bits a formula loses with a number that becomes 0.
double bits_without(const Program& program, std::size_t line, double free_bits) {
    Program without = program;
    without.lines[line].value = 0;
    return formula_bits(program, free_bits) - formula_bits(simplified(without), free_bits);
}

/// The diagonal of the inverse of a matrix J^T J, whose scales may differ by many decades.
Eigen::VectorXd inverse_diagonal(const Eigen::MatrixXd& squares) {
    const Eigen::VectorXd scale = squares.diagonal().cwiseMax(1e-300).cwiseSqrt();
    Eigen::MatrixXd scaled = squares;
    for (Eigen::Index k = 0; k < scaled.rows(); ++k) scaled.row(k) /= scale[k], scaled.col(k) /= scale[k];
    scaled.diagonal().array() += 1e-13;
    return symmetric_inverse_diagonal(scaled).cwiseQuotient(scale.cwiseAbs2());
}

/// The same with numbers that are not frozen moved by units in their last place while that lessens the error: where values
/// are exact to rounding, steps by derivatives miss by as much.
Program nudged(Program program, const Problem& problem, const std::vector<char>& frozen) {
    constexpr int most_units = 8, most_rounds = 4;
    double least = fit_of(program, problem).rmse;
    bool moved = std::isfinite(least);
    for (int round = 0; round < most_rounds && moved; ++round) {
        moved = false;
        for (const std::size_t line : number_lines(program)) {
            if (frozen[line] != 0) continue;
            for (const double towards : {-INFINITY, INFINITY}) {
                Program with = program;
                for (int unit = 0; unit < most_units; ++unit) {
                    with.lines[line].value = std::nextafter(with.lines[line].value, towards);
                    const double error = fit_of(with, problem).rmse;
                    if (!(error < least)) continue;
                    program = with;
                    least = error;
                    moved = true;
                }
            }
        }
    }
    return program;
}

/// Whether a number stands in the sum that an exponential is taken of, where a factor is what people write.
bool has_number_in_exponential(const Program& program) {
    return std::any_of(program.lines.begin(), program.lines.end(), [&](const Line& line) {
        const Line* const sum = line.operation == Operator::exponential ? line_at(program, line.left) : nullptr;
        return sum != nullptr && (sum->operation == Operator::add || sum->operation == Operator::subtract) &&
               (number_at(program, sum->left) != nullptr || number_at(program, sum->right) != nullptr);
    });
}

} // namespace

Program shortest_writing(const Program& program, const Problem& problem, double free_bits) {
    constexpr std::size_t rows = 300;
    constexpr double same_value = 1e-11;
    Program best = program;
    double least = formula_bits(program, free_bits) - 1e-6;
    std::vector<double> values;
    Problem part;
    for (const Program& way : gathered(program)) {
        const double bits = formula_bits(way, free_bits);
        constexpr double alike = 0.5;
        const bool plainer = bits < least + alike && has_number_in_exponential(best) && !has_number_in_exponential(way);
        if (!(bits < least) && !plainer) continue;
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

Program refined(const Program& program, const Problem& problem, const std::function<bool()>& stop) {
    Program current = simplified(program);
    if (stop && stop()) return current;
    if (number_lines(current).empty()) return shortest_writing(current, problem, free_bits_of(0, problem));
    current = with_simpler_numbers(current, problem, structural_numbers(current), stop);
    const Fit fit = fit_of(current, problem);
    if (!std::isfinite(fit.rmse)) return current;
    const double free_bits = free_bits_of(fit.exact ? 0 : fit.rmse, problem);
    const Program before = simplified(current);
    Program after = shortest_writing(before, problem, free_bits);
    if (after == before || (stop && stop())) return after;
    // Numbers that moved in front of something are simple in their own way.
    const Program again = simplified(with_simpler_numbers(after, problem, structural_numbers(after), stop));
    const auto bits = [&](const Program& each) {
        return description_of(each, fit_of(each, problem), problem).total();
    };
    return bits(again) < bits(after) ? again : after;
}

Program with_simpler_numbers(Program current, const Problem& problem, std::vector<char> frozen,
                             const std::function<bool()>& stop) {
    constexpr std::size_t first_rows = 1000;
    constexpr double same = 1e-15;
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
        SimpleNumber number;
        double most_saved = 0;
        for (std::size_t k = 0; k < curvature.lines.size(); ++k) {
            const double value = current.lines[curvature.lines[k]].value;
            const double spread = std::sqrt(std::max(0.0, inverse[static_cast<Eigen::Index>(k)]) * squares);
            const double share = std::min(0.3, 12 * spread / std::abs(value) / std::sqrt(rows) + same);
            std::vector<SimpleNumber> trials = simple_numbers(value, share, free_bits);
            trials.push_back({0, free_bits - bits_without(current, curvature.lines[k], free_bits)});
            for (const SimpleNumber& trial : trials) {
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
        Fit now = fit_of(with, problem);
        if (fit.exact && !now.exact) {
            with = nudged(with, problem, held);
            now = fit_of(with, problem);
        }
        if (!(errors(now) - errors(fit) < free_bits - number.bits)) {
            refused.insert({line, number.value});
            continue;
        }
        current = std::move(with);
        fit = now;
        frozen = std::move(held);
    }
    return with_fewer_digits(current, problem, frozen);
}

Program with_fewer_digits(const Program& current, const Problem& problem, const std::vector<char>& frozen) {
    const double rows = static_cast<double>(problem.target.size()), floor = least_error(problem);
    const auto errors = [&](const Fit& of) {
        return rows * std::log2(of.exact ? floor : std::max(of.rmse, floor));
    };
    const Fit fit = fit_of(current, problem);
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
    if (errors(now) - errors(fit) < 0.5 && now.exact >= fit.exact) return shorter;
    return current;
}

} // namespace ropewalk::formula
