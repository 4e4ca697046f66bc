// The letters that are tried as an explanation of outputs.
#pragma once

#include <cstddef>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/images/identification/letter_frequencies.hpp"
#include "ropewalk/images/identification/letter_values.hpp"
#include "ropewalk/images/identification/output_statistics.hpp"

namespace ropewalk::identification {

/// Rows of letters that an alphabet may have.
inline constexpr std::size_t most_letter_rows = std::size_t{1} << 14;

/// Formulas that differ in the names of their variables only: [orbits, members], each in rising order.
/// Outputs alone do not tell the members of an orbit apart.
using Orbits = std::vector<std::vector<std::size_t>>;

Orbits orbits_of(const MonomialTable& pool);

/// Every formula alone.
Orbits singles_of(const MonomialTable& pool);

/// How an alphabet is tried. Where columns are apart, every formula is alone in its orbit: other names of its
/// variables are other columns.
struct Trial {
    Hypotheses hypotheses;
    const Orbits* orbits;
    Columns columns;
    /// Whether all letters that were tried occur, and no row of them gives an output that there is not: outputs such
    /// as 0 and 1 do not tell.
    bool all_letters = false;
};

/// Evenly spaced letters, see explain_outputs.
std::vector<std::vector<double>> likely_alphabets(const std::vector<Outputs>& outputs, double scale,
                                                  std::size_t variables);

/// Letters that rules are tried with: whole numbers from 0 or 1 on, and the outputs themselves, of which maxima
/// and minima are made. Where outputs `say_little`, of how many letters they are, two and ten.
std::vector<std::vector<double>> alphabets_of_rules(const std::vector<Outputs>& outputs, double scale,
                                                    std::size_t variables, bool say_little);

/// Digits, and one letter for each operator that an image may select, see rules::selection_families.
std::vector<std::vector<double>> selection_alphabets(double scale);

/// Letters that are not evenly spaced: those that occur among many that are. None where `stop` says so.
std::vector<std::vector<double>> sparse_alphabets(const OutputQuestion& question,
                                                  const std::vector<Outputs>& outputs, const Trial& trial,
                                                  base::StopCheck& stop);

} // namespace ropewalk::identification
