#include "ropewalk/formulas/laws/term_library.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

/// Bits of an exponent beside those of its variable.
double exponent_cost(double exponent) {
    const double magnitude = std::abs(exponent);
    const double sign = exponent < 0 ? 0.7 : 0;
    if (magnitude == std::floor(magnitude)) return sign + 1.4 * (magnitude - 1);
    return sign + 2.0 + 1.4 * std::floor(magnitude);
}

/// Looks for terms with at most `budget` bits.
class Powers {
public:
    Powers(const Problem& problem, const TermOptions& options) : problem_(problem), options_(options) {
        per_variable_ = std::log2(static_cast<double>(options.variables.size()) + 1) + 1;
        for (const double e : {1.0, -1.0, 2.0, -2.0, 3.0, -3.0, 4.0, -4.0, 5.0, -5.0, 6.0, -6.0})
            if (e > 0 || options.negative) exponents_.push_back(e);
        if (options.roots)
            for (const double e : {0.5, -0.5, 1.5, -1.5})
                if (e > 0 || options.negative) exponents_.push_back(e);
    }

    struct Found {
        std::vector<std::pair<int, double>> powers;
        double cost = 0;
    };

    double per_variable() const { return per_variable_; }

    /// All products within the budget whose unit is the wanted one; nothing where there are too many.
    std::optional<std::vector<Found>> within(double budget, std::size_t most,
                                             const std::optional<Unit>& unit) {
        found_.clear();
        steps_ = 0;
        most_ = most;
        wanted_ = unit;
        powers_.clear();
        if (!extend(0, budget, 0)) return std::nullopt;
        return std::move(found_);
    }

private:
    bool extend(std::size_t next, double budget, double cost, double degree = 0) {
        if (++steps_ > 3'000'000) return false;
        if (next == options_.variables.size()) {
            if (powers_.empty() || !fits()) return true;
            found_.push_back({powers_, cost});
            return found_.size() <= most_;
        }
        if (!extend(next + 1, budget, cost, degree)) return false;
        const int variable = options_.variables[next];
        for (const double exponent : exponents_) {
            const double more = per_variable_ + exponent_cost(exponent);
            if (more > budget || degree + std::abs(exponent) > options_.most_degree) continue;
            powers_.emplace_back(variable, exponent);
            const bool done = extend(next + 1, budget - more, cost + more, degree + std::abs(exponent));
            powers_.pop_back();
            if (!done) return false;
        }
        return true;
    }

    bool fits() const {
        if (!wanted_ || problem_.units.empty()) return true;
        std::map<std::string, double> sum;
        for (const auto& [variable, exponent] : powers_)
            for (const auto& [symbol, sixtieths] :
                 problem_.units[static_cast<std::size_t>(variable)].sixtieths)
                sum[symbol] += exponent * sixtieths;
        for (const auto& [symbol, sixtieths] : wanted_->sixtieths) sum[symbol] -= sixtieths;
        return std::all_of(sum.begin(), sum.end(), [](const auto& each) { return each.second == 0; });
    }

    const Problem& problem_;
    const TermOptions& options_;
    double per_variable_ = 0;
    std::vector<double> exponents_;
    std::vector<std::pair<int, double>> powers_;
    std::optional<Unit> wanted_;
    std::vector<Found> found_;
    std::size_t steps_ = 0, most_ = 0;
};

/// A function of one variable or of the sum or difference of two.
struct Factor {
    Program program;
    double cost = 0;
    int group = 0; ///< of the same argument
};

bool allowed(const TermOptions& options, Operator operation) {
    return std::find(options.operators.begin(), options.operators.end(), operation) !=
           options.operators.end();
}

std::vector<Factor> factors_of(const Problem& problem, const TermOptions& options) {
    std::vector<Factor> factors;
    if (!options.functions) return factors;
    const int variables = static_cast<int>(problem.inputs.size());
    const bool units = !problem.units.empty();
    const double each = std::log2(static_cast<double>(options.variables.size()) + 1) + 1;
    const auto pure = [&](int v) { return !units || problem.units[static_cast<std::size_t>(v)] == Unit{}; };
    int group = 0;
    const auto add_functions = [&](const Program& argument, double cost, bool single) {
        ++group;
        for (const Operator operation : {Operator::sine, Operator::cosine}) {
            if (!allowed(options, operation)) continue;
            const Program function = combine(operation, argument);
            factors.push_back({function, cost + 4, group});
            if (single) factors.push_back({combine(Operator::square, function), cost + 6, group});
        }
        if (!single) return;
        if (allowed(options, Operator::exponential)) {
            factors.push_back({combine(Operator::exponential, argument), cost + 4.5, group});
            factors.push_back({combine(Operator::exponential, product_of(constant(variables, -1), argument)),
                               cost + 5.5, group});
        }
        if (allowed(options, Operator::logarithm))
            factors.push_back({combine(Operator::logarithm, argument), cost + 4, group});
        if (allowed(options, Operator::hyperbolic_tangent))
            factors.push_back({combine(Operator::hyperbolic_tangent, argument), cost + 6, group});
    };
    for (const int v : options.variables)
        if (pure(v)) add_functions(variable(variables, v), each, true);
    for (const DefinedFunction& function : options.defined)
        for (const int v : options.variables) {
            if (!pure(v)) continue;
            const Program first = variable(variables, v);
            if (function.body.variables == 1)
                factors.push_back({substitute(function.body, std::vector{first}), each + 5, ++group});
            for (const int w : options.variables)
                if (function.body.variables == 2 && w != v && pure(w))
                    factors.push_back({substitute(function.body, std::vector{first, variable(variables, w)}),
                                       2 * each + 5, ++group});
        }
    if (options.variables.size() > 12) return factors;
    for (std::size_t i = 0; i < options.variables.size(); ++i)
        for (std::size_t j = i + 1; j < options.variables.size(); ++j) {
            const int a = options.variables[i], b = options.variables[j];
            if (!pure(a) || !pure(b)) continue;
            add_functions(combine(Operator::subtract, variable(variables, a), variable(variables, b)),
                          2 * each + 1, false);
            add_functions(combine(Operator::add, variable(variables, a), variable(variables, b)),
                          2 * each + 1, false);
        }
    for (const int v : options.variables) {
        const auto& column = problem.inputs[static_cast<std::size_t>(v)];
        const bool whole =
            std::all_of(column.begin(), column.end(), [](double x) { return x == std::floor(x); });
        if (!whole && pure(v) && allowed(options, Operator::floor))
            factors.push_back({combine(Operator::floor, variable(variables, v)), each + 7, ++group});
        for (const int w : options.variables)
            if (whole && w != v && pure(v) && pure(w) && allowed(options, Operator::modulo))
                factors.push_back({combine(Operator::modulo, variable(variables, v), variable(variables, w)),
                                   2 * each + 6, ++group});
        if (allowed(options, Operator::absolute))
            factors.push_back({combine(Operator::absolute, variable(variables, v)), each + 6, ++group});
        if (allowed(options, Operator::maximum) && pure(v))
            factors.push_back({combine(Operator::maximum, variable(variables, v), constant(variables, 0)),
                               each + 7, ++group});
    }
    return factors;
}

} // namespace

std::optional<Unit> unit_of(const Program& program, const std::vector<Unit>& units) {
    std::vector<std::optional<Unit>> slots(units.begin(), units.end());
    for (const Line& line : program.lines) {
        const int arity = info(line.operation).arity;
        const std::optional<Unit> left =
            arity >= 1 ? slots[static_cast<std::size_t>(line.left)] : std::optional(Unit{});
        const std::optional<Unit> right = arity >= 2 ? slots[static_cast<std::size_t>(line.right)] : left;
        if (!left || !right) {
            slots.emplace_back();
            continue;
        }
        // A power by a known number scales the unit.
        if (line.operation == Operator::power && right->sixtieths.empty() &&
            line.right >= program.variables) {
            const Line& exponent = program.lines[static_cast<std::size_t>(line.right - program.variables)];
            if (exponent.operation == Operator::constant) {
                std::optional<Unit> raised = Unit{};
                for (const auto& [symbol, sixtieths] : left->sixtieths) {
                    const double scaled = sixtieths * exponent.value;
                    if (std::abs(scaled - std::round(scaled)) > 1e-9)
                        raised.reset();
                    else if (raised && std::round(scaled) != 0)
                        raised->sixtieths[symbol] = static_cast<int>(std::lround(scaled));
                    if (!raised) break;
                }
                slots.push_back(raised);
                continue;
            }
        }
        slots.push_back(unit_of(line.operation, *left, *right));
    }
    return slots[static_cast<std::size_t>(program.result())];
}

Program product_of(const Program& left, const Program& right) {
    const auto is_one = [](const Program& program) {
        return program.lines.size() == 1 && program.lines[0].operation == Operator::constant &&
               program.lines[0].value == 1;
    };
    if (is_one(left)) return right;
    if (is_one(right)) return left;
    return combine(Operator::multiply, left, right);
}

Program quotient_of(const Program& over, const Program& under) {
    if (under.lines.size() == 1 && under.lines[0].operation == Operator::constant &&
        under.lines[0].value == 1)
        return over;
    if (over.lines.size() == 1 && over.lines[0].operation == Operator::constant && over.lines[0].value == 1)
        return combine(Operator::reciprocal, under);
    return combine(Operator::divide, over, under);
}

Program to_power(const Program& base, double exponent) {
    if (exponent == 1) return base;
    if (exponent == 0) return constant(base.variables, 1);
    if (exponent < 0) {
        const Program under = to_power(base, -exponent);
        return combine(Operator::reciprocal, under);
    }
    if (exponent == 0.5) return combine(Operator::square_root, base);
    if (exponent == 1.5) return combine(Operator::multiply, base, combine(Operator::square_root, base));
    if (exponent == std::floor(exponent) && exponent <= 8) {
        const int whole = static_cast<int>(exponent);
        if (whole % 2 == 0) return combine(Operator::square, to_power(base, exponent / 2));
        return combine(Operator::multiply, to_power(base, exponent - 1), base);
    }
    return combine(Operator::power, base, constant(base.variables, exponent));
}

Program monomial(int variables, const std::vector<std::pair<int, double>>& powers) {
    Program over = constant(variables, 1), under = over;
    for (const auto& [v, exponent] : powers) {
        Program& side = exponent < 0 ? under : over;
        side = product_of(side, to_power(variable(variables, v), std::abs(exponent)));
    }
    return quotient_of(over, under);
}

Program sum_of(int variables, const std::vector<std::pair<double, Program>>& terms) {
    Program sum = constant(variables, 0);
    bool first = true;
    for (const auto& [coefficient, term] : terms) {
        const bool minus = !first && coefficient < 0;
        const double factor = minus ? -coefficient : coefficient;
        Program part = product_of(constant(variables, factor), term);
        if (factor == 1) part = term;
        if (first)
            sum = std::move(part);
        else
            sum = combine(minus ? Operator::subtract : Operator::add, sum, part);
        first = false;
    }
    return sum;
}

std::vector<CandidateTerm> term_library(const Problem& problem, const TermOptions& options) {
    const int variables = static_cast<int>(problem.inputs.size());
    const auto rows = static_cast<Eigen::Index>(problem.target.size());
    Powers powers(problem, options);
    const bool units = !problem.units.empty() && options.unit;
    const std::vector<Factor> factors = factors_of(problem, options);
    // The largest budget that does not give too many.
    std::vector<Powers::Found> monomials;
    const std::size_t most_monomials =
        factors.empty() || options.mixed ? options.most : std::max<std::size_t>(options.most * 2 / 3, 50);
    for (double trial = 2; trial <= (units ? 60.0 : options.most_cost); trial += 1) {
        auto some = powers.within(trial, most_monomials, options.unit);
        if (!some) break;
        monomials = std::move(*some);
    }
    std::vector<CandidateTerm> terms;
    const auto offer = [&](const Program& program, double cost) {
        CandidateTerm term{program, {}, cost, {}};
        const std::vector<double> values = evaluate_columns(program, problem.inputs);
        term.values = Eigen::Map<const Eigen::VectorXd>(values.data(), rows);
        if (!term.values.allFinite()) return;
        if (term.values.maxCoeff() == term.values.minCoeff()) return;
        if (!problem.units.empty()) {
            term.unit = unit_of(program, problem.units);
            if (options.unit && term.unit != options.unit) return;
        }
        terms.push_back(std::move(term));
    };
    if (options.alone)
        for (const Powers::Found& each : monomials) offer(monomial(variables, each.powers), each.cost);
    // Functions alone, two of them, and with a product of powers in front, as far as there is room.
    struct Mixed {
        double cost = 0;
        std::size_t first = 0;
        int second = -1, powers = -1;
    };
    std::vector<Mixed> mixed;
    for (std::size_t f = 0; f < factors.size(); ++f) {
        mixed.push_back({factors[f].cost, f});
        for (std::size_t g = f + 1; g < factors.size() && factors.size() < 200; ++g)
            if (factors[g].group != factors[f].group)
                mixed.push_back({factors[f].cost + factors[g].cost, f, static_cast<int>(g)});
        for (std::size_t m = 0; m < monomials.size(); ++m)
            mixed.push_back({factors[f].cost + monomials[m].cost, f, -1, static_cast<int>(m)});
    }
    std::stable_sort(mixed.begin(), mixed.end(),
                     [](const Mixed& a, const Mixed& b) { return a.cost < b.cost; });
    for (const Mixed& each : mixed) {
        if (terms.size() >= options.most) break;
        if (options.mixed && each.second >= 0) continue;
        Program program = factors[each.first].program;
        if (each.second >= 0)
            program =
                combine(Operator::multiply, program, factors[static_cast<std::size_t>(each.second)].program);
        if (each.powers >= 0)
            program = combine(Operator::multiply,
                              monomial(variables, monomials[static_cast<std::size_t>(each.powers)].powers),
                              program);
        offer(program, each.cost);
    }
    std::stable_sort(terms.begin(), terms.end(),
                     [](const CandidateTerm& a, const CandidateTerm& b) { return a.cost < b.cost; });
    return terms;
}

} // namespace ropewalk::formula
