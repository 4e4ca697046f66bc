// A search whose longest loops, pairs of stored formulas, are cut into slices that other processes can score.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ropewalk/base/part.hpp"
#include "ropewalk/formulas/search/screening.hpp"

namespace ropewalk::formula {

/// All that the scores of a search depend on: whoever has it builds the same bank.
struct ScanProblem {
    Alphabet alphabet;
    std::vector<std::vector<double>> leaves; ///< of every variable, on the screening rows
    std::vector<double> target;              ///< likewise
    std::optional<Unit> target_unit;
};

/// A bank with its columns and what candidates are compared with.
struct ScanGround {
    explicit ScanGround(ScanProblem given);

    /// Adds the next level to the bank, with its columns; see Bank::add_level. The leaves are there from the start.
    bool add_level(const LevelLimits& limits, int threads);

    ScanProblem problem;
    Bank bank;
    ColumnStore store;
    ScreeningTarget direct, affine;
};

/// Some of the pairs of an entry of one level and an entry of the other; `blocks` are of the larger level.
struct ScanSlice {
    int levels = 0; ///< of the bank
    int smaller = 0, larger = 0;
    bool affine = false; ///< see ScreeningTarget
    base::UnitRange blocks;
    double bound = 0; ///< of BestCandidates
};

/// What scoring a slice came to.
struct ScanFound {
    std::vector<Candidate> best; ///< at most `few_candidates`, ascending
    std::uint64_t scored = 0;
};

/// Candidates of a size that are looked at on all rows.
inline constexpr std::size_t few_candidates = 32;

/// Scores slices somewhere else and gives what they came to in their order; fewer when it was stopped.
using ScanElsewhere = std::function<std::vector<ScanFound>(const ScanProblem&, const std::vector<ScanSlice>&)>;

/// All pairs of two levels in slices of about `size` scores, behind those that are there.
void add_slices(const ScanGround& ground, int smaller, int larger, bool affine, double bound, std::uint64_t size,
                std::vector<ScanSlice>& slices);

/// Scores a slice; the ground has as many levels.
ScanFound scan_slice(const ScanGround& ground, const ScanSlice& slice, int threads, const base::Stop& stop);

/// Those who score slices that they are sent: they keep the ground of the last problem, which takes the longest.
class ScanWorker {
public:
    /// The problem as `to_json` writes it. Fails on what is none.
    static base::Result<ScanWorker> make(const std::string& problem);

    /// A slice as text, and what it came to as text. Fails on what is no slice of this problem.
    base::Result<std::string> scan(const std::string& slice, int threads, const base::Stop& stop);

private:
    explicit ScanWorker(ScanProblem problem) : ground_(std::make_unique<ScanGround>(std::move(problem))) {}

    std::unique_ptr<ScanGround> ground_;
};

std::string to_json(const ScanProblem& problem);
std::string to_json(const ScanSlice& slice);
base::Result<ScanFound> parse_scan_found(const std::string& json);

} // namespace ropewalk::formula
