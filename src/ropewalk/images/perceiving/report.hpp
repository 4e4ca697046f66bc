// A run and its judgements as JSON.
#pragma once

#include <string>
#include <vector>

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/judging/judging.hpp"
#include "ropewalk/images/perceiving/perceive.hpp"

namespace ropewalk::perceiving {

/// Everything that is known of a run: its judgement, its course and its settings. What `run.json` holds.
std::string to_json(const Perceived& run);

/// How many programs are right, and the losses on training and test images.
std::string to_json(const perception::Problem& problem, const perception::Judgement& judgement);

/// For given rows: the rule of every column of outputs and what it is worth. No symbol is known there, so
/// nothing is said of right and wrong.
std::string to_json(const perception::Problem& problem, const perception::GivenJudgement& judgement,
                    const std::vector<learning::Answer>& answers);

/// The protocol of perception::generalise, beside the paper's number.
std::string to_json(const perception::Generalisation& generalisation);

/// Letters in the units of the user, who gave outputs on a scale.
std::vector<double> scaled(std::vector<double> alphabet, const perception::Problem& problem);

} // namespace ropewalk::perceiving
