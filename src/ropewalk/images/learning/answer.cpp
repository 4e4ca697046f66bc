#include "ropewalk/images/learning/answer.hpp"

#include "ropewalk/formulas/text/text.hpp"

namespace ropewalk::learning {

bool is_beside_pool(const Learned& learned) { return learned.letters && !learned.letters->rules.empty(); }

std::vector<Answer> answers_of(const perception::Problem& problem, const Learned& learned) {
    std::vector<Answer> answers;
    for (std::size_t t = 0; t < learned.decisions.size(); ++t) {
        if (is_beside_pool(learned)) {
            const LetterFindings& found = *learned.letters;
            answers.push_back({found.rules[t], found.rules[t].text,
                               found.next_rules.empty() ? "none" : found.next_rules[t].text, found.ahead});
            continue;
        }
        const identification::Decision& decision = learned.decisions[t];
        const formula::Program& formula = problem.pool.formulas[decision.formula];
        answers.push_back({rules::rule_of(formula), formula::written_text(formula),
                           formula::written_text(problem.pool.formulas[decision.runner_up]), decision.margin});
    }
    return answers;
}

} // namespace ropewalk::learning
