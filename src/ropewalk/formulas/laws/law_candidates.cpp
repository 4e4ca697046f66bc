#include "ropewalk/formulas/laws/law_candidates.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/noise_test.hpp"
#include "ropewalk/formulas/laws/number_fit.hpp"
#include "ropewalk/formulas/laws/refinement.hpp"
#include "ropewalk/formulas/laws/term_library.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

/// Bits of a program by the screening rows.
double estimate(const LawContext& context, const Program& program) {
    const Fit fit = fit_of(program, context.screen);
    if (!std::isfinite(fit.rmse)) return std::numeric_limits<double>::infinity();
    const Description description = description_of(program, fit, context.screen);
    const double share = static_cast<double>(context.problem.target.size()) /
                         static_cast<double>(context.screen.target.size());
    // A number that was chosen among many for the screening rows takes some of their errors with it.
    const double numbers = fitted_numbers(program);
    const double chosen = fit.exact ? 0 : std::min(share - 1, 1.0) * 6 * numbers * share;
    return description.formula + share * description.errors + chosen;
}

/// Those with the best descriptions before their numbers are fitted.
std::vector<Program> most_promising(const LawContext& context, std::vector<Program> programs,
                                    std::size_t most) {
    std::vector<double> bits(programs.size());
    base::parallel_for(programs.size(), context.options.run.threads, [&](std::size_t i) {
        bits[i] = context.stopped() ? 0 : estimate(context, programs[i]);
    });
    std::vector<std::size_t> order(programs.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return bits[a] < bits[b]; });
    std::vector<Program> best;
    for (std::size_t i = 0; i < most; ++i) best.push_back(std::move(programs[order[i]]));
    return best;
}

/// A text that is equal for programs that differ in numbers by less than matters.
std::string shape_of(const Program& program) {
    std::string text;
    for (const Line& line : program.lines) {
        text += std::to_string(static_cast<int>(line.operation)) + "," + std::to_string(line.left) + "," +
                std::to_string(line.right) + ",";
        if (line.operation == Operator::constant) {
            char number[32];
            std::snprintf(number, sizeof number, "%.4g", line.value);
            text += number;
        }
        text += ";";
    }
    return text + std::to_string(program.result());
}

} // namespace

/// A program with what it seems to be worth on the screening rows, in bits; less is better.
struct Candidates::Guess {
    Program program;
    double bits = 0;
};

Candidates::Candidates(const LawContext& context) : context_(context) { offer_mean(); }

std::vector<Found> Candidates::results() const {
    std::vector<Found> result;
    for (const auto& [bits, each] : kept_) result.push_back(each);
    return result;
}

bool Candidates::enough(double most_bits) const {
    if (kept_.empty() || !kept_.front().second.fit.exact) return false;
    return formula_bits(kept_.front().second.program, free_bits_of(0, context_.problem)) < most_bits;
}

bool Candidates::is_plain() const {
    if (kept_.empty()) return false;
    const Found& best = kept_.front().second;
    const double free_bits = free_bits_of(best.fit.rmse, context_.problem);
    int fitted = 0;
    for (const Line& line : best.program.lines) {
        if (line.operation == Operator::power) return false;
        fitted += line.operation == Operator::constant && number_bits(line.value, free_bits) >= free_bits;
    }
    return fitted <= 1;
}

bool Candidates::only_noise_left(double most_bits) {
    if (kept_.empty() || context_.stopped()) return false;
    const Found& best = kept_.front().second;
    const double free_bits = free_bits_of(best.fit.rmse, context_.problem);
    if (!(formula_bits(best.program, free_bits) < most_bits)) return false;
    if (best.program != judged_) {
        judged_ = best.program;
        leaves_noise_ = leaves_noise(judged_, context_.problem);
    }
    return leaves_noise_;
}

void Candidates::consider(std::vector<Program> programs, std::size_t closer) {
    constexpr std::size_t most_fitted = 96;
    if (programs.size() > most_fitted) programs = most_promising(context_, std::move(programs), most_fitted);
    std::vector<Guess> guesses(programs.size());
    base::parallel_for(programs.size(), context_.options.run.threads, [&](std::size_t i) {
        guesses[i].bits = std::numeric_limits<double>::infinity();
        // A number of it may be none, where what it was fitted to overflows.
        if (context_.stopped() || !valid(programs[i])) return;
        const Program program = simplified(programs[i]);
        if (!context_.problem.units.empty() && context_.problem.target_unit &&
            unit_of(program, context_.problem.units) != context_.problem.target_unit)
            return;
        const Program fitted = fit_numbers(program, context_.screen, 12, structural_numbers(program));
        guesses[i] = {fitted, estimate(context_, fitted)};
    });
    std::stable_sort(guesses.begin(), guesses.end(),
                     [](const Guess& a, const Guess& b) { return a.bits < b.bits; });
    judge_on_all_rows(guesses);
    std::vector<Program> chosen;
    for (const Guess& guess : guesses) {
        if (chosen.size() >= closer || !std::isfinite(guess.bits)) break;
        if (guess.bits > best_guess_ + margin()) break;
        constexpr std::ptrdiff_t most_numbers = 14;
        if (std::count_if(guess.program.lines.begin(), guess.program.lines.end(), [](const Line& line) {
                return line.operation == Operator::constant && std::abs(line.value) != 1;
            }) > most_numbers)
            continue;
        const std::string text = shape_of(guess.program);
        if (!looked_at_.insert(text).second) continue;
        chosen.push_back(guess.program);
        best_guess_ = std::min(best_guess_, guess.bits);
    }
    std::vector<Program> ready(chosen.size());
    base::parallel_for(chosen.size(), context_.options.run.threads, [&](std::size_t i) {
        if (!context_.stopped())
            ready[i] = refined(chosen[i], context_.problem, [&] { return context_.stopped(); });
    });
    for (std::size_t i = 0; i < ready.size(); ++i)
        if (!context_.stopped() || ready[i].variables > 0) offer(ready[i]);
}

double Candidates::margin() const { return 60 + 0.05 * static_cast<double>(context_.problem.target.size()); }

void Candidates::judge_on_all_rows(std::vector<Guess>& guesses) const {
    constexpr std::size_t most = 30;
    if (context_.problem.target.size() <= context_.screen.target.size()) return;
    std::set<std::string> seen;
    std::erase_if(guesses, [&](const Guess& guess) { return !seen.insert(shape_of(guess.program)).second; });
    std::size_t close = 0;
    while (close < std::min(most, guesses.size()) && guesses[close].bits < guesses.front().bits + margin())
        ++close;
    // One that is ahead by more than chance needs no closer look.
    if (close < 2) return;
    std::vector<double> bits(close);
    base::parallel_for(close, context_.options.run.threads, [&](std::size_t i) {
        bits[i] = std::numeric_limits<double>::infinity();
        if (context_.stopped()) return;
        Guess& guess = guesses[i];
        guess.program = fit_numbers(guess.program, context_.problem, 2, structural_numbers(guess.program));
        bits[i] =
            description_of(guess.program, fit_of(guess.program, context_.problem), context_.problem).total();
    });
    // Those that were not looked at stay behind.
    for (std::size_t i = 0; i < close; ++i) guesses[i].bits = bits[i];
    guesses.resize(close);
    std::stable_sort(guesses.begin(), guesses.end(),
                     [](const Guess& a, const Guess& b) { return a.bits < b.bits; });
}

void Candidates::offer(const Program& program) {
    if (!context_.problem.units.empty() && context_.problem.target_unit &&
        unit_of(program, context_.problem.units) != context_.problem.target_unit)
        return;
    const Fit fit = fit_of(program, context_.problem);
    if (!std::isfinite(fit.rmse)) return;
    Found found{program, size(program).operators, fit};
    found.bits = description_of(program, fit, context_.problem).total();
    for (const auto& [bits, each] : kept_)
        if (each.program == program) return;
    kept_.emplace_back(found.bits, std::move(found));
    std::stable_sort(kept_.begin(), kept_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    if (kept_.size() > 60) kept_.pop_back();
}

void Candidates::offer_mean() {
    if (!context_.pure) return;
    double sum = 0, mean = 0;
    for (std::size_t n = 0; n < context_.problem.target.size(); ++n) {
        const double weight = context_.problem.weights.empty() ? 1 : context_.problem.weights[n];
        sum += weight;
        mean += weight * context_.problem.target[n];
    }
    const Program program = constant(context_.variables(), mean / sum);
    offer(program);
    offer(refined(program, context_.problem, [] { return false; }));
}

} // namespace ropewalk::formula
