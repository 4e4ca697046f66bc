// The prior over programs: how long the programs of a sketch are on average, and the derivative of that.
#pragma once

#include <array>
#include <span>

#include "ropewalk/formulas/sketch/sketch_shape.hpp"

namespace ropewalk::formula {

/// What a length counts.
enum class LengthMeasure {
    /// The paper's recursive length: a line costs its operator and what it reads, so a shared line counts at
    /// each use. A no_operation and an operand that is not read cost nothing beyond their cost below.
    tree,
    /// Lines that the output needs, each once, no_operations included.
    live_lines,
};

/// What `tree` adds up. The defaults count operators; with leaf = 1 the length is the number of nodes.
struct LengthCosts {
    double leaf = 0;
    std::array<double, sketch_operators> operators{1, 1, 1, 0};
};

/// Mean length of the programs drawn from `choices`, every row independently; `choices` holds shape.choices()
/// probabilities.
///
/// `tree` is exact: len(slot < V) = leaf, len(V+l) = sum_o zO[l][o] (cost_o + LA + binary(o) LB) with
/// LA = sum_a zL[l][a] len(a) and LB = sum_b zR[l][b] len(b). A line's length depends on rows of earlier
/// lines only, and its own row is independent of them, so the mean of the length is the length of the means.
///
/// `live_lines` is exact for choices of 0 and 1 and an approximation otherwise. Going up from the output,
/// which is live, live[a] = 1 - prod over later lines l of (1 - live[l] reads[l][a]), where reads[l][a] is
/// the probability that line l reads slot a. Each factor is exact, for whether a line is live depends on rows
/// of later lines only; that the events of different lines l are taken as independent is the approximation.
/// They exclude each other where lines pass one operand on, and then the value is too small.
template<class Real>
Real expected_length(const SketchShape& shape, std::span<const Real> choices, LengthMeasure measure,
                     const LengthCosts& costs = {});

/// The same, and adds `weight` times its gradient to `gradient`, which has the shape of `choices`.
template<class Real>
Real expected_length(const SketchShape& shape, std::span<const Real> choices, LengthMeasure measure,
                     const LengthCosts& costs, Real weight, std::span<Real> gradient);

extern template float expected_length(const SketchShape&, std::span<const float>, LengthMeasure,
                                      const LengthCosts&);
extern template double expected_length(const SketchShape&, std::span<const double>, LengthMeasure,
                                       const LengthCosts&);
extern template float expected_length(const SketchShape&, std::span<const float>, LengthMeasure,
                                      const LengthCosts&, float, std::span<float>);
extern template double expected_length(const SketchShape&, std::span<const double>, LengthMeasure,
                                       const LengthCosts&, double, std::span<double>);

} // namespace ropewalk::formula
