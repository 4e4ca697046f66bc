// The strategies that search: programs of one sketch, and of two parts.
#include <algorithm>

#include <fmt/format.h>

#include "ropewalk/programs/induction/realise.hpp"
#include "ropewalk/programs/induction/strategy.hpp"

namespace ropewalk::induction {

namespace {

/// Programs of a search's first turn; each later one has four times as many.
constexpr std::uint64_t first_turn = std::uint64_t{1} << 25;
constexpr std::uint64_t programs_of_turn(int turn) { return first_turn << (2 * turn); }

/// Up to so many examples of a file may leave several programs open, which are then compared.
constexpr std::uint64_t few_examples = 256;

/// What the two searches do with what they have found.
class Searching : public Strategy {
public:
    bool is_exhausted() const override { return exhausted_; }

protected:
    base::Status absorb(base::Result<search::SearchResult> found, Findings& findings, Turn& record) {
        if (!found && findings.options().tune) { // beyond the search's sizes tuning may still work
            exhausted_ = true;
            return {};
        }
        if (!found) return base::failure(std::move(found.error()));
        record.candidates += found->candidates;
        findings.specification.examples = std::move(found->examples);
        if (!found->near_misses.empty()) record.score = found->near_misses.front().score;
        findings.add_near_misses(std::move(found->near_misses));
        if (!found->first_parts.empty()) findings.first_parts = std::move(found->first_parts);
        // What ended at its cost limit would only do the same again.
        exhausted_ = found->stop_reason == base::StopReason::exhausted ||
                     found->stop_reason == base::StopReason::memory;
        if (found->solution) {
            record.score = 1;
            findings.result.choice = std::move(found->choice);
            findings.accept(found->solution->program,
                            fmt::format("{} ({})", record.strategy, found->solution->sketch));
        }
        return {};
    }

    int turns_ = 0;

private:
    bool exhausted_ = false;
};

class Enumeration : public Searching {
public:
    double credit() const override { return 0.06; }

    base::Result<Turn> turn(Findings& findings) override {
        Turn record{.strategy = "enumerate"};
        search::SearchOptions options = findings.limits(programs_of_turn(turns_++));
        const tasks::Task& task = findings.task();
        options.compare = task.from_examples && task.domain_size <= few_examples;
        auto found = search::enumerate(findings.specification, options, findings.verifier());
        return absorb(std::move(found), findings, record).map([&] { return record; });
    }
};

/// Programs that do a part of the work wholly, then those that come near all of it.
std::vector<search::Candidate> first_parts_of(const Findings& findings) {
    std::vector<search::Candidate> parts = findings.first_parts;
    add_new_programs(findings.result.near_misses, parts);
    return parts;
}

/// The task that is left once a program has run; nothing where it does not halt, as nothing can come behind it.
std::optional<search::Specification> rest_after(const assembly::Program& first,
                                                search::Specification specification) {
    machine::ExactMachine machine(first);
    for (machine::Example& example : specification.examples) {
        machine.load(example);
        machine.run(*first.steps);
        if (!machine.state().halted) return std::nullopt;
        example.memory = machine.state().memory;
    }
    return specification;
}

class Sequences : public Searching {
public:
    double credit() const override { return 0.02; }

    base::Result<Turn> turn(Findings& findings) override {
        Turn record{.strategy = "sequences"};
        auto found = search::enumerate_sequences(findings.specification, first_parts_of(findings),
                                                 findings.limits(programs_of_turn(turns_++)),
                                                 findings.verifier());
        if (auto done = absorb(std::move(found), findings, record); !done) return base::failure(done.error());
        for (const Template& first : findings.tuned) {
            if (findings.is_found() || findings.is_out_of_budget()) break;
            if (auto done = finish(first, findings, record); !done) return base::failure(done.error());
        }
        return record;
    }

private:
    /// Searches for a second part of a program that tuning has brought nearer to the target.
    static base::Status finish(const Template& first, Findings& findings, Turn& record) {
        const tasks::Task& task = findings.task();
        const base::Run& run = findings.options().run;
        const auto rest = rest_after(*first.program, findings.specification);
        if (!rest) return {};
        std::optional<assembly::Program> whole;
        const search::Verifier verify = [&](const language::Program& second) {
            constexpr search::Verdict refused{.accepted = false, .counterexample = {}};
            const auto lowered = realised(second, task, rest->examples);
            if (!lowered) return refused;
            auto both = in_sequence(*first.program, *lowered);
            if (!both || !tuning::certify(*both, task, {.seed = run.seed, .threads = run.threads}).holds)
                return refused;
            whole = std::move(*both);
            return search::Verdict{};
        };
        constexpr std::uint64_t programs = std::uint64_t{1} << 20;
        const auto found = search::enumerate(*rest, findings.limits(programs), verify);
        if (!found) return base::failure(found.error());
        record.candidates += found->candidates;
        if (!found->solution || !whole) return {};
        record.score = 1;
        findings.accept(*whole, fmt::format("tuning from {}, then sequences ({})", first.name,
                                            found->solution->sketch));
        return {};
    }
};

} // namespace

std::unique_ptr<Strategy> enumeration() { return std::make_unique<Enumeration>(); }

std::unique_ptr<Strategy> sequences() { return std::make_unique<Sequences>(); }

} // namespace ropewalk::induction
