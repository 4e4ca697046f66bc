// Candidates scored on some rows of a problem: which are good enough to be looked at closely.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "ropewalk/base/part.hpp"
#include "ropewalk/formulas/search/column_store.hpp"
#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// A formula that need not be in the bank: an entry (operation no_operation), or an operator on one or two
/// entries.
struct Candidate {
    double error = 0; ///< sum of squared errors on the screening rows
    Operator operation = Operator::no_operation;
    std::uint32_t left = 0;
    std::uint32_t right = 0;

    /// By error, then by a fixed order, so that the best few are the same at any number of threads.
    friend auto operator<=>(const Candidate&, const Candidate&) = default;
};

/// The best few candidates, ascending.
class BestCandidates {
public:
    /// Keeps at most `most`, and none with an error above `bound`.
    BestCandidates(std::size_t most, double bound) : most_(most), bound_(bound) {}

    void offer(const Candidate& candidate);
    void merge(const BestCandidates& other);
    /// A candidate above it is of no use.
    double bound() const { return bound_; }
    const std::vector<Candidate>& candidates() const { return candidates_; }

private:
    std::size_t most_;
    double bound_;
    std::vector<Candidate> candidates_;
};

/// What a scan of candidates is given besides the bank.
struct Scan {
    const Bank& bank;
    const ColumnStore& store;
    const ScreeningTarget& target;
    const std::optional<Unit>& target_unit; ///< formulas of other units do not count
    int threads = 0;
    const base::Stop& stop;
};

/// Scores the entries of a level. Returns how many were scored.
std::uint64_t scan_level(const Scan& scan, int level, BestCandidates& best);

/// Scores every binary operator on every pair of an entry of one level and an entry of the other, both orders
/// where they differ, without storing the results. Returns how many were scored; fewer when stopped.
std::uint64_t scan_pairs(const Scan& scan, int smaller_level, int larger_level, BestCandidates& best);

/// The same for some of the larger level's blocks, of which there are `pair_blocks`.
std::uint64_t scan_pairs(const Scan& scan, int smaller_level, int larger_level, BestCandidates& best,
                         base::UnitRange blocks);
std::uint64_t pair_blocks(const Bank& bank, int larger_level);

/// About how many candidates `scan_pairs` scores.
std::uint64_t pair_scores(const Bank& bank, int smaller_level, int larger_level);

/// Scores every unary operator on every entry of a level.
std::uint64_t scan_functions(const Scan& scan, int level, BestCandidates& best);

/// The program of a candidate.
Program program_of(const Bank& bank, const Candidate& candidate);

/// Rows on which candidates are scored first: all of them up to `most`, otherwise `most` of them, in random
/// order, so that the first few rows of a sorted table tell as much as any; the same for the same seed.
std::vector<std::size_t> screening_rows(std::size_t rows, std::size_t most, std::uint64_t seed);

} // namespace ropewalk::formula
