#include "ropewalk/formulas/laws/rounded_laws.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>

#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/number_fit.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

/// How far inside of its unit a row is to lie, so that rounding errors do not move it out.
constexpr double margin = 1e-6;

bool is_whole_target(const Problem& problem) {
    if (!problem.units.empty() && problem.target_unit && *problem.target_unit != Unit{}) return false;
    std::set<double> different;
    for (const double y : problem.target) {
        if (y != std::floor(y) || std::abs(y) > 1e9) return false;
        if (different.size() < 3) different.insert(y);
    }
    return different.size() >= 3;
}

/// Down or up to a whole number, by the operator floor or ceiling.
struct Rounding {
    Operator operation = Operator::floor;

    double sign() const { return operation == Operator::floor ? 1 : -1; }
    double rounded(double value) const { return apply(operation, value, 0.0); }
    /// The nearest value that becomes `target`.
    double inside(double value, double target) const {
        const double low = operation == Operator::floor ? target : target - 1;
        return std::clamp(value, low + margin, low + 1 - margin);
    }
    /// What is added before rounding to the nearest number.
    double half() const { return 0.5 * sign(); }
};

/// Whether every value becomes the row's target.
bool is_right(const Program& program, const Problem& problem, Rounding rounding) {
    const std::vector<double> values = evaluate_columns(program, problem.inputs);
    for (std::size_t n = 0; n < values.size(); ++n)
        if (!(rounding.rounded(values[n]) == problem.target[n])) return false;
    return true;
}

/// Moves the numbers that are not frozen until every row lies within its unit; whether they do.
bool move_inside(Program& program, const Problem& problem, const std::vector<char>& frozen, int rounds, Rounding rounding,
                 const std::function<bool()>& stop) {
    Problem nearest = problem;
    for (int round = 0; round < rounds; ++round) {
        if (is_right(program, problem, rounding)) return true;
        if (stop && stop()) return false;
        const std::vector<double> values = evaluate_columns(program, problem.inputs);
        for (std::size_t n = 0; n < values.size(); ++n) {
            if (!std::isfinite(values[n])) return false;
            nearest.target[n] = rounding.inside(values[n], problem.target[n]);
        }
        program = fit_numbers(program, nearest, 2, frozen);
    }
    return is_right(program, problem, rounding);
}

/// The same program with simple numbers, as far as all rows stay within their units.
Program with_simple_inside(Program program, const Problem& problem, std::vector<char> frozen, Rounding rounding,
                           const std::function<bool()>& stop) {
    constexpr double widest = 0.15, most_bits = 40;
    constexpr int rounds = 12;
    // The last number is the one that was added: 0 or a half where that does.
    std::vector<std::size_t> lines = number_lines(program);
    std::reverse(lines.begin(), lines.end());
    for (const std::size_t line : lines) {
        if (frozen[line] != 0) continue;
        const double value = program.lines[line].value;
        std::vector<SimpleNumber> trials = simple_numbers(value, widest, most_bits);
        constexpr std::size_t most_trials = 24;
        if (trials.size() > most_trials) trials.resize(most_trials);
        if (line == lines.front()) trials.insert(trials.begin(), {SimpleNumber{0, 0}, SimpleNumber{rounding.half(), 0}});
        frozen[line] = 1;
        for (const SimpleNumber& trial : trials) {
            Program with = program;
            with.lines[line].value = trial.value;
            if (!move_inside(with, problem, frozen, rounds, rounding, stop)) continue;
            program = std::move(with);
            break;
        }
    }
    return program;
}

/// Fractions of small numbers and decimals of two digits within a share of a value, shortest first: what is rounded has no
/// pi in it.
std::vector<SimpleNumber> plain_numbers(double value, double share, std::size_t most) {
    std::vector<double> values;
    const double low = std::min(value * (1 - share), value * (1 + share)), high = std::max(value * (1 - share), value * (1 + share));
    const auto offer = [&](double step) {
        constexpr double most_steps = 100;
        if (!(std::isfinite(low) && std::isfinite(high)) || (high - low) / step > most_steps) return;
        for (double k = std::ceil(low / step); k * step <= high; ++k)
            if (k != 0) values.push_back(k * step);
    };
    for (const double parts : {1, 2, 3, 4, 5, 6, 8}) offer(1 / parts);
    offer(std::pow(10, std::floor(std::log10(std::abs(value))) - 1));
    constexpr double longest = 60;
    std::vector<SimpleNumber> numbers;
    for (const double each : values) {
        // Steps of a tenth miss the nearest numbers of one digit after the point by rounding.
        const double near = rounded_to(each, 12);
        const double plain = std::abs(near - each) <= 1e-14 * std::abs(each) ? near : each;
        if (std::none_of(numbers.begin(), numbers.end(), [&](const SimpleNumber& other) { return other.value == plain; }))
            numbers.push_back({plain, number_bits(plain, longest)});
    }
    std::stable_sort(numbers.begin(), numbers.end(),
                     [](const SimpleNumber& left, const SimpleNumber& right) { return left.bits < right.bits; });
    if (numbers.size() > most) numbers.resize(most);
    return numbers;
}

/// The same with the simplest numbers near those that fit best, all of them at once: on the edge of their units rows are
/// right by these numbers alone. Nothing where no such numbers are right.
std::optional<Program> with_simplest(const Program& program, const Problem& problem, const std::vector<char>& frozen,
                                     Rounding rounding) {
    constexpr double widest = 0.25;
    constexpr std::size_t most_numbers = 3, few_rows = 50;
    constexpr std::array<std::size_t, most_numbers + 1> most_trials{0, 80, 40, 14};
    // Most numbers are wrong on some of a few rows.
    const Problem few = rows_of(problem, screening_rows(problem.target.size(), few_rows, 2));
    std::vector<std::size_t> lines;
    for (const std::size_t line : number_lines(program))
        if (frozen[line] == 0) lines.push_back(line);
    // The last one is the number that was added: 0, a half or 1.
    const std::vector<SimpleNumber> added{{0, 0}, {rounding.half(), 2}, {rounding.sign(), 3}};
    if (lines.size() > most_numbers + 1) return std::nullopt;
    std::vector<std::vector<SimpleNumber>> trials;
    std::size_t combinations = 1;
    for (const std::size_t line : lines) {
        trials.push_back(line == lines.back() ? added
                                              : plain_numbers(program.lines[line].value, widest, most_trials[lines.size() - 1]));
        if (line != lines.back()) trials.back().push_back({0, 0});
        combinations *= trials.back().size();
    }
    std::optional<Program> best;
    double least = 0;
    for (std::size_t c = 0; c < combinations; ++c) {
        Program with = program;
        double bits = 0;
        std::size_t rest = c;
        for (std::size_t k = 0; k < lines.size(); ++k) {
            const SimpleNumber& trial = trials[k][rest % trials[k].size()];
            rest /= trials[k].size();
            with.lines[lines[k]].value = trial.value;
            bits += trial.bits;
        }
        if ((best && bits >= least) || !is_right(with, few, rounding) || !is_right(with, problem, rounding)) continue;
        best = std::move(with);
        least = bits;
    }
    return best;
}

/// The program with divisions by numbers where it multiplies by them: people round x/7.5.
Program with_divisors(Program program) {
    std::vector<int> uses(static_cast<std::size_t>(program.slots()));
    for (const Line& line : program.lines) {
        const int arity = info(line.operation).arity;
        if (arity >= 1) ++uses[static_cast<std::size_t>(line.left)];
        if (arity >= 2) ++uses[static_cast<std::size_t>(line.right)];
    }
    for (Line& line : program.lines) {
        if (line.operation != Operator::multiply) continue;
        if (number_at(program, line.left) != nullptr) std::swap(line.left, line.right);
        const double* const number = number_at(program, line.right);
        if (number == nullptr || uses[static_cast<std::size_t>(line.right)] != 1 || !(std::abs(*number) < 1)) continue;
        program.lines[static_cast<std::size_t>(line.right - program.variables)].value = 1 / *number;
        line.operation = Operator::divide;
    }
    return program;
}

/// A program that becomes right when it is rounded so, its numbers moved and made simple; nothing where none is found.
std::optional<Program> rounded_program(const Program& close, const Problem& rows, Rounding rounding,
                                       const std::function<bool()>& stop) {
    constexpr int rounds = 60;
    Program program = combine(Operator::add, close, constant(close.variables, rounding.half()));
    const std::vector<char> frozen = structural_numbers(program);
    const auto free = static_cast<std::size_t>(std::count(frozen.begin(), frozen.end(), char{0}));
    if (rows.target.size() < 3 * std::min(free, number_lines(program).size())) return std::nullopt;
    if (auto simplest = with_simplest(program, rows, frozen, rounding)) return simplest;
    if (!move_inside(program, rows, frozen, rounds, rounding, stop)) return std::nullopt;
    return with_simple_inside(program, rows, frozen, rounding, stop);
}

} // namespace

std::vector<Program> rounded_programs(const std::vector<Program>& close, const Problem& problem,
                                      const std::function<bool()>& stop) {
    constexpr std::size_t most_rows = 2000, most_found = 12;
    if (!is_whole_target(problem)) return {};
    const Problem rows = rows_of(problem, screening_rows(problem.target.size(), most_rows, 1));
    std::vector<Program> found;
    for (const Program& each : close) {
        if (found.size() >= most_found || (stop && stop())) break;
        const Program written = simplified(each), divided = with_divisors(written);
        for (const Program* const way : {&written, &divided}) {
            if (way == &divided && divided == written) continue;
            for (const Rounding rounding : {Rounding{Operator::floor}, Rounding{Operator::ceiling}}) {
                const auto program = rounded_program(*way, rows, rounding, stop);
                if (program && is_right(*program, problem, rounding))
                    found.push_back(simplified(combine(rounding.operation, *program)));
            }
        }
    }
    return found;
}

} // namespace ropewalk::formula
