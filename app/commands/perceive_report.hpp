// What `perceive` and `evaluate` say about a grounder and its programs.
#pragma once

#include "app/shared/shared.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/judging/judging.hpp"
#include "ropewalk/images/learning/learning.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::cli {

Json judgement_json(const perception::Problem& problem, const perception::Judgement& judgement);

/// The answer for people: how many programs are right, a few rows, the losses.
void show_judgement(const perception::Problem& problem, const perception::Judgement& judgement,
                    const std::vector<identification::Decision>& decisions);

/// What a task is called: the name of its column, or its number.
std::string task_name(const perception::Problem& problem, std::size_t task);

/// Which formulas and symbols the data pin down, which only the prior does, and what else they could be.
void show_determined(const perception::Problem& problem, const learning::Learned& learned);

/// The protocol of perception::generalise, beside the paper's number.
Json generalisation_json(const perception::Generalisation& generalisation);
void show_generalisation(const perception::Generalisation& generalisation);

/// Outputs of a manifest whose formulas leave half of the variance of the validation rows or more.
std::vector<std::string> unexplained_outputs(const perception::Problem& problem,
                                             const perception::GivenJudgement& judgement);

/// For a manifest: the formula of every column of outputs and what it is worth. No symbol is known there, so
/// nothing is said of right and wrong.
Json given_json(const perception::Problem& problem, const perception::GivenJudgement& judgement,
                const std::vector<identification::Decision>& decisions);
void show_given(const perception::Problem& problem, const perception::GivenJudgement& judgement,
                const std::vector<identification::Decision>& decisions);

} // namespace ropewalk::cli
