#include "ropewalk/images/identification/output_combinations.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace ropewalk::identification {

namespace {

/// `frequencies` as in Marginal.
std::vector<double> row_probabilities(const std::vector<double>& frequencies, std::size_t letters,
                                      std::size_t rows) {
    std::vector<double> probabilities(rows, 1.0);
    const std::size_t columns = frequencies.size() / letters;
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t place = 1, rest = row, column = 0; place < rows;
             place *= letters, rest /= letters, column = std::min(column + 1, columns - 1))
            probabilities[row] *= frequencies[column * letters + rest % letters];
    return probabilities;
}

/// Outputs of tasks together, each combination that examples have with a number of its own.
struct CombinedOutputs {
    std::vector<std::uint32_t> of_examples;
    std::vector<double> counts;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> numbers;

    /// With one more task.
    CombinedOutputs with(const Outputs& task) const {
        CombinedOutputs longer{.of_examples = of_examples, .counts = {}, .numbers = {}};
        for (std::size_t n = 0; n < of_examples.size(); ++n) {
            const auto [place, fresh] =
                longer.numbers.try_emplace({of_examples[n], task.of_rows[n]}, longer.counts.size());
            if (fresh) longer.counts.push_back(0);
            ++longer.counts[longer.of_examples[n] = place->second];
        }
        return longer;
    }
};

/// A combination of formulas with one more.
Joint joined(const Joint& joint, std::size_t formula, const std::vector<std::uint32_t>& of_formula,
             const CombinedOutputs& combined) {
    Joint next{joint.formulas, std::vector<std::uint32_t>(of_formula.size(), no_output), joint.frequencies,
               joint.of_rows};
    next.formulas.push_back(formula);
    std::vector<double> probabilities(combined.counts.size());
    for (std::size_t row = 0; row < of_formula.size(); ++row) {
        if (joint.outputs[row] == no_output || of_formula[row] == no_output) continue;
        const auto number = combined.numbers.find({joint.outputs[row], of_formula[row]});
        if (number == combined.numbers.end()) continue;
        next.outputs[row] = number->second;
        probabilities[number->second] += (*joint.of_rows)[row];
    }
    next.log_likelihood = log_likelihood(probabilities, combined.counts);
    return next;
}

} // namespace

std::vector<Joint> combine(const OutputQuestion& question, const std::vector<Outputs>& outputs,
                           const Attempt& attempt, const std::vector<std::size_t>& order) {
    constexpr std::size_t most = 256;
    constexpr double behind = 30;
    const LetterValues values(attempt.trial->hypotheses, attempt.alphabet);
    std::vector<Joint> joints{{{}, std::vector<std::uint32_t>(values.rows(), 0)}};
    CombinedOutputs combined{
        .of_examples = std::vector<std::uint32_t>(question.rows), .counts = {}, .numbers = {}};
    for (const std::size_t t : order) {
        combined = combined.with(outputs[t]);
        std::vector<Joint> longer;
        for (const Marginal& marginal : attempt.of_tasks[t]) {
            if (t == order.front()) {
                joints.front().frequencies = &marginal.frequencies;
                joints.front().of_rows = std::make_shared<const std::vector<double>>(
                    row_probabilities(marginal.frequencies, attempt.alphabet.size(), values.rows()));
            }
            for (const std::size_t formula : (*attempt.trial->orbits)[marginal.orbit]) {
                std::vector<std::uint32_t> of_formula;
                for (const double value : values.of(formula)) of_formula.push_back(outputs[t].find(value));
                for (const Joint& joint : joints)
                    longer.push_back(joined(joint, formula, of_formula, combined));
            }
        }
        sort_likeliest_first(longer, &Joint::log_likelihood);
        joints.clear();
        std::set<std::vector<std::uint32_t>> known;
        for (Joint& joint : longer) {
            if (joints.size() == most || joint.log_likelihood < longer.front().log_likelihood - behind) break;
            // What makes the same of all rows of letters is one.
            if (known.insert(joint.outputs).second) joints.push_back(std::move(joint));
        }
    }
    return joints;
}

} // namespace ropewalk::identification
