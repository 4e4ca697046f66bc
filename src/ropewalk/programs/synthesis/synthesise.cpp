#include "ropewalk/programs/synthesis/synthesise.hpp"

#include <algorithm>
#include <optional>

#include "ropewalk/programs/synthesis/program_search.hpp"

namespace ropewalk::synthesis {

namespace {

/// Examples that are searched on as they are; of more than these, how many the search begins with.
constexpr std::size_t most_searched = 160, first_searched = 64;
/// Examples that a round adds: as many programs of the round before are wrong on them.
constexpr std::size_t most_counterexamples = 8;
/// Programs that are right on all examples; more do not make the choice better.
constexpr std::size_t most_right = 24;

std::vector<std::size_t> spaced_rows(std::size_t rows, std::size_t count) {
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < count; ++i) chosen.push_back(i * rows / count);
    return chosen;
}

Examples rows_of(const Examples& examples, const std::vector<std::size_t>& rows) {
    Examples part{.parameters = examples.parameters, .result = examples.result, .rows = {}};
    for (const std::size_t row : rows) part.rows.push_back(examples.rows[row]);
    return part;
}

/// The first example from `begin` on, around the end, on which a program is wrong.
std::optional<std::size_t> wrong_row(const functional::Program& program, const Examples& examples, std::size_t begin) {
    const std::size_t count = examples.rows.size();
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t row = (begin + i) % count;
        const auto value = functional::run(program, examples.rows[row].inputs);
        if (!value || !(*value == examples.rows[row].output)) return row;
    }
    return std::nullopt;
}

/// Programs on all examples: those that are right, and examples on which others are wrong.
struct Checked {
    std::vector<Consistent> right;
    std::vector<std::size_t> counterexamples;
};

Checked check(const std::vector<Consistent>& programs, const Examples& examples, const base::Run& run, const base::Stopwatch& watch) {
    Checked checked;
    for (const Consistent& each : programs) {
        // What was found is not thrown away for want of time to look at it: the cheapest is always looked at.
        if (checked.right.size() == most_right || (&each != &programs.front() && run.is_over(watch))) break;
        // Programs that are wrong alike say different examples where each begins elsewhere.
        const std::size_t begin = checked.counterexamples.size() * examples.rows.size() / most_counterexamples;
        const auto wrong = wrong_row(each.program, examples, begin);
        auto& rows = checked.counterexamples;
        if (!wrong)
            checked.right.push_back(each);
        else if (rows.size() < most_counterexamples && std::find(rows.begin(), rows.end(), *wrong) == rows.end())
            rows.push_back(*wrong);
    }
    return checked;
}

/// The options of a round that begins now: what is left of the time, and of the candidates.
SynthesisOptions left_of(const SynthesisOptions& options, const base::Stopwatch& watch, long candidates) {
    SynthesisOptions left = options;
    if (options.candidates > 0) left.candidates = std::max(options.candidates - candidates, 1L);
    const base::Run& run = options.run;
    const double spent = watch.seconds();
    if (run.seconds > 0) left.run.seconds = std::max(run.seconds - spent, 1e-3);
    if (run.progress)
        left.run.progress = [&run, spent](long done, long total, const std::string& state) {
            // Both are in hundredths of a second.
            const auto before = static_cast<long>(100 * spent);
            run.progress(done + before, total + (total > 0 ? before : 0), state);
        };
    return left;
}

/// Searches on some of many examples, checks what was found on all, and searches again with examples on which it is wrong
/// (counterexample-guided synthesis, Solar-Lezama 2008).
Synthesised synthesise_from_many(const Examples& examples, const SynthesisOptions& options) {
    const base::Stopwatch watch;
    std::vector<std::size_t> rows = spaced_rows(examples.rows.size(), first_searched);
    Synthesised found;
    long candidates = 0;
    while (true) {
        found = search_programs(rows_of(examples, rows), left_of(options, watch, candidates));
        candidates += found.candidates;
        Checked checked = check(found.programs, examples, options.run, watch);
        const bool is_over = found.programs.empty() || !checked.right.empty() || options.run.is_over(watch);
        found.programs = std::move(checked.right);
        if (is_over) break;
        rows.insert(rows.end(), checked.counterexamples.begin(), checked.counterexamples.end());
    }
    found.candidates = candidates;
    found.seconds = watch.seconds();
    if (found.programs.empty() && found.stop_reason == base::StopReason::found)
        found.stop_reason = options.run.stop.requested() ? base::StopReason::interrupted : base::StopReason::seconds;
    return found;
}

} // namespace

Synthesised synthesise(const Examples& examples, const SynthesisOptions& options) {
    return examples.rows.size() > most_searched ? synthesise_from_many(examples, options) : search_programs(examples, options);
}

} // namespace ropewalk::synthesis
