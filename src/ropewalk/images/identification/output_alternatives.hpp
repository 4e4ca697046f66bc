// Explanations of outputs that images can tell apart: of those that mean the same to them, the best.
#pragma once

#include <set>
#include <vector>

#include "ropewalk/images/identification/letter_values.hpp"
#include "ropewalk/images/identification/output_statistics.hpp"
#include "ropewalk/images/identification/output_values.hpp"

namespace ropewalk::identification {

/// What a candidate makes of rows of letters, as numbers of outputs: all that images can tell. [rows, tasks]
using Meaning = std::vector<std::uint32_t>;

/// Of one formula per task. `values` are those of its letters, `outputs` those of the tasks.
Meaning meaning_of(const LetterValues& values, const std::vector<Outputs>& outputs,
                   const std::vector<std::size_t>& candidate);

/// An alphabet and what explains the outputs with it.
struct Scored {
    OutputExplanation explanation;
    std::set<Meaning> meanings; ///< of the candidates, all different
    std::size_t letters = 0;    ///< that were tried, whether they occur or not
};

/// The best first, but of those that explain as well as the best the one with the fewest letters tried: the
/// same letters are among those of any finer spacing. At most 6 are kept, none hopeless beside the best.
///
/// An explanation is left out where images that are read by a better one are read by it too, but for the
/// names and the order of letters: it has the same candidates, for the same letters or for these and others
/// that are rare. Its alphabet is then named with the better one if it explains the outputs as well.
std::vector<OutputExplanation> best_first(std::vector<Scored> found, std::size_t variables);

} // namespace ropewalk::identification
