#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/settings.hpp"
#include "ropewalk/programs/search/choice.hpp"
#include "ropewalk/programs/search/cost_model.hpp"
#include "ropewalk/programs/search/library_learning.hpp"
#include "ropewalk/programs/search/sketch.hpp"

namespace ropewalk::search {

/// What a program is to do: leave the expected memory on every example.
struct Specification {
    language::Machine machine;
    /// Memories of `cells` values; expected memory with machine::not_scored where anything goes. Registers
    /// are not looked at.
    std::vector<machine::Example> examples;
};

using base::StopReason;

struct UnitsProblem;
struct Unit;
struct Outcome;
/// Runs units somewhere else and gives what came of them in their order, fewer when it was stopped; see units_elsewhere.hpp.
using UnitsElsewhere = std::function<std::vector<Outcome>(const UnitsProblem&, std::span<const Unit>)>;

struct SearchOptions {
    base::Run run; ///< no seed plays a part
    /// Programs to try; 0: no limit. With such a limit and none in seconds, results are the same at any
    /// number of threads.
    std::uint64_t programs = 0;
    int largest_cost = 30;
    std::size_t memory_bytes = std::size_t{1} << 30;
    /// Near misses to keep; at most a quarter of them from one sketch.
    int near_misses = 24;
    CostModel costs;
    /// Functions the fillings may call.
    std::vector<language::Function> functions = standard_library();
    std::vector<Sketch> sketches = sketch_library();
    /// Whether programs that fit are compared before one is chosen (see choose), for examples that may leave
    /// several open. The search then goes on to the end of its round.
    bool compare = false;
    /// Where batches of many units are run, with the library's own sketches, functions and costs. Empty: here.
    UnitsElsewhere elsewhere;

    static constexpr auto fields = base::fields(
        base::group<&SearchOptions::run>(),
        base::field<&SearchOptions::programs>("programs", "Programs to try; 0: no limit. Without a limit of "
                                                          "time the result does not depend on the threads"),
        base::field<&SearchOptions::largest_cost>("largest_cost", "Cost of the largest programs",
                                                  base::within(1, 1000)),
        base::field<&SearchOptions::memory_bytes>("memory", "Bytes for the fillings of holes",
                                                  base::within(std::size_t{1} << 20, std::size_t{1} << 40)),
        base::field<&SearchOptions::near_misses>("near_misses", "Wrong programs to keep, best first",
                                                 base::within(0, 256)),
        base::field<&SearchOptions::compare>("compare",
                                             "Compare the programs that fit before one is chosen"));
};

/// What a verifier says about a program that is right on every example.
struct Verdict {
    bool accepted = true;
    /// An input on which it is wrong; becomes one more example.
    std::optional<machine::Example> counterexample;
};
using Verifier = std::function<Verdict(const language::Program&)>;

struct SearchResult {
    std::optional<Candidate> solution;
    /// With SearchOptions::compare: what the fitting programs say about other inputs; the solution is the
    /// first of it.
    Choice choice;
    /// Wrong programs, best first: a higher score than doing nothing, one per behaviour on the examples.
    std::vector<Candidate> near_misses;
    /// Wrong programs that have more cells right on every example than the untouched input, most such cells
    /// first: what a program of two parts may begin with.
    std::vector<Candidate> first_parts;
    std::uint64_t candidates = 0;
    StopReason stop_reason = StopReason::exhausted;
    /// The largest cost that was tried.
    int cost = 0;
    /// Examples at the end: the given ones and the counterexamples.
    std::vector<machine::Example> examples;
};

/// Fills the holes of every sketch and runs each candidate on the examples until one is wrong. Work goes by
/// rounds: in each, every sketch may try the same number of candidates, its own cheapest first, and what a
/// round tries is sorted by cost over all sketches; each round is twice as large as the last. Expressions are
/// enumerated once per hole and kept one per behaviour (see HoleBank), so that two candidates of a sketch
/// differ in behaviour wherever a hole's arguments take all values; near misses are kept one per final
/// memory. The first program in the order of enumeration that the verifier accepts is the solution, or the
/// most probable one where programs are compared. Fails on examples that do not fit the machine, and on
/// sketches it cannot run.
base::Result<SearchResult> enumerate(const Specification& specification, const SearchOptions& options,
                                     const Verifier& verify = {});

/// Programs of two parts: enumerates second parts on the memories that the first parts of an earlier search
/// leave behind, best first part first, with four times as many programs from round to round.
base::Result<SearchResult> enumerate_sequences(const Specification& specification,
                                               const std::vector<Candidate>& first_parts,
                                               const SearchOptions& options, const Verifier& verify = {});

} // namespace ropewalk::search
