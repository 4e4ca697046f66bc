#include "ropewalk/images/proposing/amortise_judge.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::proposing {

namespace {

bool same_polynomial(const formula::Program& left, const formula::Program& right) {
    const auto one = formula::polynomial(left), other = formula::polynomial(right);
    return one && other && *one == *other;
}

/// Judges lists of formulas on the same rows.
class Bench {
public:
    Bench(const formula::Pool& pool, const perception::ProgramCode& code, const TestRows& rows,
          perception::Proposer& proposer, std::size_t group, const AmortiseJudgeOptions& options)
        : pool_(pool), code_(code), rows_(rows), proposer_(proposer), group_(group), options_(options) {}

    std::size_t pairs() const { return std::min(options_.groups, rows_.symbols.size() / group_) * group_; }

    /// Which formulas are right when the most probable candidate is taken.
    base::Result<std::vector<bool>> right(std::span<const std::size_t> formulas, std::size_t pairs,
                                          bool renamings) const {
        const perception::Examples examples = test_examples(pool_, formulas, rows_, pairs);
        ProposingOptions proposing{.group = group_, .renamings = renamings};
        return candidates(proposer_, code_, examples, proposing).map([&](const auto& found) {
            std::vector<bool> right;
            for (std::size_t i = 0; i < formulas.size(); ++i)
                right.push_back(same_polynomial(found[i].front().program, pool_.formulas[formulas[i]]));
            return right;
        });
    }

    base::Result<std::size_t> right_by_checking(std::span<const std::size_t> formulas,
                                                std::size_t pairs) const {
        const perception::Examples examples = test_examples(pool_, formulas, rows_, pairs);
        ProposingOptions proposing{.group = group_, .beams = options_.beams, .renamings = true};
        return candidates(proposer_, code_, examples, proposing).map([&](const auto& found) {
            std::size_t right = 0;
            for (std::size_t i = 0; i < formulas.size(); ++i)
                right += same_polynomial(checked(found[i], examples, i).program, pool_.formulas[formulas[i]]);
            return right;
        });
    }

    base::Result<OwnPrograms> own(std::span<const std::size_t> formulas,
                                  std::vector<bool>* right_ones = nullptr) const {
        OwnPrograms own;
        own.formulas = formulas.size();
        const auto all = right(formulas, pairs(), false), one = right(formulas, group_, false);
        if (!all) return base::failure(all.error());
        if (!one) return base::failure(one.error());
        own.right = count(*all);
        own.right_by_one_group = count(*one);
        if (right_ones != nullptr) *right_ones = *all;
        if (options_.tasks_only) return own;
        // Many candidates are written here: fewer pairs do.
        const std::size_t fewer = std::min(pairs(), 8 * group_);
        const auto by_renaming = right(formulas, fewer, true);
        if (!by_renaming) return base::failure(by_renaming.error());
        own.right_by_renaming = count(*by_renaming);
        const auto by_checking = right_by_checking(formulas, fewer);
        if (!by_checking) return base::failure(by_checking.error());
        own.right_by_checking = *by_checking;
        return own;
    }

private:
    static std::size_t count(const std::vector<bool>& right) {
        return static_cast<std::size_t>(std::count(right.begin(), right.end(), true));
    }

    const formula::Pool& pool_;
    const perception::ProgramCode& code_;
    const TestRows& rows_;
    perception::Proposer& proposer_;
    std::size_t group_;
    const AmortiseJudgeOptions& options_;
};

std::size_t orders(int variables) {
    std::size_t count = 1;
    for (int v = 2; v <= variables; ++v) count *= static_cast<std::size_t>(v);
    return count;
}

} // namespace

perception::Examples test_examples(const formula::Pool& pool, std::span<const std::size_t> formulas,
                                   const TestRows& rows, std::size_t pairs) {
    const auto numbers = static_cast<std::ptrdiff_t>(pairs * rows.symbols.variables);
    perception::Examples examples{.tasks = formulas.size(), .pairs = pairs, .symbols = {}, .y = {}};
    for (const std::size_t formula : formulas) {
        examples.symbols.insert(examples.symbols.end(), rows.symbols.symbols.begin(),
                                rows.symbols.symbols.begin() + numbers);
        const std::vector<double> y = formula::evaluate(pool.formulas[formula], rows.labels);
        examples.y.insert(examples.y.end(), y.begin(), y.begin() + static_cast<std::ptrdiff_t>(pairs));
    }
    return examples;
}

base::Result<AmortiseJudgement> judge(const perception::Problem& problem, perception::Engine& engine,
                                      perception::Proposer& proposer, const Curriculum& curriculum,
                                      std::size_t group, const AmortiseJudgeOptions& options) {
    for (const auto* list : {&curriculum.dreamt, &curriculum.held_out})
        for (const std::size_t formula : *list)
            if (formula >= problem.pool.formulas.size())
                return base::failure("synthesizer", fmt::format("formula {}", formula),
                                     fmt::format("0 to {}", problem.pool.formulas.size() - 1));
    const auto rows = test_rows(problem, engine, options.rows);
    if (!rows) return base::failure(rows.error());
    if (rows->symbols.size() < group)
        return base::failure("judging the synthesizer",
                             fmt::format("{} rows of which the grounder is sure", rows->symbols.size()),
                             fmt::format("at least {}", group));
    const perception::ProgramCode code(problem.pool.variables, curriculum.operators);
    const Bench bench(problem.pool, code, *rows, proposer, group, options);
    AmortiseJudgement judgement;
    judgement.group = group;
    judgement.pairs = bench.pairs();
    judgement.candidates = options.beams * orders(problem.pool.variables);
    const auto tasks = bench.own(problem.tasks, &judgement.right);
    if (!tasks) return base::failure(tasks.error());
    judgement.tasks = *tasks;
    if (options.tasks_only) return judgement;
    for (const auto& [own, formulas] : {std::pair{&judgement.dreamt, &curriculum.dreamt},
                                        std::pair{&judgement.held_out, &curriculum.held_out}}) {
        const auto found = bench.own(*formulas);
        if (!found) return base::failure(found.error());
        *own = *found;
    }
    return judgement;
}

} // namespace ropewalk::proposing
