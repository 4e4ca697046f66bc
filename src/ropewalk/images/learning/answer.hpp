// What a run says is behind its outputs: a rule for each task.
#pragma once

#include <string>
#include <vector>

#include "ropewalk/images/learning/learn.hpp"

namespace ropewalk::learning {

struct Answer {
    rules::Rule rule;
    std::string text; ///< of the rule, as people write it
    std::string next; ///< of the rule that came next
    /// By which the next one is behind: a share of the outputs' variance, or nats of a row where the rule is no
    /// formula of the pool.
    double margin = 0;
};

/// Whether the answer is rules beside the pool: decisions then are the pool's nearest formulas, and no answer.
bool is_beside_pool(const Learned& learned);

/// Of all tasks: the rules that letters were read under where they are no formulas of the pool, else the
/// formulas decided for.
std::vector<Answer> answers_of(const perception::Problem& problem, const Learned& learned);

} // namespace ropewalk::learning
