#include "ropewalk/images/proposing/candidates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "ropewalk/formulas/expression/expression.hpp"

namespace ropewalk::proposing {

namespace {

/// Variable v of the result is variable order[v] of the examples.
perception::Examples renamed(const perception::Examples& examples, std::span<const int> order) {
    perception::Examples result = examples;
    for (std::size_t i = 0; i < examples.tasks * examples.pairs; ++i)
        for (std::size_t v = 0; v < order.size(); ++v)
            result.symbols[i * order.size() + v] =
                examples.symbols[i * order.size() + static_cast<std::size_t>(order[v])];
    return result;
}

/// The program with its old variables, which it reads in this order.
formula::Program original(const formula::Program& program, std::span<const int> order) {
    std::vector<formula::Program> arguments;
    for (const int variable : order) arguments.push_back(formula::variable(program.variables, variable));
    return formula::tidy(formula::substitute(program, arguments));
}

void add(std::vector<Candidate>& candidates, Candidate candidate) {
    const auto same = std::find_if(candidates.begin(), candidates.end(),
                                   [&](const Candidate& each) { return each.program == candidate.program; });
    if (same == candidates.end())
        candidates.push_back(std::move(candidate));
    else
        same->log_probability = std::max(same->log_probability, candidate.log_probability);
}

} // namespace

base::Result<std::vector<std::vector<Candidate>>> candidates(perception::Proposer& proposer,
                                                             const perception::ProgramCode& code,
                                                             const perception::Examples& examples,
                                                             const ProposingOptions& options) {
    std::vector<std::vector<Candidate>> all(examples.tasks);
    if (examples.tasks == 0) return all;
    std::vector<int> order(static_cast<std::size_t>(code.variables()));
    std::iota(order.begin(), order.end(), 0);
    do {
        const auto proposals = proposer.propose(renamed(examples, order), options.group, options.beams);
        if (!proposals) return base::failure(proposals.error());
        const std::size_t each = proposals->size() / examples.tasks;
        for (std::size_t i = 0; i < proposals->size(); ++i) {
            const perception::Proposal& proposal = (*proposals)[i];
            add(all[i / each], {original(code.decode(proposal.tokens), order), proposal.log_probability});
        }
    } while (options.renamings && std::next_permutation(order.begin(), order.end()));
    for (std::vector<Candidate>& of_task : all)
        std::stable_sort(of_task.begin(), of_task.end(), [](const Candidate& a, const Candidate& b) {
            return a.log_probability > b.log_probability;
        });
    return all;
}

double mean_error(const formula::Program& program, const perception::Examples& examples, std::size_t task) {
    const auto variables = static_cast<std::size_t>(program.variables);
    std::vector<double> row(variables);
    double sum = 0;
    for (std::size_t n = task * examples.pairs; n < (task + 1) * examples.pairs; ++n) {
        std::copy_n(examples.symbols.begin() + static_cast<std::ptrdiff_t>(n * variables), variables,
                    row.begin());
        sum += std::abs(static_cast<double>(examples.y[n]) - formula::evaluate(program, row));
    }
    if (std::isnan(sum)) return std::numeric_limits<double>::infinity();
    return sum / static_cast<double>(examples.pairs);
}

const Candidate& checked(std::span<const Candidate> candidates, const perception::Examples& examples,
                         std::size_t task) {
    base::expects(!candidates.empty());
    std::size_t best = 0;
    double least = mean_error(candidates[0].program, examples, task);
    for (std::size_t i = 1; i < candidates.size(); ++i)
        if (const double error = mean_error(candidates[i].program, examples, task); error < least)
            best = i, least = error;
    return candidates[best];
}

} // namespace ropewalk::proposing
