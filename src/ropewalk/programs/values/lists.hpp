#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace ropewalk::values {

/// A value as one machine word: a whole number itself, 0 or 1 for a truth value, the handle of a list. Which of
/// these it is, its type says.
using Word = std::int64_t;

/// No value: a number beyond 64 bits, a list longer than its store takes. Whole numbers are -2^63+1 .. 2^63-1.
constexpr Word undefined = INT64_MIN;

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
    std::size_t count() const { return records_.size(); }
    /// Forgets the lists that were stored after there were `count` of them. There must be at least one left.
    void forget_from(std::size_t count);
    /// Bytes held.
    std::size_t bytes() const;

private:
    struct Record {
        const Word* start;
        std::uint32_t length;
        std::uint32_t hash;
    };

    const Word* store(std::span<const Word> elements);
    void grow();

    std::size_t longest_;
    std::vector<Record> records_;
    std::vector<std::uint32_t> slots_; ///< handle + 1, 0: free
    struct Block {
        std::unique_ptr<Word[]> words;
        std::size_t size;
    };
    std::vector<Block> blocks_;
    std::size_t block_used_ = 0, words_ = 0;
};

} // namespace ropewalk::values
