// One unit of candidates, run on the examples.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/programs/search/candidate_machine.hpp"
#include "ropewalk/programs/search/hole_bank.hpp"
#include "ropewalk/programs/search/screening.hpp"
#include "ropewalk/programs/search/units.hpp"

namespace ropewalk::search {

/// Cells of the largest machine that candidates are run on.
constexpr std::size_t largest_memory = 256;

/// What came of a unit.
struct Outcome {
    std::uint64_t candidates = 0;
    std::vector<std::uint64_t> right; ///< fillings that are right on every example
    std::vector<Miss> misses;
    std::vector<Miss> first_parts; ///< more cells right on every example than untouched
};

/// What is right before anything is done, on the examples that near misses are ranked on.
struct Untouched {
    std::vector<int> right; ///< cells, example by example
    int total = 0;
    int whole_cells = 0; ///< cells that are right on every example
};
Untouched untouched_by(const PackedExamples& examples);

/// Runs every filling of a unit. What is hopeless on the first example is dropped there: it has no more right
/// than the untouched input. `bar` is the number of right cells, over all examples, a near miss has to
/// exceed. All that it is given outlives it.
class UnitRunner {
public:
    UnitRunner(const SketchCode& code, std::span<const HoleBank* const> banks, const Unit& unit,
               const PackedExamples& examples, const Untouched& untouched, int bar)
        : banks_(banks), unit_(unit), examples_(examples), untouched_(untouched), bar_(bar), machine_(code) {}

    /// Ends early, between candidates, when it is asked to.
    Outcome run(const base::Stop& stopped);

private:
    void place(std::uint64_t index);
    void advance();
    void set(std::size_t hole, std::size_t position);

    /// Cells right on an example; the memory afterwards is in memory_. -1 when the candidate does not end.
    int right_on(std::size_t example);

    void judge(std::uint64_t index, Outcome& outcome);

    /// Whether a candidate with so much right on the first examples may still be worth keeping: it is about
    /// as good as the bar asks, or has whole cells right that the input has not.
    bool hopeful(int right, int scored, int whole_cells) const;

    /// Runs a wrong candidate on until it is hopeless. The memory it leaves of the first example is in
    /// memory_.
    void miss(std::uint64_t index, int first, Outcome& outcome);

    std::span<const HoleBank* const> banks_;
    const Unit& unit_;
    const PackedExamples& examples_;
    const Untouched& untouched_;
    int bar_;
    CandidateMachine machine_;
    std::array<std::size_t, most_holes> position_{};
    std::array<std::uint8_t, largest_memory> memory_;
};

} // namespace ropewalk::search
