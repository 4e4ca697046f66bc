#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ropewalk/base/settings.hpp"
#include "ropewalk/programs/search/search.hpp"
#include "ropewalk/programs/tuning/tuning.hpp"

namespace ropewalk::induction {

struct InduceOptions {
    base::Run run{.seconds = 60}; ///< a run given in its place has the limit that it names, or none
    /// Programs to try; 0: no limit. With such a limit and none in seconds, results are the same at any
    /// number of threads.
    std::uint64_t programs = 0;
    /// Examples drawn from the task's domain for the search; files of examples are taken whole.
    int examples = 24;
    /// Restarts and gradient steps of a template's first turn in tuning; each further round doubles the
    /// steps.
    int restarts = 32;
    int iterations = 1600;
    /// No-ops that make room in a template for what is missing, and where they go.
    int padding = 4;
    assembly::NopPlacement padding_placement = assembly::NopPlacement::in_loop;
    /// Strategies that may be used.
    bool search = true;
    bool repair = true;
    bool tune = true;
    search::SearchOptions search_options;

    static constexpr auto fields = base::fields(
        base::group<&InduceOptions::run>(),
        base::field<&InduceOptions::programs>("programs", "Programs to try; 0: no limit. Without a limit of "
                                                          "time the result does not depend on the threads"),
        base::field<&InduceOptions::examples>(
            "draw", "Examples drawn from a task of the catalogue; a file of examples is taken whole",
            base::within(1, 1000)),
        base::field<&InduceOptions::restarts>("restarts", "Restarts of a template in tuning",
                                              base::within(1, 100'000)),
        base::field<&InduceOptions::iterations>("iterations", "Gradient steps of a template's first turn",
                                                base::within(1, 1'000'000)),
        base::field<&InduceOptions::padding>("padding", "No-ops added to a template before it is tuned",
                                             base::within(0, 64)),
        base::field<&InduceOptions::padding_placement>(
            "padding_at", "Where they go",
            base::named<assembly::NopPlacement>({{"loop", assembly::NopPlacement::in_loop},
                                                 {"start", assembly::NopPlacement::at_start},
                                                 {"end", assembly::NopPlacement::at_end},
                                                 {"spread", assembly::NopPlacement::spread}})),
        base::field<&InduceOptions::search>("search", "Search for programs"),
        base::field<&InduceOptions::repair>("repair", "Edit near misses, one or two edits deep, before they are tuned"),
        base::field<&InduceOptions::tune>("tune", "Tune templates by gradient descent"));
};

/// What a strategy did in one turn.
struct Turn {
    std::string strategy; ///< `enumerate`, `sequences`, `repair` or `tune <template>`
    double seconds = 0;
    std::uint64_t candidates = 0; ///< programs tried by search
    std::uint64_t step_samples =
        0;            ///< machine steps times examples times restarts of gradient descent, at most
    double score = 0; ///< share of scored cells the best program of the turn has right
    bool found = false;
};

struct Induced {
    std::optional<assembly::Program> program;
    /// The high-level program, where search found one.
    std::optional<language::Program> source;
    /// Whether a number in the source may as well mean the number of cells, which is the same in all examples of a file.
    bool size_or_number = false;
    /// Weights of the program: those of the restart that found it, else the program compiled.
    std::optional<compiler::Model> weights;
    std::optional<tuning::Certificate> certificate;
    std::string found_by; ///< e.g. `enumerate (map)`
    /// What programs that fit the examples of a file say about other inputs; the source is the first of it.
    search::Choice choice;
    std::vector<Turn> record;
    /// The best wrong programs, best first.
    std::vector<search::Candidate> near_misses;
    std::uint64_t candidates = 0;
    base::StopReason stop_reason = base::StopReason::exhausted;
    double seconds = 0;
};

/// The combined algorithm (Saldyt, Figure 1): enumerate -> templates -> compile with noise -> tune restarts
/// -> harden -> repair -> certify. Turns go to the strategy that has gained most per unit of work so far;
/// every turn of a strategy is larger than its last. Programs that tuning brings nearer to the target become
/// templates and first parts of sequences in turn. Fails when the task does not fit the search's machine and
/// tuning is not allowed.
base::Result<Induced> induce(const tasks::Task& task, const InduceOptions& options);

} // namespace ropewalk::induction
