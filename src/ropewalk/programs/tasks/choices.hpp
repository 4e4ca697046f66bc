#pragma once

#include <cstdint>
#include <vector>

namespace ropewalk::tasks {

/// base to the power of exponent.
std::uint64_t power(int base, int exponent);

/// Number of arrays of `count` values below `base`; 2^64 - 1 where there are more.
std::uint64_t array_count(int base, int count);

/// The array with this index; where there are more than 2^62 arrays, a random one keyed by the index.
std::vector<int> array_at(std::uint64_t index, int base, int count);

/// Number of ways to arrange `count` out of `of` things in a row.
std::uint64_t arrangements(int count, int of);

/// Number of subsets with `count` out of `of` members.
std::uint64_t subsets(int count, int of);

/// Takes the index of an input apart, one choice after the other (mixed radix, the first choice is the least
/// significant digit). The same choices in the same order make a one-to-one map from 0..(product of the
/// numbers of ways)-1 to inputs, so a domain needs no list of its members.
class Choices {
public:
    explicit Choices(std::uint64_t index) : rest_(index) {}

    /// One of 0..count-1.
    int below(int count) { return static_cast<int>(digit(static_cast<std::uint64_t>(count))); }

    /// `count` independent numbers in 0..base-1.
    std::vector<int> values(int count, int base);

    /// `count` different numbers in 0..of-1, in any order.
    std::vector<int> arrangement(int count, int of);

    /// `count` different numbers in 0..of-1, ascending.
    std::vector<int> subset(int count, int of);

    /// Which of several parts of different sizes; what is left of the index is a place inside that part. For
    /// an index that ranges over the sum of the sizes, so before all other choices or as the last one of
    /// them.
    int part(const std::vector<std::uint64_t>& sizes);

private:
    std::uint64_t digit(std::uint64_t count);

    std::uint64_t rest_;
};

} // namespace ropewalk::tasks
