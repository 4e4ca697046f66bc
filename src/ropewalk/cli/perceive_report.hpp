// What `perceive` and `evaluate` say about a grounder and its programs.
#pragma once

#include "ropewalk/cli/cli.hpp"
#include "ropewalk/perception/perception.hpp"

namespace ropewalk::cli {

Json judgement_json(const perception::Problem& problem, const perception::Judgement& judgement);

/// The answer for people: how many programs are right, a few rows, the losses.
void show_judgement(const perception::Problem& problem, const perception::Judgement& judgement,
                    const std::vector<perception::Decision>& decisions);

/// Which formulas and symbols the data pin down, which only the prior does, and what else they could be.
void show_determined(const perception::Problem& problem, const perception::Learned& learned);

} // namespace ropewalk::cli
