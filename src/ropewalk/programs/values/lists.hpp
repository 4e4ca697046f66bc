#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

namespace ropewalk::values {

/// A value as one machine word: a whole number itself, 0 or 1 for a truth value, the handle of a list. Which of
/// these it is, its type says.
using Word = std::int64_t;

/// No value: a number beyond 64 bits, a list longer than its store takes. Whole numbers are -2^63+1 .. 2^63-1.
constexpr Word undefined = INT64_MIN;

/// Odd numbers without a pattern: sums of words, each times the number of its place, differ where the words do, but for
/// accidents. Products do not wait for one another, as those of a chain would.
constexpr std::size_t place_count = 256;
extern const std::array<std::uint64_t, place_count> place_factors;

/// Spreads what words differ in over all bits.
constexpr std::uint64_t mixed(std::uint64_t hash) {
    hash = (hash ^ hash >> 32) * 0xd6e8feb86659fd93u;
    hash = (hash ^ hash >> 29) * 0x9fb21c651e98df25u;
    return hash ^ hash >> 32;
}

/// The sum of such products: what equal words have in common.
inline std::uint64_t hash_of(std::span<const Word> words) {
    std::uint64_t sum = words.size() * 0x9e3779b97f4a7c15u;
    while (words.size() > place_count) {
        for (std::size_t i = 0; i < place_count; ++i) sum += static_cast<std::uint64_t>(words[i]) * place_factors[i];
        sum = mixed(sum);
        words = words.subspan(place_count);
    }
    for (std::size_t i = 0; i < words.size(); ++i) sum += static_cast<std::uint64_t>(words[i]) * place_factors[i];
    return mixed(sum);
}

/// Stores every list once, so that equal lists have equal handles and comparing lists is comparing words.
///
/// Lists never move: a span stays right for as long as the store lives or until `forget`. The empty list is
/// handle 0.
class Lists {
public:
    /// Longest list of a program that runs.
    static constexpr std::size_t most_elements = 100'000;

    /// Stores lists of at most `longest` elements.
    explicit Lists(std::size_t longest = most_elements);

    std::size_t longest() const { return longest_; }

    /// Handle of the list with these elements, `undefined` where it is too long or an element is undefined.
    Word intern(std::span<const Word> elements);
    std::span<const Word> operator[](Word handle) const {
        const Record& record = records_[static_cast<std::size_t>(handle)];
        return {record.start, record.length};
    }
    /// `hash_of` its elements.
    std::uint64_t hash(Word handle) const { return records_[static_cast<std::size_t>(handle)].hash; }
    /// Brings near what `intern` of a list with this hash looks at first.
    void prefetch(std::uint64_t hash) const { __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]); }
    std::size_t count() const { return records_.size(); }
    /// Forgets the lists that were stored after there were `count` of them. There must be at least one left.
    void forget_from(std::size_t count);
    /// Bytes held.
    std::size_t bytes() const;
    /// From here on operators store nothing where more than this is held; `intern` still does.
    void limit(std::size_t bytes) { most_bytes_ = bytes; }
    std::size_t limit() const { return most_bytes_; }
    bool full() const { return bytes() > most_bytes_; }

private:
    struct Record {
        const Word* start;
        std::uint64_t hash;
        std::uint32_t length;
    };
    struct Slot {
        std::uint32_t record; ///< + 1, 0: free
        std::uint32_t tag;    ///< of the record's hash, so that few records are looked at in vain
    };

    const Word* store(std::span<const Word> elements);
    void grow();

    std::size_t longest_;
    std::vector<Record> records_;
    std::vector<Slot> slots_;
    struct Block {
        std::unique_ptr<Word[]> words;
        std::size_t size;
    };
    std::vector<Block> blocks_;
    std::size_t block_used_ = 0, words_ = 0, most_bytes_ = std::numeric_limits<std::size_t>::max();
};

} // namespace ropewalk::values
