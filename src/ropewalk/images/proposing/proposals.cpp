#include "ropewalk/images/proposing/proposals.hpp"

#include <algorithm>
#include <cmath>

namespace ropewalk::proposing {

namespace {

constexpr double of_largest_output = 1e-9;

perception::Examples examples_of(const NewTasks& tasks) {
    const std::size_t rows = tasks.symbols.front().size();
    perception::Examples examples{.tasks = tasks.outputs.size(), .pairs = rows, .symbols = {}, .y = {}};
    for (const std::vector<double>& y : tasks.outputs) {
        for (std::size_t n = 0; n < rows; ++n)
            for (const std::vector<double>& column : tasks.symbols)
                examples.symbols.push_back(static_cast<float>(column[n]));
        examples.y.insert(examples.y.end(), y.begin(), y.end());
    }
    return examples;
}

} // namespace

bool fits(const formula::Program& program, const NewTasks& tasks, std::size_t task) {
    base::expects(task < tasks.outputs.size());
    const std::vector<double>& y = tasks.outputs[task];
    const std::vector<double> found = formula::evaluate(program, tasks.symbols);
    double largest = 0;
    for (const double each : y) largest = std::max(largest, std::abs(each));
    // No row agrees with what is no number.
    return std::equal(found.begin(), found.end(), y.begin(), y.end(),
                      [&](double a, double b) { return std::abs(a - b) <= of_largest_output * largest; });
}

base::Result<std::vector<Proposal>> propose(const StoredSynthesizer& stored, const NewTasks& tasks,
                                            const ProposalOptions& options) {
    base::expects(tasks.symbols.size() == static_cast<std::size_t>(stored.proposer.variables));
    base::expects(!tasks.symbols.empty() && !tasks.symbols.front().empty());
    const auto proposer = proposer_of(stored, options.threads, options.device);
    if (!proposer) return base::failure(proposer.error());
    const perception::ProgramCode code(stored.proposer.variables, stored.proposer.lines);
    const perception::Examples examples = examples_of(tasks);
    ProposingOptions proposing;
    proposing.group = std::min(stored.pairs, examples.pairs);
    const auto first = candidates(**proposer, code, examples, proposing);
    if (!first) return base::failure(first.error());
    proposing.beams = options.beams;
    proposing.renamings = true;
    const auto all = candidates(**proposer, code, examples, proposing);
    if (!all) return base::failure(all.error());
    std::vector<Proposal> proposals;
    for (std::size_t t = 0; t < examples.tasks; ++t) {
        Proposal proposal{tasks.names[t], (*first)[t].front().program, checked((*all)[t], examples, t).program};
        proposal.first_fits = fits(proposal.first, tasks, t);
        proposal.best_fits = fits(proposal.best, tasks, t);
        proposal.candidates = (*all)[t].size();
        proposals.push_back(std::move(proposal));
    }
    return proposals;
}

} // namespace ropewalk::proposing
