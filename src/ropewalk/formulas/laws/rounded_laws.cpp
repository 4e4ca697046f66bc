#include "ropewalk/formulas/laws/rounded_laws.hpp"

#include <algorithm>
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

/// Whether the floor of every value is the row's target.
bool is_right(const Program& program, const Problem& problem) {
    const std::vector<double> values = evaluate_columns(program, problem.inputs);
    for (std::size_t n = 0; n < values.size(); ++n)
        if (!(std::floor(values[n]) == problem.target[n])) return false;
    return true;
}

/// Moves the numbers that are not frozen until every row lies within its unit; whether they do.
bool move_inside(Program& program, const Problem& problem, const std::vector<char>& frozen, int rounds,
                 const std::function<bool()>& stop) {
    Problem nearest = problem;
    for (int round = 0; round < rounds; ++round) {
        if (is_right(program, problem)) return true;
        if (stop && stop()) return false;
        const std::vector<double> values = evaluate_columns(program, problem.inputs);
        for (std::size_t n = 0; n < values.size(); ++n) {
            if (!std::isfinite(values[n])) return false;
            nearest.target[n] = std::clamp(values[n], problem.target[n] + margin, problem.target[n] + 1 - margin);
        }
        program = fit_numbers(program, nearest, 2, frozen);
    }
    return is_right(program, problem);
}

/// The same program with simple numbers, as far as all rows stay within their units.
Program with_simple_inside(Program program, const Problem& problem, std::vector<char> frozen,
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
        if (line == lines.front()) trials.insert(trials.begin(), {SimpleNumber{0, 0}, SimpleNumber{0.5, 0}});
        frozen[line] = 1;
        for (const SimpleNumber& trial : trials) {
            Program with = program;
            with.lines[line].value = trial.value;
            if (!move_inside(with, problem, frozen, rounds, stop)) continue;
            program = std::move(with);
            break;
        }
    }
    return program;
}

/// The same with the simplest numbers near those that fit best, all of them at once: on the edge of their units rows are
/// right by these numbers alone. Nothing where no such numbers are right.
std::optional<Program> with_simplest(const Program& program, const Problem& problem, const std::vector<char>& frozen) {
    constexpr double widest = 0.15, most_bits = 30;
    constexpr std::size_t most_numbers = 3, most_trials = 8;
    std::vector<std::size_t> lines;
    for (const std::size_t line : number_lines(program))
        if (frozen[line] == 0) lines.push_back(line);
    // The last one is the number that was added: 0, a half or 1.
    const std::vector<SimpleNumber> added{{0, 0}, {0.5, 2}, {1, 3}};
    if (lines.size() > most_numbers + 1) return std::nullopt;
    std::vector<std::vector<SimpleNumber>> trials;
    std::size_t combinations = 1;
    for (const std::size_t line : lines) {
        trials.push_back(line == lines.back() ? added
                                              : simple_numbers(program.lines[line].value, widest, most_bits));
        if (trials.back().size() > most_trials) trials.back().resize(most_trials);
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
        if ((best && bits >= least) || !is_right(with, problem)) continue;
        best = std::move(with);
        least = bits;
    }
    return best;
}

} // namespace

std::vector<Program> rounded_programs(const std::vector<Program>& close, const Problem& problem,
                                      const std::function<bool()>& stop) {
    constexpr std::size_t most_rows = 2000, most_found = 8;
    constexpr int rounds = 60;
    if (!is_whole_target(problem)) return {};
    const Problem rows = rows_of(problem, screening_rows(problem.target.size(), most_rows, 1));
    std::vector<Program> found;
    for (const Program& each : close) {
        if (found.size() >= most_found || (stop && stop())) break;
        const Program exact = simplified(each);
        Program program = combine(Operator::add, exact, constant(each.variables, 0.5));
        std::vector<char> frozen = structural_numbers(program);
        const auto free = static_cast<std::size_t>(std::count(frozen.begin(), frozen.end(), char{0}));
        if (rows.target.size() < 3 * std::min(free, number_lines(program).size())) continue;
        if (auto simplest = with_simplest(program, rows, frozen))
            program = std::move(*simplest);
        else if (move_inside(program, rows, frozen, rounds, stop))
            program = with_simple_inside(program, rows, frozen, stop);
        if (is_right(program, problem)) found.push_back(simplified(combine(Operator::floor, program)));
    }
    return found;
}

} // namespace ropewalk::formula
