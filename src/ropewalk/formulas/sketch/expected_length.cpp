#include "ropewalk/formulas/sketch/expected_length.hpp"

#include <vector>

#include "ropewalk/formulas/sketch/place.hpp"

namespace ropewalk::formula {

namespace {

constexpr std::size_t no_operation = static_cast<std::size_t>(Operator::no_operation);

template<class Real>
Real tree_length(const SketchShape& shape, const Real* z, const LengthCosts& costs, Real weight,
                 Real* gradient) {
    std::vector<Real> length(at(shape.slots()), static_cast<Real>(costs.leaf));
    std::vector<Real> left(at(shape.lines)), right(at(shape.lines));
    for (int l = 0; l < shape.lines; ++l) {
        const Real* const o = z + shape.operator_begin(l);
        const Real* const zl = z + shape.left_begin(l);
        const Real* const zr = z + shape.right_begin(l);
        Real a = 0, b = 0, sum = 0;
        for (std::size_t i = 0; i < at(shape.operands(l)); ++i) {
            a += zl[i] * length[i];
            b += zr[i] * length[i];
        }
        for (std::size_t k = 0; k < sketch_operators; ++k)
            sum += o[k] * (static_cast<Real>(costs.operators[k]) + a + (k == no_operation ? 0 : b));
        left[at(l)] = a;
        right[at(l)] = b;
        length[at(shape.operands(l))] = sum;
    }
    if (gradient == nullptr) return length.back();
    std::vector<Real> adjoint(length.size(), Real{0});
    adjoint.back() = weight;
    for (int l = shape.lines - 1; l >= 0; --l) {
        const Real g = adjoint[at(shape.operands(l))];
        if (g == 0) continue;
        const Real* const o = z + shape.operator_begin(l);
        Real all = 0, binary = 0;
        for (std::size_t k = 0; k < sketch_operators; ++k) {
            gradient[shape.operator_begin(l) + k] +=
                g * (static_cast<Real>(costs.operators[k]) + left[at(l)] +
                     (k == no_operation ? Real{0} : right[at(l)]));
            all += o[k];
            if (k != no_operation) binary += o[k];
        }
        for (std::size_t i = 0; i < at(shape.operands(l)); ++i) {
            adjoint[i] += g * (all * z[shape.left_begin(l) + i] + binary * z[shape.right_begin(l) + i]);
            gradient[shape.left_begin(l) + i] += g * all * length[i];
            gradient[shape.right_begin(l) + i] += g * binary * length[i];
        }
    }
    return length.back();
}

/// Probability that a line reads a slot: as left operand, or as right operand of a binary operator.
template<class Real>
struct Reading {
    Real left, right, binary, all;

    Real value() const { return all * left + binary * right * (1 - left); }
};

template<class Real>
Reading<Real> reading(const SketchShape& shape, const Real* z, int l, std::size_t slot) {
    const Real* const o = z + shape.operator_begin(l);
    const Real binary = o[0] + o[1] + o[2];
    return {z[shape.left_begin(l) + slot], z[shape.right_begin(l) + slot], binary, binary + o[no_operation]};
}

template<class Real>
Real live_lines(const SketchShape& shape, const Real* z, Real weight, Real* gradient) {
    const std::size_t lines = at(shape.lines);
    std::vector<Real> live(lines, Real{0});
    live.back() = 1;
    Real sum = 1;
    // Line j as an operand is slot V + j.
    for (std::size_t j = lines - 1; j-- > 0;) {
        Real dead = 1;
        for (std::size_t l = j + 1; l < lines; ++l)
            dead *= 1 - live[l] * reading(shape, z, static_cast<int>(l), at(shape.variables) + j).value();
        live[j] = 1 - dead;
        sum += live[j];
    }
    if (gradient == nullptr) return sum;
    std::vector<Real> adjoint(lines, weight), factor(lines), others(lines);
    for (std::size_t j = 0; j + 1 < lines; ++j) {
        const std::size_t slot = at(shape.variables) + j;
        // Products of all factors but one, from both ends: a factor may be zero.
        Real before = 1;
        for (std::size_t l = j + 1; l < lines; ++l) {
            factor[l] = 1 - live[l] * reading(shape, z, static_cast<int>(l), slot).value();
            others[l] = before;
            before *= factor[l];
        }
        Real after = 1;
        for (std::size_t l = lines; l-- > j + 1;) {
            others[l] *= after;
            after *= factor[l];
        }
        for (std::size_t l = j + 1; l < lines; ++l) {
            const int line = static_cast<int>(l);
            const Reading<Real> r = reading(shape, z, line, slot);
            const Real g = adjoint[j] * others[l];
            adjoint[l] += g * r.value();
            const Real h = g * live[l];
            gradient[shape.left_begin(line) + slot] += h * (r.all - r.binary * r.right);
            gradient[shape.right_begin(line) + slot] += h * r.binary * (1 - r.left);
            const Real binary = h * (r.left + r.right * (1 - r.left));
            for (std::size_t k = 0; k < sketch_operators; ++k)
                gradient[shape.operator_begin(line) + k] += k == no_operation ? h * r.left : binary;
        }
    }
    return sum;
}

} // namespace

template<class Real>
Real expected_length(const SketchShape& shape, std::span<const Real> choices, LengthMeasure measure,
                     const LengthCosts& costs) {
    return measure == LengthMeasure::tree ? tree_length<Real>(shape, choices.data(), costs, 0, nullptr)
                                          : live_lines<Real>(shape, choices.data(), 0, nullptr);
}

template<class Real>
Real expected_length(const SketchShape& shape, std::span<const Real> choices, LengthMeasure measure,
                     const LengthCosts& costs, Real weight, std::span<Real> gradient) {
    return measure == LengthMeasure::tree
               ? tree_length<Real>(shape, choices.data(), costs, weight, gradient.data())
               : live_lines<Real>(shape, choices.data(), weight, gradient.data());
}

template float expected_length(const SketchShape&, std::span<const float>, LengthMeasure, const LengthCosts&);
template double expected_length(const SketchShape&, std::span<const double>, LengthMeasure,
                                const LengthCosts&);
template float expected_length(const SketchShape&, std::span<const float>, LengthMeasure, const LengthCosts&,
                               float, std::span<float>);
template double expected_length(const SketchShape&, std::span<const double>, LengthMeasure,
                                const LengthCosts&, double, std::span<double>);

} // namespace ropewalk::formula
