// What `perceive` and `evaluate` say about a grounder and its programs.
#pragma once

#include "app/shared/shared.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/judging/judging.hpp"
#include "ropewalk/images/learning/learning.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::cli {

/// The answer for people: how many programs are right, a few rows, the loss of symbols; with details all losses.
void show_judgement(const perception::Problem& problem, const perception::Judgement& judgement,
                    const std::vector<identification::Decision>& decisions, bool details);

/// Which formulas and symbols the data pin down, which only the prior does, and what else they could be.
void show_determined(const perception::Problem& problem, const learning::Learned& learned, bool details);

void show_generalisation(const perception::Generalisation& generalisation);

/// For a manifest: the formula of every column of outputs and what it is worth. No symbol is known there, so
/// nothing is said of right and wrong.
void show_given(const perception::Problem& problem, const perception::GivenJudgement& judgement,
                const std::vector<learning::Answer>& answers, bool details);

} // namespace ropewalk::cli
