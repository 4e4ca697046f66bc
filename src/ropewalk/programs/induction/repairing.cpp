// The strategy that repairs: exact edits of near misses, before any gradient step.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "ropewalk/programs/induction/realise.hpp"
#include "ropewalk/programs/induction/strategy.hpp"

namespace ropewalk::induction {

namespace {

/// Programs that the repair of one near miss may run in the first turn; each later turn allows four times as many.
constexpr long first_repair = 50'000;
/// Near misses of a turn, best first.
constexpr std::size_t most_misses = 12;

class Repairing : public Strategy {
public:
    double credit() const override { return 0.02; }
    bool is_exhausted() const override { return exhausted_; }

    base::Result<Turn> turn(Findings& findings) override {
        Turn record{.strategy = "repair"};
        const long budget = first_repair << (2 * std::min(turns_++, 10));
        exhausted_ = true;
        std::size_t taken = 0;
        for (const search::Candidate& miss : findings.result.near_misses) {
            if (findings.is_found() || findings.is_out_of_budget() || taken == most_misses) break;
            if (done_.contains(to_string(miss.program))) continue;
            ++taken;
            exhausted_ = false;
            repair(miss, budget, findings, record);
        }
        return record;
    }

private:
    void repair(const search::Candidate& miss, long budget, Findings& findings, Turn& record) {
        const InduceOptions& options = findings.options();
        const auto program =
            realised(miss.program, findings.task(), findings.specification.examples);
        if (!program) {
            done_.insert(to_string(miss.program));
            return;
        }
        const tuning::CertifiedRepair repaired = tuning::certified_repair(
            *program, findings.task(), findings.specification.examples, program->steps.value_or(findings.task().steps),
            {.longest = std::max(program->lines() + 2, tuning::RepairOptions().longest),
             .most_candidates = budget,
             .stop = findings.deadline()},
            {.seed = options.run.seed, .threads = options.run.threads, .stop = findings.deadline()});
        record.candidates += static_cast<std::uint64_t>(repaired.candidates);
        // All neighbours are wrong: more budget would show nothing else.
        if (!repaired.program && repaired.candidates < budget) done_.insert(to_string(miss.program));
        if (!repaired.program) {
            record.score = std::max(record.score, miss.score);
            return;
        }
        record.score = 1;
        assembly::Program found = *repaired.program;
        if (!found.steps) found.steps = program->steps;
        findings.accept(found, fmt::format("repair of {}", miss.sketch));
    }

    int turns_ = 0;
    bool exhausted_ = false;
    std::set<std::string> done_; ///< near misses of which all neighbours were tried
};

} // namespace

std::unique_ptr<Strategy> repair_of_near_misses() { return std::make_unique<Repairing>(); }

} // namespace ropewalk::induction
