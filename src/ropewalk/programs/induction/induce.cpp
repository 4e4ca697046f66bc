#include "ropewalk/programs/induction/induce.hpp"

#include <algorithm>
#include <memory>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/induction/findings.hpp"
#include "ropewalk/programs/induction/strategy.hpp"

namespace ropewalk::induction {

namespace {

/// A strategy with what it has cost and brought so far.
struct Contender {
    std::unique_ptr<Strategy> strategy;
    int turns = 0;
    double work = 0; ///< in programs tried; see step_work
    double gain = 0; ///< how much it has raised the best score

    double promise() const { return (gain + strategy->credit()) / work; }
};

std::vector<Contender> contenders_for(const Findings& findings) {
    std::vector<Contender> contenders;
    if (findings.options().search && findings.is_searchable) {
        contenders.push_back({enumeration()});
        contenders.push_back({sequences()});
        if (findings.options().repair) contenders.push_back({repair_of_near_misses()});
    }
    if (findings.options().tune) contenders.push_back({tuning_of_templates()});
    return contenders;
}

/// Each strategy once, in order; then the one with the most gain per work, with a little gain for free so
/// that none is given up for good.
Contender& most_promising(std::vector<Contender>& contenders) {
    const auto untried = std::find_if(contenders.begin(), contenders.end(),
                                      [](const Contender& each) { return each.turns == 0; });
    if (untried != contenders.end()) return *untried;
    return *std::max_element(
        contenders.begin(), contenders.end(),
        [](const Contender& a, const Contender& b) { return a.promise() < b.promise(); });
}

/// One turn, on the books. `best_score` is that of the best program so far.
base::Status take_turn(Contender& contender, Findings& findings, double& best_score) {
    const base::Stopwatch watch;
    auto record = contender.strategy->turn(findings);
    if (!record) return base::failure(std::move(record.error()));
    record->seconds = watch.seconds();
    record->found = findings.is_found();
    const double work =
        static_cast<double>(record->candidates) + step_work * static_cast<double>(record->step_samples);
    findings.work += work;
    findings.result.candidates += record->candidates;
    contender.work += std::max(1.0, work);
    contender.gain += std::max(0.0, record->score - best_score);
    best_score = std::max(best_score, record->score);
    ++contender.turns;
    findings.result.record.push_back(std::move(*record));
    return {};
}

/// A program that search has found has weights, too.
void compile_program(Induced& result, std::uint64_t seed) {
    if (!result.program || result.weights) return;
    base::RandomStream noise(seed, base::Purpose::compile_noise);
    if (auto model = compiler::compile(
            *result.program, {.instruction_set = compiler::instruction_set_for(*result.program)}, noise))
        result.weights = std::move(*model);
}

} // namespace

base::Result<Induced> induce(const tasks::Task& task, const InduceOptions& options) {
    if (const auto fit = base::check_settings(options); !fit) return base::failure(fit.error());
    auto findings = Findings::of(task, options);
    if (!findings) return base::failure(std::move(findings.error()));
    std::vector<Contender> contenders = contenders_for(*findings);
    double best_score = 0;
    while (!findings->is_found() && !contenders.empty() && !findings->is_out_of_budget()) {
        if (auto taken = take_turn(most_promising(contenders), *findings, best_score); !taken)
            return base::failure(std::move(taken.error()));
        std::erase_if(contenders, [](const Contender& each) { return each.strategy->is_exhausted(); });
    }
    Induced& result = findings->result;
    result.stop_reason = findings->stop_reason();
    compile_program(result, options.run.seed);
    result.seconds = findings->seconds();
    return std::move(result);
}

} // namespace ropewalk::induction
