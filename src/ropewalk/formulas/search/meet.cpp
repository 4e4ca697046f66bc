#include "ropewalk/formulas/search/meet.hpp"

#include "ropewalk/formulas/search/constants.hpp"
#include "ropewalk/formulas/search/screening.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <optional>

namespace ropewalk::formula {

namespace {

constexpr std::size_t key_rows = 4;
using Key = std::array<double, key_rows>;

/// Numbers that differ by rounding get one code: 27 bits of the mantissa are kept. A pair of equal values
/// that straddles a boundary is missed, about once in ten million rows.
std::uint64_t rounded(double value) {
    constexpr std::uint64_t half = std::uint64_t{1} << 25;
    return (std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value) + half) >> 26;
}

std::uint64_t hash(const Key& key) {
    std::uint64_t code = 0x9e3779b97f4a7c15u;
    for (const double value : key) {
        code = (code ^ rounded(value)) * 0xff51afd7ed558ccdu;
        code ^= code >> 32;
    }
    return code;
}

bool finite(const Key& key) {
    return std::all_of(key.begin(), key.end(), [](double value) { return std::isfinite(value); });
}

/// Values as ratios to the first, which a common factor leaves as they are.
Key ratios(const Key& key) {
    Key result{1, 0, 0, 0};
    for (std::size_t k = 1; k < key_rows; ++k) result[k] = key[k] / key[0];
    return result;
}

/// Entries by the hash of their key; the first entry of a key stays.
class Index {
public:
    Index(const std::vector<Key>& keys, bool scaled) {
        slots_.resize(std::bit_ceil(2 * keys.size() + 16));
        for (std::uint32_t i = 0; i < keys.size(); ++i) {
            const Key key = scaled ? ratios(keys[i]) : keys[i];
            if (!finite(key)) continue;
            const std::uint64_t code = hash(key);
            std::size_t at = home(code);
            while (slots_[at].index != empty && slots_[at].code != tag(code))
                at = (at + 1) & (slots_.size() - 1);
            if (slots_[at].index == empty) slots_[at] = {tag(code), i};
        }
    }
    void prefetch(std::uint64_t code) const { __builtin_prefetch(&slots_[home(code)]); }
    std::optional<std::uint32_t> find(std::uint64_t code) const {
        for (std::size_t at = home(code); slots_[at].index != empty; at = (at + 1) & (slots_.size() - 1))
            if (slots_[at].code == tag(code)) return slots_[at].index;
        return std::nullopt;
    }

private:
    static constexpr std::uint32_t empty = 0xffffffffu;
    struct Slot {
        std::uint32_t code = 0;
        std::uint32_t index = empty;
    };
    static std::uint32_t tag(std::uint64_t code) { return static_cast<std::uint32_t>(code); }
    std::size_t home(std::uint64_t code) const { return (code >> 20) & (slots_.size() - 1); }
    std::vector<Slot> slots_;
};

using Restore = std::function<Program(const Program&)>;

/// What is left of the target after operators were taken off, and how to put them back on.
struct Remainder {
    std::vector<double> y;
    int operators = 0;
    Restore restore;
};

/// A function and the one that undoes it.
const std::array<std::pair<Operator, Operator>, 5>& inverses() {
    using enum Operator;
    static constexpr std::array<std::pair<Operator, Operator>, 5> pairs{{{square_root, square},
                                                                         {square, square_root},
                                                                         {exponential, logarithm},
                                                                         {logarithm, exponential},
                                                                         {reciprocal, reciprocal}}};
    return pairs;
}

/// How y follows from p and the q that is looked up.
struct Way {
    Operator operation;
    bool found_on_left;
};

class Meeting {
public:
    Meeting(const Bank& bank, const ColumnStore& store, const MeetOptions& options, const MeetSink& sink)
        : bank_(bank), store_(store), options_(options), sink_(sink), keys_(bank.size()) {
        for (std::uint32_t i = 0; i < bank.size(); ++i)
            for (std::size_t k = 0; k < key_rows; ++k) keys_[i][k] = store.at(i, row(k));
        plain_.emplace(keys_, false);
        if (options.constants) scaled_.emplace(keys_, true);
        level_of_.resize(bank.size());
        for (int level = 0; level < bank.levels(); ++level)
            for (std::uint32_t i = bank.level_begin(level); i < bank.level_begin(level + 1); ++i)
                level_of_[i] = static_cast<char>(level);
    }

    std::uint64_t run(const std::vector<double>& y) {
        const Remainder whole{y, 0, [](const Program& program) { return program; }};
        const std::vector<Remainder> functions = peeled(whole, 0);
        for (const Remainder& each : functions) meet(each, bank_.size());
        // The fewer partners a remainder is joined with, the more remainders there is time for.
        std::vector<Remainder> once;
        for (const Remainder& each : functions)
            for (Remainder& next : peeled(each, up_to_level(1))) once.push_back(std::move(next));
        sort(once);
        for (const Remainder& each : once) {
            if (over(0.5)) break;
            meet(each, up_to_level(3));
        }
        for (const Remainder& each : once)
            for (const Remainder& twice : peeled(each, up_to_level(0))) {
                if (over(1)) return lookups_;
                meet(twice, up_to_level(2));
            }
        return lookups_;
    }

private:
    std::size_t row(std::size_t k) const { return k * store_.rows() / key_rows; }
    bool has(Operator operation) const {
        const auto& all = bank_.alphabet().operators;
        return std::find(all.begin(), all.end(), operation) != all.end();
    }
    bool over(double share) const {
        return static_cast<double>(lookups_) > share * static_cast<double>(options_.lookups) ||
               options_.stop();
    }
    /// Entries with at most that many operators, of levels that are there.
    std::uint32_t up_to_level(int level) const {
        return bank_.level_begin(std::min(bank_.levels(), level + 1));
    }
    static void sort(std::vector<Remainder>& remainders) {
        std::stable_sort(remainders.begin(), remainders.end(),
                         [](const Remainder& a, const Remainder& b) { return a.operators < b.operators; });
    }

    /// Every way to take one operator off: the inverse of a function, or of an operator with one of the first
    /// `partners` entries.
    std::vector<Remainder> peeled(const Remainder& from, std::uint32_t partners) const {
        using enum Operator;
        std::vector<Remainder> all;
        const std::size_t rows = store_.rows();
        const auto add_remainder = [&](std::vector<double> y, int operators, Restore restore) {
            if (operators > options_.most_operators) return;
            if (!std::all_of(y.begin(), y.end(), [](double v) { return std::isfinite(v); })) return;
            all.push_back({std::move(y), operators, std::move(restore)});
        };
        // Functions come off what was given and off what every partner leaves.
        const auto keep = [&](std::vector<double> y, int operators, const Restore& restore) {
            for (const auto& [operation, inverse] : inverses()) {
                if (!has(operation)) continue;
                std::vector<double> inside(rows);
                apply_column(inverse, y.data(), y.data(), inside.data(), rows);
                const Operator again = operation;
                add_remainder(std::move(inside), operators + 1,
                              [again, restore](const Program& p) { return restore(combine(again, p)); });
            }
            add_remainder(std::move(y), operators, restore);
        };
        if (partners == 0) {
            keep(from.y, from.operators, from.restore);
            return all;
        }
        std::vector<double> partner(rows);
        for (std::uint32_t i = 0; i < partners; ++i) {
            store_.read(i, partner.data());
            const int operators = from.operators + 1 + level_of_[i];
            const Program other = bank_.program(i);
            const auto take_off = [&](Operator inverse, bool swapped, Operator operation,
                                      bool partner_on_left) {
                if (!has(operation)) return;
                std::vector<double> y(rows);
                const double *const a = swapped ? partner.data() : from.y.data(), *const b =
                                                                                      swapped
                                                                                          ? from.y.data()
                                                                                          : partner.data();
                apply_column(inverse, a, b, y.data(), rows);
                const Restore& outer = from.restore;
                keep(std::move(y), operators, [operation, partner_on_left, other, outer](const Program& p) {
                    return outer(partner_on_left ? combine(operation, other, p)
                                                 : combine(operation, p, other));
                });
            };
            take_off(subtract, false, add, false);    // y = p + r: y - r
            take_off(add, false, subtract, false);    // y = p - r: y + r
            take_off(subtract, true, subtract, true); // y = r - p: r - y
            take_off(divide, false, multiply, false); // y = p * r: y / r
            take_off(multiply, false, divide, false); // y = p / r: y * r
            take_off(divide, true, divide, true);     // y = r / p: r / y
        }
        sort(all);
        return all;
    }

    void meet(const Remainder& remainder, std::uint32_t partners) {
        Key y;
        for (std::size_t k = 0; k < key_rows; ++k) y[k] = remainder.y[row(k)];
        constexpr std::uint32_t piece = 4096;
        std::vector<std::vector<Program>> proposals((partners + piece - 1) / piece);
        base::parallel_for(proposals.size(), options_.threads, [&](std::size_t task) {
            const auto begin = static_cast<std::uint32_t>(task) * piece;
            proposals[task] = meet_piece(remainder, y, begin, std::min(partners, begin + piece));
        });
        if (const auto same = plain_->find(hash(y))) sink_(tidy(remainder.restore(bank_.program(*same))));
        if (options_.constants) meet_affine(remainder, partners);
        for (const auto& of_task : proposals)
            for (const Program& each : of_task) sink_(tidy(remainder.restore(each)));
        lookups_ += std::uint64_t{partners} * (options_.constants ? 6 : 4);
    }

    std::vector<Program> meet_piece(const Remainder& remainder, const Key& y, std::uint32_t begin,
                                    std::uint32_t end) const {
        using enum Operator;
        std::vector<Program> proposals;
        constexpr std::uint32_t batch = 16;
        // p + q = y, q - p = y, p * q = y, q / p = y, and the last two with a factor.
        constexpr std::array<Way, 6> ways{{{add, false},
                                           {subtract, true},
                                           {multiply, false},
                                           {divide, true},
                                           {multiply, false},
                                           {divide, true}}};
        const std::size_t way_count = options_.constants ? ways.size() : 4;
        std::array<std::array<std::uint64_t, ways.size()>, batch> codes;
        std::array<std::array<bool, ways.size()>, batch> usable;
        for (std::uint32_t from = begin; from < end; from += batch) {
            const std::uint32_t to = std::min(end, from + batch);
            for (std::uint32_t i = from; i < to; ++i) {
                const Key& p = keys_[i];
                for (std::size_t w = 0; w < way_count; ++w) {
                    Key q;
                    for (std::size_t k = 0; k < key_rows; ++k)
                        q[k] = w == 0       ? y[k] - p[k]
                               : w == 1     ? y[k] + p[k]
                               : w % 2 == 0 ? y[k] / p[k]
                                            : y[k] * p[k];
                    if (w >= 4) q = ratios(q);
                    usable[i - from][w] = finite(q);
                    codes[i - from][w] = hash(q);
                    (w < 4 ? *plain_ : *scaled_).prefetch(codes[i - from][w]);
                }
            }
            for (std::uint32_t i = from; i < to; ++i)
                for (std::size_t w = 0; w < way_count; ++w) {
                    if (!usable[i - from][w] || !has(ways[w].operation)) continue;
                    const auto found = (w < 4 ? *plain_ : *scaled_).find(codes[i - from][w]);
                    if (!found) continue;
                    const std::uint32_t left = ways[w].found_on_left ? *found : i,
                                        right = ways[w].found_on_left ? i : *found;
                    if (remainder.operators + 1 + level_of_[left] + level_of_[right] >
                        options_.most_operators)
                        continue;
                    if (agrees(remainder, ways[w].operation, left, right, w >= 4))
                        proposals.push_back(
                            combine(ways[w].operation, bank_.program(left), bank_.program(right)));
                }
        }
        return proposals;
    }

    /// y = a * p + c for what remains of the target. That of the target itself is found by the scans of the
    /// search.
    void meet_affine(const Remainder& remainder, std::uint32_t partners) {
        if (remainder.operators == 0) return;
        const ScreeningTarget target{remainder.y, true};
        double mean = 0, spread = 0;
        for (const double value : remainder.y) mean += value / static_cast<double>(remainder.y.size());
        for (const double value : remainder.y) spread += (value - mean) * (value - mean);
        BestCandidates best(4, 1e-12 * spread);
        const std::optional<Unit> any_unit;
        const Scan scan{bank_, store_, target, any_unit, 1, options_.stop};
        for (int level = 0; level < bank_.levels() && bank_.level_begin(level) < partners; ++level)
            lookups_ += scan_level(scan, level, best);
        std::vector<double> values(store_.rows());
        for (const Candidate& each : best.candidates()) {
            store_.read(each.left, values.data());
            sink_(tidy(
                remainder.restore(with_affine(bank_.program(each.left), affine_fit(values, remainder.y)))));
        }
    }

    /// Whether the operator on the two entries is the remainder on all screening rows, up to a factor when
    /// scaled.
    bool agrees(const Remainder& remainder, Operator operation, std::uint32_t left, std::uint32_t right,
                bool scaled) const {
        double factor = 1, largest = 0;
        for (const double value : remainder.y) largest = std::max(largest, std::abs(value));
        if (scaled) {
            const double first = apply(operation, store_.at(left, 0), store_.at(right, 0));
            factor = remainder.y[0] / first;
            if (!std::isfinite(factor) || factor == 0) return false;
        }
        for (std::size_t n = 0; n < store_.rows(); ++n) {
            const double value = factor * apply(operation, store_.at(left, n), store_.at(right, n));
            if (!(std::abs(value - remainder.y[n]) <= 1e-9 * largest)) return false;
        }
        return true;
    }

    const Bank& bank_;
    const ColumnStore& store_;
    const MeetOptions& options_;
    const MeetSink& sink_;
    std::vector<Key> keys_;
    std::vector<char> level_of_;
    std::optional<Index> plain_, scaled_;
    std::uint64_t lookups_ = 0;
};

} // namespace

std::uint64_t meet_in_the_middle(const Bank& bank, const ColumnStore& store, const std::vector<double>& y,
                                 const MeetOptions& options, const MeetSink& sink) {
    return Meeting(bank, store, options, sink).run(y);
}

} // namespace ropewalk::formula
