#include "ropewalk/formulas/search/screening.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "ropewalk/base/random_order.hpp"

namespace ropewalk::formula {

void BestCandidates::offer(const Candidate& candidate) {
    if (!(candidate.error <= bound_)) return;
    const auto place = std::lower_bound(candidates_.begin(), candidates_.end(), candidate);
    if (place != candidates_.end() && *place == candidate) return;
    candidates_.insert(place, candidate);
    if (candidates_.size() > most_) candidates_.pop_back();
    if (candidates_.size() == most_) bound_ = std::min(bound_, candidates_.back().error);
}

void BestCandidates::merge(const BestCandidates& other) {
    for (const Candidate& each : other.candidates_) offer(each);
}

namespace {

/// Blocks one task goes through, and blocks whose first rows stay in the first-level cache meanwhile.
constexpr std::uint32_t blocks_per_task = 256, blocks_per_tile = 16;

/// A bound that tasks lower for each other. What it hides has `most` better candidates, so the best few do
/// not depend on when it falls.
class SharedBound {
public:
    explicit SharedBound(double value) : value_(value) {}
    double get() const { return value_.load(std::memory_order_relaxed); }
    void lower(double value) {
        double seen = get();
        while (value < seen && !value_.compare_exchange_weak(seen, value, std::memory_order_relaxed)) {
        }
    }

private:
    std::atomic<double> value_;
};

/// The columns of a level's entries, four to a group; the last group repeats its last entry.
class LeftColumns {
public:
    LeftColumns(const Scan& scan, int level)
        : begin_(scan.bank.level_begin(level)), end_(scan.bank.level_begin(level + 1)),
          rows_(scan.store.rows()), values_((end_ - begin_) * rows_) {
        for (std::uint32_t i = begin_; i < end_; ++i) scan.store.read(i, &values_[(i - begin_) * rows_]);
    }
    std::uint32_t groups() const { return (end_ - begin_ + left_group - 1) / left_group; }
    std::uint32_t entry(std::uint32_t group, std::uint32_t g) const {
        return begin_ + group * left_group + g;
    }
    bool holds(std::uint32_t index) const { return index < end_; }
    std::array<const double*, left_group> columns(std::uint32_t group) const {
        std::array<const double*, left_group> pointers{};
        for (std::uint32_t g = 0; g < left_group; ++g)
            pointers[g] = &values_[(std::min(entry(group, g), end_ - 1) - begin_) * rows_];
        return pointers;
    }

private:
    std::uint32_t begin_, end_;
    std::size_t rows_;
    std::vector<double> values_;
};

/// One way to combine: an operator, and whether the larger level's entry stands on its left.
struct Combination {
    Operator operation;
    bool reversed;
};

std::vector<Combination> combinations(const Bank& bank, bool same_level) {
    std::vector<Combination> all;
    for (const Operator operation : bank.alphabet().operators) {
        if (info(operation).arity != 2) continue;
        all.push_back({operation, false});
        if (!info(operation).commutative && !same_level) all.push_back({operation, true});
    }
    return all;
}

bool has_unit(const Scan& scan, const Candidate& candidate) {
    if (!scan.target_unit) return true;
    if (candidate.operation == Operator::no_operation)
        return scan.bank.unit(candidate.left) == *scan.target_unit;
    return unit_of(candidate.operation, scan.bank.unit(candidate.left), scan.bank.unit(candidate.right)) ==
           scan.target_unit;
}

/// Offers what a call of score_block found at or below the bound.
struct Harvest {
    const Scan& scan;
    const LeftColumns& lefts;
    std::uint32_t right_begin, right_end;
    BestCandidates& best;

    void collect(const Combination& combination, std::uint32_t group, std::uint32_t block,
                 const double* errors) {
        for (std::uint32_t g = 0; g < left_group; ++g) {
            const std::uint32_t left = lefts.entry(group, g);
            if (!lefts.holds(left)) return;
            for (std::uint32_t j = 0; j < block_width; ++j) {
                const std::uint32_t right = block * block_width + j;
                const double error = errors[g * block_width + j];
                if (right < right_begin || right >= right_end || !(error <= best.bound())) continue;
                Candidate found{error, combination.operation, left, right};
                if (combination.reversed || (info(combination.operation).commutative && left > right))
                    std::swap(found.left, found.right);
                if (has_unit(scan, found)) best.offer(found);
            }
        }
    }
};

} // namespace

std::uint64_t scan_level(const Scan& scan, int level, BestCandidates& best) {
    const std::uint32_t begin = scan.bank.level_begin(level), end = scan.bank.level_begin(level + 1);
    const std::vector<double> zeros(scan.store.rows());
    const std::array<const double*, left_group> lefts{zeros.data(), zeros.data(), zeros.data(), zeros.data()};
    std::array<double, left_group * block_width> errors;
    for (std::uint32_t block = begin / block_width; block * block_width < end; ++block) {
        const std::array<double, left_group> bounds{best.bound(), best.bound(), best.bound(), best.bound()};
        if (!score_block(scan.target, Operator::add, false, lefts.data(),
                         scan.store.block(block * block_width), bounds.data(), errors.data()))
            continue;
        for (std::uint32_t j = 0; j < block_width; ++j) {
            const std::uint32_t index = block * block_width + j;
            const Candidate found{errors[j], Operator::no_operation, index, 0};
            if (index >= begin && index < end && has_unit(scan, found)) best.offer(found);
        }
    }
    return end - begin;
}

std::uint64_t scan_functions(const Scan& scan, int level, BestCandidates& best) {
    const std::uint32_t begin = scan.bank.level_begin(level), end = scan.bank.level_begin(level + 1);
    const std::size_t rows = scan.store.rows();
    const std::vector<double> zeros(rows);
    const std::array<const double*, left_group> lefts{zeros.data(), zeros.data(), zeros.data(), zeros.data()};
    std::array<double, left_group * block_width> errors;
    std::vector<double> values(rows * block_width);
    std::uint64_t scored = 0;
    for (const Operator operation : scan.bank.alphabet().operators) {
        if (info(operation).arity != 1) continue;
        for (std::uint32_t block = begin / block_width; block * block_width < end; ++block) {
            if (block % 256 == 0 && scan.stop()) return scored;
            const double* const operands = scan.store.block(block * block_width);
            apply_column(operation, operands, operands, values.data(), values.size());
            const std::array<double, left_group> bounds{best.bound(), best.bound(), best.bound(),
                                                        best.bound()};
            scored += block_width;
            if (!score_block(scan.target, Operator::add, false, lefts.data(), values.data(), bounds.data(),
                             errors.data()))
                continue;
            for (std::uint32_t j = 0; j < block_width; ++j) {
                const std::uint32_t index = block * block_width + j;
                const Candidate found{errors[j], operation, index, 0};
                if (index >= begin && index < end && has_unit(scan, found)) best.offer(found);
            }
        }
    }
    return scored;
}

std::uint64_t pair_blocks(const Bank& bank, int larger_level) {
    const std::uint32_t begin = bank.level_begin(larger_level), end = bank.level_begin(larger_level + 1);
    return begin == end ? 0 : (end - 1) / block_width + 1 - begin / block_width;
}

std::uint64_t pair_scores(const Bank& bank, int smaller_level, int larger_level) {
    const std::uint64_t lefts = bank.level_begin(smaller_level + 1) - bank.level_begin(smaller_level);
    return lefts * pair_blocks(bank, larger_level) * block_width *
           combinations(bank, smaller_level == larger_level).size();
}

std::uint64_t scan_pairs(const Scan& scan, int smaller_level, int larger_level, BestCandidates& best) {
    return scan_pairs(scan, smaller_level, larger_level, best, {0, pair_blocks(scan.bank, larger_level)});
}

std::uint64_t scan_pairs(const Scan& scan, int smaller_level, int larger_level, BestCandidates& best,
                         base::UnitRange blocks) {
    const std::uint32_t begin = scan.bank.level_begin(larger_level),
                        end = scan.bank.level_begin(larger_level + 1);
    if (blocks.count() == 0 || scan.bank.level_begin(smaller_level) == scan.bank.level_begin(smaller_level + 1))
        return 0;
    const LeftColumns lefts(scan, smaller_level);
    const std::vector<Combination> ways = combinations(scan.bank, smaller_level == larger_level);
    const std::uint32_t first = begin / block_width + static_cast<std::uint32_t>(blocks.begin),
                        last = begin / block_width + static_cast<std::uint32_t>(blocks.end);
    const std::uint32_t tasks = (last - first + blocks_per_task - 1) / blocks_per_task;
    std::vector<BestCandidates> found(tasks, best);
    std::atomic<std::uint64_t> scored{0};
    SharedBound shared(best.bound());
    base::parallel_for(tasks, scan.threads, [&](std::size_t task) {
        Harvest harvest{scan, lefts, begin, end, found[task]};
        std::array<double, left_group * block_width> errors;
        const std::uint32_t from = first + static_cast<std::uint32_t>(task) * blocks_per_task;
        const std::uint32_t to = std::min(last, from + blocks_per_task);
        for (std::uint32_t tile = from; tile < to; tile += blocks_per_tile)
            for (std::uint32_t group = 0; group < lefts.groups(); ++group) {
                if (group % 64 == 0 && scan.stop()) return;
                const auto columns = lefts.columns(group);
                const std::uint32_t tile_end = std::min(to, tile + blocks_per_tile);
                for (const Combination& way : ways)
                    for (std::uint32_t block = tile; block < tile_end; ++block) {
                        const double bound = std::min(shared.get(), found[task].bound());
                        const std::array<double, left_group> bounds{bound, bound, bound, bound};
                        if (score_block(scan.target, way.operation, way.reversed, columns.data(),
                                        scan.store.block(block * block_width), bounds.data(), errors.data()))
                            harvest.collect(way, group, block, errors.data());
                    }
                shared.lower(found[task].bound());
                scored += ways.size() * left_group * block_width * (tile_end - tile);
            }
    });
    for (const BestCandidates& each : found) best.merge(each);
    return scored;
}

Program program_of(const Bank& bank, const Candidate& candidate) {
    if (candidate.operation == Operator::no_operation) return bank.program(candidate.left);
    if (info(candidate.operation).arity == 1)
        return combine(candidate.operation, bank.program(candidate.left));
    return tidy(combine(candidate.operation, bank.program(candidate.left), bank.program(candidate.right)));
}

std::vector<std::size_t> screening_rows(std::size_t rows, std::size_t most, std::uint64_t seed) {
    base::RandomStream random(seed, base::Purpose::subsample);
    return base::random_numbers(std::min(rows, most), rows, random);
}

} // namespace ropewalk::formula
