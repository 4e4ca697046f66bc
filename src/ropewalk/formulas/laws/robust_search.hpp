// From a table to an answer where some rows are far off.
#pragma once

#include "ropewalk/formulas/laws/explain.hpp"

namespace ropewalk::formula {

/// The search repeated with weights that follow what its answer leaves, until the answer stays; of all that
/// it found the formula with the shortest description, in which errors may be far off.
base::Result<Explanation> explain_by_loss(const Problem& problem, const ExplainOptions& options);

/// The search by squared errors that are shares of the target, where this is of one sign, not 0, of different magnitudes,
/// and errors grow with it: rows weigh 1 / y^2. Nothing where the answer of the search by squared errors is better
/// described: n log2 s against n log2 s' and the sum of log2 |y|, s' being the deviation of the shares (both with normal
/// errors). Expects an answer in `squares`.
std::optional<Explanation> explain_by_shares(const Problem& problem, const ExplainOptions& options, const Explanation& squares);

/// The search by squared errors, or by shares of the target where these describe it better; where rows are far off, with
/// the absolute loss, too: then of the two answers the one with the shorter description, in which errors may be far off.
/// That with the absolute loss is taken only where it explains nearly all of the other rows: a few rows that are far off
/// are mistakes beside a law, and not where everything is scattered.
base::Result<Explanation> explain_with_care(const Problem& problem, const ExplainOptions& options);

} // namespace ropewalk::formula
