#include <algorithm>
#include <chrono>

#include "ropewalk/programs/search/enumerate.hpp"

namespace ropewalk::search {

namespace {

using Clock = std::chrono::steady_clock;

language::Program joined(const language::Program& first, const language::Program& second) {
    language::Program both = first;
    both.statements.insert(both.statements.end(), second.statements.begin(), second.statements.end());
    return both;
}

/// The task that is left over after a first part has run.
std::optional<Specification> rest_of(const Specification& specification, const language::Program& first) {
    Specification rest = specification;
    for (machine::Example& example : rest.examples) {
        auto memory = evaluate(first, specification.machine, example.memory);
        if (!memory) return std::nullopt;
        example.memory = std::move(*memory);
    }
    return rest;
}

/// Programs per first part in the first round; each round has four times as many.
constexpr std::uint64_t first_round = std::uint64_t{1} << 19;
constexpr int most_rounds = 8;

} // namespace

base::Result<SearchResult> enumerate_sequences(const Specification& specification,
                                               const std::vector<Candidate>& first_parts,
                                               const SearchOptions& options, const Verifier& verify) {
    const auto start = Clock::now();
    SearchResult total{.stop_reason = StopReason::exhausted, .examples = specification.examples};
    std::vector<Candidate> misses;
    std::uint64_t round_programs = first_round;
    for (int round = 0; round < most_rounds && !first_parts.empty(); ++round, round_programs *= 4) {
        bool exhausted = true;
        for (const Candidate& first : first_parts) {
            SearchOptions limits = options;
            limits.near_misses = 4;
            limits.compare = false;
            limits.programs = round_programs;
            limits.run.progress = {};
            if (options.programs > 0) {
                if (total.candidates >= options.programs) {
                    total.stop_reason = StopReason::work;
                    break;
                }
                limits.programs = std::min(limits.programs, options.programs - total.candidates);
            }
            if (options.run.seconds > 0) {
                limits.run.seconds =
                    options.run.seconds - std::chrono::duration<double>(Clock::now() - start).count();
                if (limits.run.seconds <= 0) {
                    total.stop_reason = StopReason::seconds;
                    break;
                }
            }
            // The examples grow by counterexamples, so each first part runs on all that are known by now.
            const auto rest = rest_of({specification.machine, total.examples}, first.program);
            if (!rest) continue;
            const Verifier whole = [&](const language::Program& second) {
                const language::Program program = joined(first.program, second);
                Verdict verdict = verify ? verify(program) : Verdict{};
                if (!verdict.counterexample) return verdict;
                total.examples.push_back(*verdict.counterexample);
                if (auto left =
                        evaluate(first.program, specification.machine, verdict.counterexample->memory))
                    verdict.counterexample->memory = std::move(*left);
                else
                    verdict.counterexample.reset();
                return verdict;
            };
            auto found = enumerate(*rest, limits, whole);
            if (!found) return base::failure(std::move(found.error()));
            total.candidates += found->candidates;
            total.cost = std::max(total.cost, first.cost + found->cost);
            exhausted = exhausted && found->stop_reason == StopReason::exhausted;
            const auto composed = [&](const Candidate& second) {
                return Candidate{joined(first.program, second.program),
                                 first.sketch + ", then " + second.sketch, first.cost + second.cost,
                                 second.score};
            };
            for (const Candidate& miss : found->near_misses)
                if (miss.score > first.score) misses.push_back(composed(miss));
            if (options.run.progress)
                options.run.progress(round * 1000 / most_rounds, 1000,
                                     "sequences, " + first.sketch + " first");
            if (found->solution) {
                total.solution = composed(*found->solution);
                total.stop_reason = StopReason::found;
                break;
            }
            if (options.run.stop()) {
                total.stop_reason = StopReason::interrupted;
                break;
            }
        }
        if (total.stop_reason != StopReason::exhausted || exhausted) break;
    }
    std::stable_sort(misses.begin(), misses.end(),
                     [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
    if (misses.size() > static_cast<std::size_t>(options.near_misses))
        misses.resize(static_cast<std::size_t>(options.near_misses));
    total.near_misses = std::move(misses);
    return total;
}

} // namespace ropewalk::search
