// Numbers in formulas: fitted in closed form where they enter linearly, by least squares elsewhere, and
// rounded to simple numbers where the data allow it.
#pragma once

#include <vector>

#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// scale * p + offset.
struct AffineFit {
    double scale = 1;
    double offset = 0;
};

/// The least-squares fit of scale * values + offset to a target; scale 0 where the values do not vary.
AffineFit affine_fit(const std::vector<double>& values, const std::vector<double>& target);

/// The least-squares scale without an offset, and the offset without a scale.
AffineFit scale_fit(const std::vector<double>& values, const std::vector<double>& target);
AffineFit offset_fit(const std::vector<double>& values, const std::vector<double>& target);

/// The program of fit.scale * p + fit.offset, without what a scale of 1 or an offset of 0 makes superfluous.
Program with_affine(const Program& program, const AffineFit& fit);

/// Moves all constants of the program to a local minimum of the squared error (Levenberg and Marquardt,
/// MINPACK's variant), in at most `evaluations` evaluations. Constants stay within +-1e12; a program that has
/// no finite value at the start is returned unchanged. A line l with frozen[l] != 0 keeps its number. Squared
/// errors count as often as `weights` say.
Program fit_constants(const Program& program, const std::vector<std::vector<double>>& inputs,
                      const std::vector<double>& target, int evaluations = 60,
                      const std::vector<char>& frozen = {}, const std::vector<double>& weights = {});

/// The program with each constant replaced by a simple number close to it, one after the other, where the
/// data allow it. Of an exact formula those are whole numbers, fractions with denominators up to 12, and
/// those times pi, as long as it stays exact; otherwise whole numbers, as long as the squared error grows by
/// no more than a number saved is worth (Schwarz 1978). What a 0 or a 1 makes superfluous is removed.
Program with_simple_constants(const Program& program, const std::vector<std::vector<double>>& inputs,
                              const std::vector<double>& target);

} // namespace ropewalk::formula
