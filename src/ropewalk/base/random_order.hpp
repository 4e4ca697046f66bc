#pragma once

#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

#include "ropewalk/base/random.hpp"

namespace ropewalk::base {

/// Moves `count` items, each choice and order of them as likely as any other, to the front (Fisher & Yates 1938). There
/// must be at least as many.
template<class Item>
void shuffle_front(std::vector<Item>& items, std::size_t count, RandomStream& random) {
    expects(count <= items.size());
    for (std::size_t i = 0; i < count; ++i)
        std::swap(items[i], items[i + static_cast<std::size_t>(random.below64(items.size() - i))]);
}

/// `count` different numbers of 0..of-1, each choice and order of them as likely as any other.
inline std::vector<std::size_t> random_numbers(std::size_t count, std::size_t of, RandomStream& random) {
    std::vector<std::size_t> numbers(of);
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    shuffle_front(numbers, count, random);
    numbers.resize(count);
    return numbers;
}

} // namespace ropewalk::base
