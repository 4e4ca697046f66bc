#include "ropewalk/formulas/laws/gathered.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "ropewalk/formulas/laws/term_library.hpp"

namespace ropewalk::formula {

namespace {

struct ProductTerm;
using TermSum = std::vector<ProductTerm>;

/// A variable, a function of sums, or a sum of several terms.
struct Base {
    int variable = -1;
    Operator operation = Operator::add; ///< where it is no variable; `add` is a sum
    std::vector<TermSum> arguments;

    bool is_sum() const { return variable < 0 && operation == Operator::add; }
    friend bool operator==(const Base&, const Base&) = default;
};

struct Power {
    Base base;
    double exponent = 1;

    friend bool operator==(const Power&, const Power&) = default;
};

/// A number times powers.
struct ProductTerm {
    double number = 1;
    std::vector<Power> powers;

    friend bool operator==(const ProductTerm&, const ProductTerm&) = default;
};

void multiply_by(ProductTerm& term, const Base& base, double exponent) {
    const auto place = std::find_if(term.powers.begin(), term.powers.end(),
                                    [&](const auto& each) { return each.base == base; });
    if (place == term.powers.end()) {
        if (exponent != 0) term.powers.emplace_back(base, exponent);
        return;
    }
    place->exponent += exponent;
    if (place->exponent == 0) term.powers.erase(place);
}

ProductTerm as_term(const TermSum& sum) {
    if (sum.size() == 1) return sum.front();
    return {1, {{Base{-1, Operator::add, {sum}}, 1.0}}};
}

/// Nothing where a power of the number is none.
std::optional<ProductTerm> raised_term(const ProductTerm& term, double exponent) {
    ProductTerm result{std::pow(term.number, exponent), {}};
    if (!std::isfinite(result.number)) return std::nullopt;
    for (const auto& [base, power] : term.powers) result.powers.emplace_back(base, power * exponent);
    return result;
}

ProductTerm times(ProductTerm left, const ProductTerm& right) {
    left.number *= right.number;
    for (const auto& [base, exponent] : right.powers) multiply_by(left, base, exponent);
    return left;
}

TermSum plus(TermSum left, const TermSum& right, double sign) {
    for (const ProductTerm& term : right) {
        const auto place = std::find_if(left.begin(), left.end(),
                                        [&](const ProductTerm& each) { return each.powers == term.powers; });
        if (place == left.end()) {
            left.push_back(term);
            left.back().number *= sign;
        } else {
            place->number += sign * term.number;
        }
    }
    std::erase_if(left, [](const ProductTerm& term) { return term.number == 0; });
    if (left.empty()) left.push_back({0, {}});
    return left;
}

/// What a line makes of what it reads; nothing where that cannot be written.
std::optional<TermSum> read_line(const Line& line, const TermSum& left, const TermSum& right) {
    using enum Operator;
    const auto power_of = [&](double exponent) -> std::optional<TermSum> {
        const auto term = raised_term(as_term(left), exponent);
        if (!term) return std::nullopt;
        return TermSum{*term};
    };
    switch (line.operation) {
    case constant: return TermSum{{line.value, {}}};
    case no_operation: return left;
    case add: return plus(left, right, 1);
    case subtract: return plus(left, right, -1);
    case multiply: return TermSum{times(as_term(left), as_term(right))};
    case divide: {
        const auto under = raised_term(as_term(right), -1);
        if (!under) return std::nullopt;
        return TermSum{times(as_term(left), *under)};
    }
    case square: return power_of(2);
    case reciprocal: return power_of(-1);
    case square_root: return power_of(0.5);
    case exponential: {
        const auto number = std::find_if(left.begin(), left.end(), [](const ProductTerm& each) { return each.powers.empty(); });
        const double factor = number == left.end() ? 0 : std::exp(number->number);
        if (left.size() < 2 || factor == 0 || !std::isfinite(factor)) break;
        TermSum rest = left;
        rest.erase(rest.begin() + (number - left.begin()));
        return TermSum{{factor, {{Base{-1, exponential, {rest}}, 1.0}}}};
    }
    case power:
        if (right.size() == 1 && right.front().powers.empty()) return power_of(right.front().number);
        break;
    default: break;
    }
    Base function{-1, line.operation, {left}};
    if (info(line.operation).arity == 2) function.arguments.push_back(right);
    return TermSum{{1, {{function, 1.0}}}};
}

/// Takes the powers of variables that the terms of a sum share out of it, so that none is left with a
/// negative power: they are the factor that is returned.
ProductTerm take_shared(TermSum& sum) {
    ProductTerm shared;
    std::vector<Base> bases;
    for (const ProductTerm& term : sum)
        for (const auto& [base, exponent] : term.powers)
            if (base.variable >= 0 && std::find(bases.begin(), bases.end(), base) == bases.end())
                bases.push_back(base);
    for (const Base& base : bases) {
        double least = INFINITY;
        for (const ProductTerm& term : sum) {
            const auto place = std::find_if(term.powers.begin(), term.powers.end(),
                                            [&](const auto& each) { return each.base == base; });
            least = std::min(least, place == term.powers.end() ? 0 : place->exponent);
        }
        if (least == 0) continue;
        for (ProductTerm& term : sum) multiply_by(term, base, -least);
        multiply_by(shared, base, least);
    }
    return shared;
}

/// A sum whose terms are multiplied out where a factor of theirs is a sum itself, at most so many times.
TermSum expanded(const TermSum& sum, int& times_left) {
    TermSum result;
    for (const ProductTerm& term : sum) {
        const auto factor = std::find_if(term.powers.begin(), term.powers.end(),
                                         [](const Power& each) { return each.base.is_sum() && each.exponent == 1; });
        if (factor == term.powers.end() || times_left == 0) {
            result = plus(std::move(result), {term}, 1);
            continue;
        }
        --times_left;
        ProductTerm rest{term.number, {term.powers.begin(), factor}};
        rest.powers.insert(rest.powers.end(), std::next(factor), term.powers.end());
        TermSum products;
        for (const ProductTerm& each : factor->base.arguments.front()) products.push_back(times(rest, each));
        result = plus(std::move(result), expanded(products, times_left), 1);
    }
    return result;
}

/// Where shared powers are taken out of sums; where numbers are, the first term that is no number stands alone in a
/// sum that is raised or multiplied.
enum class Sharing { nowhere, powers, everywhere, numbers };

void share(TermSum& sum, Sharing sharing);

void share(ProductTerm& term, Sharing sharing) {
    ProductTerm result{term.number, {}};
    for (auto& [base, exponent] : term.powers) {
        for (TermSum& argument : base.arguments) share(argument, sharing);
        if (base.is_sum() && sharing == Sharing::numbers) {
            TermSum& inside = base.arguments.front();
            const auto first = std::find_if(inside.begin(), inside.end(),
                                            [](const ProductTerm& each) { return !each.powers.empty(); });
            const double number = first == inside.end() ? 1 : first->number;
            const double raised = std::pow(number, exponent);
            if (std::isfinite(raised) && raised != 0) {
                for (ProductTerm& each : inside) each.number /= number;
                result.number *= raised;
            }
        } else if (base.is_sum() && sharing != Sharing::nowhere) {
            const ProductTerm shared = take_shared(base.arguments.front());
            for (const auto& [each, power] : shared.powers) multiply_by(result, each, power * exponent);
        }
        multiply_by(result, base, exponent);
    }
    term = std::move(result);
}

void share(TermSum& sum, Sharing sharing) {
    for (ProductTerm& term : sum) share(term, sharing);
    if (sharing != Sharing::everywhere || sum.size() < 2) return;
    ProductTerm shared = take_shared(sum);
    if (shared.powers.empty()) return;
    multiply_by(shared, Base{-1, Operator::add, {sum}}, 1);
    sum = {shared};
}

Program written(const TermSum& sum, int variables);

Program written(const Base& base, int variables) {
    if (base.variable >= 0) return variable(variables, base.variable);
    if (base.is_sum()) return written(base.arguments.front(), variables);
    const Program first = written(base.arguments.front(), variables);
    if (base.arguments.size() == 1) return combine(base.operation, first);
    return combine(base.operation, first, written(base.arguments.back(), variables));
}

/// Powers with a number over them; those of a half stand under one root.
Program written_powers(const ProductTerm& term, double number, int variables) {
    const Program one = constant(variables, 1);
    Program over = constant(variables, number), under = one, root_over = one, root_under = one;
    for (const auto& [base, exponent] : term.powers) {
        const bool half = exponent != std::floor(exponent) && 2 * exponent == std::floor(2 * exponent);
        Program& side = half ? (exponent < 0 ? root_under : root_over) : (exponent < 0 ? under : over);
        const double magnitude = std::abs(half ? 2 * exponent : exponent);
        side = product_of(side, to_power(written(base, variables), magnitude));
    }
    if (root_over != one)
        over = product_of(over, combine(Operator::square_root, quotient_of(root_over, root_under)));
    else if (root_under != one)
        under = product_of(under, combine(Operator::square_root, root_under));
    return quotient_of(over, under);
}

Program written(const TermSum& sum, int variables) {
    std::vector<std::pair<double, Program>> terms;
    // A number over a sum is one operator, a number times 1 over it two.
    if (sum.size() == 1) return simplified(written_powers(sum.front(), sum.front().number, variables));
    for (const ProductTerm& term : sum) terms.emplace_back(term.number, written_powers(term, 1, variables));
    // A sum that begins with a minus needs one operator more.
    std::stable_partition(terms.begin(), terms.end(), [](const auto& each) { return each.first > 0; });
    return simplified(sum_of(variables, terms));
}

} // namespace

std::vector<Program> gathered(const Program& program) {
    constexpr std::int64_t most_operators = 100;
    if (size(program).operators > most_operators) return {};
    std::vector<TermSum> slots;
    for (int v = 0; v < program.variables; ++v) slots.push_back({{1, {{Base{v, {}, {}}, 1.0}}}});
    for (const Line& line : program.lines) {
        const int arity = info(line.operation).arity;
        const TermSum none;
        auto read = read_line(line, arity >= 1 ? slots[static_cast<std::size_t>(line.left)] : none,
                              arity >= 2 ? slots[static_cast<std::size_t>(line.right)] : none);
        if (!read) return {};
        slots.push_back(std::move(*read));
    }
    const TermSum& read = slots[static_cast<std::size_t>(program.result())];
    int most_products = 24;
    std::vector<Program> ways{written(expanded(read, most_products), program.variables)};
    for (const Sharing sharing : {Sharing::nowhere, Sharing::powers, Sharing::everywhere, Sharing::numbers}) {
        TermSum sum = read;
        share(sum, sharing);
        ways.push_back(written(sum, program.variables));
    }
    return ways;
}

} // namespace ropewalk::formula
