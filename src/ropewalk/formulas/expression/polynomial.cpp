#include "ropewalk/formulas/expression/polynomial.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wpedantic"
#endif
#include <flint/flint.h>

#include <flint/fmpq.h>
#include <flint/fmpq_mpoly.h>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

namespace ropewalk::formula {

namespace {

constexpr slong most_terms = 1'000'000;

/// Polynomials of one ring; FLINT wants its context at every call.
class Ring {
public:
    explicit Ring(int variables) : variables_(variables) {
        fmpq_mpoly_ctx_init(context_, variables, ORD_LEX);
    }
    ~Ring() { fmpq_mpoly_ctx_clear(context_); }
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;

    const fmpq_mpoly_ctx_struct* context() const { return context_; }
    int variables() const { return variables_; }

private:
    fmpq_mpoly_ctx_t context_;
    int variables_;
};

class Element {
public:
    explicit Element(const Ring& ring) : ring_(&ring) { fmpq_mpoly_init(value_, ring.context()); }
    Element(const Element& other) : Element(*other.ring_) { fmpq_mpoly_set(value_, other.value_, context()); }
    Element& operator=(const Element& other) {
        if (this == &other) return *this;
        fmpq_mpoly_set(value_, other.value_, context());
        return *this;
    }
    Element(Element&& other) noexcept : Element(*other.ring_) { fmpq_mpoly_swap(value_, other.value_, context()); }
    Element& operator=(Element&& other) noexcept {
        fmpq_mpoly_swap(value_, other.value_, context());
        return *this;
    }
    ~Element() { fmpq_mpoly_clear(value_, context()); }

    fmpq_mpoly_struct* get() { return value_; }
    const fmpq_mpoly_struct* get() const { return value_; }
    const fmpq_mpoly_ctx_struct* context() const { return ring_->context(); }
    slong terms() const { return fmpq_mpoly_length(value_, context()); }
    bool zero() const { return fmpq_mpoly_is_zero(value_, context()) != 0; }

private:
    const Ring* ring_;
    fmpq_mpoly_t value_;
};

Element whole(const Ring& ring, slong number) {
    Element element(ring);
    fmpq_mpoly_set_si(element.get(), number, ring.context());
    return element;
}

Element generator(const Ring& ring, int index) {
    Element element(ring);
    fmpq_mpoly_gen(element.get(), index, ring.context());
    return element;
}

/// A double is a binary fraction, so it has an exact value in the field.
Element number(const Ring& ring, double value) {
    int exponent = 0;
    const double mantissa = std::frexp(value, &exponent);
    fmpq_t exact;
    fmpq_init(exact);
    fmpq_set_si(exact, static_cast<slong>(std::ldexp(mantissa, 53)), 1);
    exponent -= 53;
    if (exponent >= 0)
        fmpq_mul_2exp(exact, exact, static_cast<ulong>(exponent));
    else
        fmpq_div_2exp(exact, exact, static_cast<ulong>(-exponent));
    Element element(ring);
    fmpq_mpoly_set_fmpq(element.get(), exact, ring.context());
    fmpq_clear(exact);
    return element;
}

struct Fraction {
    Element numerator, denominator;
};

bool too_large(const Element& a, const Element& b) {
    return a.terms() > 0 && b.terms() > most_terms / std::max<slong>(1, a.terms());
}

/// The product, or nothing when it may outgrow the limit.
std::optional<Element> product(const Element& a, const Element& b) {
    if (too_large(a, b)) return std::nullopt;
    Element result(a);
    fmpq_mpoly_mul(result.get(), a.get(), b.get(), a.context());
    return result;
}

/// a + b or a - b, or nothing when it may outgrow the limit.
std::optional<Fraction> sum(const Fraction& a, const Fraction& b, bool minus) {
    const auto left = product(a.numerator, b.denominator), right = product(b.numerator, a.denominator);
    auto denominator = product(a.denominator, b.denominator);
    if (!left || !right || !denominator) return std::nullopt;
    Element numerator(*left);
    (minus ? fmpq_mpoly_sub : fmpq_mpoly_add)(numerator.get(), left->get(), right->get(), left->context());
    return Fraction{std::move(numerator), std::move(*denominator)};
}

std::optional<Fraction> times(const Fraction& a, const Fraction& b) {
    auto numerator = product(a.numerator, b.numerator), denominator = product(a.denominator, b.denominator);
    if (!numerator || !denominator) return std::nullopt;
    return Fraction{std::move(*numerator), std::move(*denominator)};
}

/// Without a common factor, and with leading coefficient 1 below.
bool reduce(Fraction& fraction) {
    const auto* const context = fraction.numerator.context();
    Element common(fraction.numerator);
    if (!fmpq_mpoly_gcd(common.get(), fraction.numerator.get(), fraction.denominator.get(), context))
        return false;
    fmpq_mpoly_div(fraction.numerator.get(), fraction.numerator.get(), common.get(), context);
    fmpq_mpoly_div(fraction.denominator.get(), fraction.denominator.get(), common.get(), context);
    fmpq_t leading;
    fmpq_init(leading);
    fmpq_mpoly_get_term_coeff_fmpq(leading, fraction.denominator.get(), 0, context);
    fmpq_mpoly_scalar_div_fmpq(fraction.numerator.get(), fraction.numerator.get(), leading, context);
    fmpq_mpoly_scalar_div_fmpq(fraction.denominator.get(), fraction.denominator.get(), leading, context);
    fmpq_clear(leading);
    return true;
}

tl::unexpected<base::Diagnostics> refused(const std::string& found, const std::string& expected) {
    return base::failure("formula", found, expected);
}

base::Result<Fraction> fraction(const Ring& ring, const Program& program) {
    const auto outgrown = [] {
        return refused("a normal form of more than a million terms", "a smaller formula");
    };
    std::vector<Fraction> slots;
    for (int v = 0; v < program.variables; ++v) slots.push_back({generator(ring, v), whole(ring, 1)});
    for (const Line& line : program.lines) {
        using enum Operator;
        const OperatorInfo& row = info(line.operation);
        if (!row.rational)
            return refused("operator " + std::string(row.name),
                           "operators of rational functions: add, sub, mul, div, square, reciprocal");
        if (line.operation == constant) {
            slots.push_back({number(ring, line.value), whole(ring, 1)});
            continue;
        }
        const Fraction& left = slots[static_cast<std::size_t>(line.left)];
        const Fraction& right = slots[static_cast<std::size_t>(row.arity >= 2 ? line.right : line.left)];
        std::optional<Fraction> value;
        switch (line.operation) {
        case add: value = sum(left, right, false); break;
        case subtract: value = sum(left, right, true); break;
        case multiply:
        case square: value = times(left, right); break;
        case divide: value = times(left, {right.denominator, right.numerator}); break;
        case reciprocal: value = Fraction{left.denominator, left.numerator}; break;
        default: value = left; break;
        }
        if (!value) return outgrown();
        if (value->denominator.zero())
            return refused("a division by zero", "a denominator that is not zero everywhere");
        if (value->numerator.zero()) value->denominator = whole(ring, 1);
        if (value->denominator.terms() > 1 || !fmpq_mpoly_is_one(value->denominator.get(), ring.context()))
            if (!reduce(*value)) return outgrown();
        slots.push_back(std::move(*value));
    }
    return slots[static_cast<std::size_t>(program.result())];
}

std::string text(const Element& element, const std::vector<const char*>& names) {
    // FLINT takes the names without const and does not write to them.
    char* const raw =
        fmpq_mpoly_get_str_pretty(element.get(), const_cast<const char**>(names.data()), element.context());
    std::string copy = raw;
    flint_free(raw);
    return copy;
}

} // namespace

base::Result<Polynomial> polynomial(const Program& program) {
    const Ring ring(program.variables);
    const auto exact = fraction(ring, tidy(program));
    if (!exact) return tl::make_unexpected(exact.error());
    if (!fmpq_mpoly_is_one(exact->denominator.get(), ring.context()))
        return refused("a denominator that depends on a variable", "a polynomial");
    Polynomial terms;
    fmpq_t coefficient;
    fmpq_init(coefficient);
    bool fits = true;
    for (slong i = 0; i < exact->numerator.terms() && fits; ++i) {
        std::vector<ulong> exponents(static_cast<std::size_t>(program.variables));
        fits = fmpq_mpoly_term_exp_fits_ui(exact->numerator.get(), i, ring.context()) != 0;
        fmpq_mpoly_get_term_coeff_fmpq(coefficient, exact->numerator.get(), i, ring.context());
        fits = fits && fmpz_is_one(fmpq_denref(coefficient)) && fmpz_fits_si(fmpq_numref(coefficient));
        if (!fits) break;
        fmpq_mpoly_get_term_exp_ui(exponents.data(), exact->numerator.get(), i, ring.context());
        Term term{{}, fmpz_get_si(fmpq_numref(coefficient))};
        for (const ulong exponent : exponents) {
            fits = fits && exponent <= 0x7fffffff;
            term.exponents.push_back(static_cast<int>(exponent));
        }
        terms.push_back(std::move(term));
    }
    fmpq_clear(coefficient);
    if (!fits)
        return refused("a coefficient or an exponent out of range", "whole coefficients within 64 bits");
    return terms;
}

base::Result<std::string> normal_form(const Program& program) {
    const Ring ring(program.variables);
    const auto exact = fraction(ring, tidy(program));
    if (!exact) return tl::make_unexpected(exact.error());
    const std::vector<std::string> names = names_of_variables(static_cast<std::size_t>(program.variables));
    std::vector<const char*> pointers;
    for (const std::string& name : names) pointers.push_back(name.c_str());
    if (fmpq_mpoly_is_one(exact->denominator.get(), ring.context())) return text(exact->numerator, pointers);
    return "(" + text(exact->numerator, pointers) + ")/(" + text(exact->denominator, pointers) + ")";
}

base::Result<bool> same_function(const Program& left, const Program& right) {
    const auto a = normal_form(left);
    if (!a) return tl::make_unexpected(a.error());
    const auto b = normal_form(right);
    if (!b) return tl::make_unexpected(b.error());
    return *a == *b;
}

} // namespace ropewalk::formula
