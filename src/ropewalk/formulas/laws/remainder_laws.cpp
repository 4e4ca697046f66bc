#include "ropewalk/formulas/laws/remainder_laws.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>

#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

/// What a remainder is taken of.
struct Dividend {
    Program program;
    std::vector<double> values;
    bool whole = false;
};

/// (a x + c) mod m.
struct Remainder {
    double factor = 1, summand = 0, modulus = 1;
    double effort() const { return std::log2(factor) + 2 * std::log2(1 + summand) + std::log2(modulus); }
};

bool are_whole(const std::vector<double>& values) {
    constexpr double most = 1e12;
    return std::all_of(values.begin(), values.end(), [](double v) { return v == std::floor(v) && std::abs(v) < most; });
}

/// On a circle of that length, whether two values are one but for rounding.
bool agree(double left, double right, double modulus, double scale) {
    constexpr double rounding = 1e-12;
    const double apart = std::abs(left - right);
    return std::min(apart, std::abs(modulus - apart)) <= rounding * scale;
}

class RemainderLaws {
public:
    RemainderLaws(const LawContext& context, const Part& part) : context_(context), part_(part), y_(part.problem.target) {
        largest_ = *std::max_element(y_.begin(), y_.end());
        whole_target_ = are_whole(y_);
    }

    std::vector<Program> all() {
        for (const Dividend& each : dividends()) {
            if (context_.stopped()) break;
            if (whole_target_ && each.whole)
                add_whole(each);
            else
                add_of_any_length(each);
            if (whole_target_ && each.whole) add_of_variables(each);
        }
        return std::move(programs_);
    }

private:
    std::vector<Dividend> dividends() const {
        constexpr std::size_t most_alone = 12, most_together = 6;
        std::vector<Dividend> all;
        const std::vector<int>& variables = part_.variables;
        const auto offer = [&](const Program& program) {
            std::vector<double> values = evaluate_columns(program, part_.problem.inputs);
            if (!std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); })) return;
            const bool whole = are_whole(values);
            all.push_back({program, std::move(values), whole});
        };
        const int count = context_.variables();
        for (std::size_t k = 0; k < std::min(most_alone, variables.size()); ++k) {
            const Program x = variable(count, variables[k]);
            offer(x);
            offer(combine(Operator::multiply, x, x));
        }
        if (variables.size() > 2) offer(sum_over(variables, ~0u));
        if (variables.size() > most_together) return all;
        constexpr int least_summands = 3;
        for (unsigned chosen = 0; chosen + 1 < 1u << variables.size(); ++chosen)
            if (std::popcount(chosen) >= least_summands) offer(sum_over(variables, chosen));
        for (const int left : variables)
            for (const int right : variables) {
                if (left == right) continue;
                const Program x = variable(count, left), z = variable(count, right);
                offer(combine(Operator::subtract, x, z));
                if (left > right) continue;
                offer(combine(Operator::add, x, z));
                offer(combine(Operator::multiply, x, z));
            }
        return all;
    }

    /// The sum of the variables whose bits are set.
    Program sum_over(const std::vector<int>& variables, unsigned chosen) const {
        std::optional<Program> sum;
        for (std::size_t k = 0; k < variables.size(); ++k) {
            if (k < 32 && (chosen >> k & 1u) == 0) continue;
            const Program x = variable(context_.variables(), variables[k]);
            sum = sum ? combine(Operator::add, *sum, x) : x;
        }
        return *sum;
    }

    /// Whether the remainder is right on every row, the modulus being a number or a column.
    template<class Modulus>
    bool is_right(const Dividend& x, const Remainder& of, Modulus modulus) const {
        for (std::size_t n = 0; n < y_.size(); ++n) {
            const double m = modulus(n), left = of.factor * x.values[n] + of.summand;
            if (!(m > 0) || !(y_[n] >= 0 && y_[n] < m) || apply(Operator::modulo, left, m) != y_[n]) return false;
        }
        return true;
    }

    /// All factors of all moduli up to some beyond the largest remainder.
    void add_whole(const Dividend& x) {
        constexpr double beyond = 400, most_factor = 200;
        if (y_.front() < 0) return;
        std::optional<Remainder> best;
        for (double m = largest_ + 1; m <= largest_ + beyond; ++m)
            for (double a = 1; a < std::min(m, most_factor); ++a) {
                const Remainder each{a, apply(Operator::modulo, y_.front() - a * x.values.front(), m), m};
                if (best && each.effort() >= best->effort()) continue;
                if (is_right(x, each, [m](std::size_t) { return m; })) best = each;
            }
        if (best) add(x, *best, constant(context_.variables(), best->modulus));
    }

    /// x mod m for any number m: x - y is a multiple of it on every row.
    void add_of_any_length(const Dividend& x) {
        constexpr int most_parts = 60;
        if (*std::min_element(y_.begin(), y_.end()) < 0) return;
        double least = 0, scale = 0;
        for (std::size_t n = 0; n < y_.size(); ++n) {
            scale = std::max(scale, std::abs(x.values[n]));
            const double apart = std::abs(x.values[n] - y_[n]);
            if (apart > 1e-9 * std::abs(x.values[n]) && (least == 0 || apart < least)) least = apart;
        }
        for (int parts = 1; parts <= most_parts && least / parts > largest_; ++parts) {
            const double m = shortest_near(least / parts);
            const auto right = [&](std::size_t n) { return agree(apply(Operator::modulo, x.values[n], m), y_[n], m, std::max(scale, m)); };
            bool all = true;
            for (std::size_t n = 0; n < y_.size() && all; ++n) all = right(n);
            if (all) return add(x, {1, 0, m}, constant(context_.variables(), m));
        }
    }

    /// The modulus as it was before rounding.
    static double shortest_near(double value) {
        const double unit = std::pow(10, 11 - std::ceil(std::log10(value)));
        return std::round(value * unit) / unit;
    }

    /// Where another variable is the modulus.
    void add_of_variables(const Dividend& x) {
        constexpr double most = 12;
        for (const int v : part_.variables) {
            const auto& modulus = part_.problem.inputs[static_cast<std::size_t>(v)];
            std::optional<Remainder> best;
            for (double a = 1; a <= most; ++a)
                for (double c = 0; c <= most; ++c) {
                    const Remainder each{a, c, 1};
                    if (best && each.effort() >= best->effort()) continue;
                    if (is_right(x, each, [&](std::size_t n) { return modulus[n]; })) best = each;
                }
            if (best) add(x, *best, variable(context_.variables(), v));
        }
    }

    void add(const Dividend& x, const Remainder& of, const Program& modulus) {
        const int count = context_.variables();
        Program left = x.program;
        if (of.factor != 1) left = combine(Operator::multiply, constant(count, of.factor), left);
        if (of.summand != 0) left = combine(Operator::add, left, constant(count, of.summand));
        programs_.push_back(part_.whole(combine(Operator::modulo, left, modulus)));
    }

    const LawContext& context_;
    const Part& part_;
    const std::vector<double>& y_;
    double largest_ = 0;
    bool whole_target_ = false;
    std::vector<Program> programs_;
};

} // namespace

void try_remainders(const LawContext& context, const Part& part, Candidates& candidates) {
    constexpr std::size_t least_rows = 6;
    if (!context.allowed(Operator::modulo) || !context.problem.units.empty() || part.problem.target.size() < least_rows) return;
    candidates.consider(RemainderLaws(context, part).all(), 4);
}

} // namespace ropewalk::formula
