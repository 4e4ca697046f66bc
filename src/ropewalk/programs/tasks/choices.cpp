#include "ropewalk/programs/tasks/choices.hpp"

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/random.hpp"

namespace ropewalk::tasks {

std::uint64_t power(int base, int exponent) {
    std::uint64_t product = 1;
    for (int i = 0; i < exponent; ++i) product *= static_cast<std::uint64_t>(base);
    return product;
}

namespace {

constexpr std::uint64_t largest_listed = std::uint64_t{1} << 62;

bool can_be_listed(int base, int count) {
    std::uint64_t total = 1;
    for (int i = 0; i < count; ++i) {
        if (total > largest_listed / static_cast<std::uint64_t>(base)) return false;
        total *= static_cast<std::uint64_t>(base);
    }
    return true;
}

} // namespace

std::uint64_t array_count(int base, int count) {
    return can_be_listed(base, count) ? power(base, count) : ~std::uint64_t{0};
}

std::vector<int> array_at(std::uint64_t index, int base, int count) {
    if (can_be_listed(base, count)) return Choices(index).values(count, base);
    ropewalk::base::RandomStream random(0, ropewalk::base::Purpose::large_domain, index);
    std::vector<int> values;
    for (int i = 0; i < count; ++i)
        values.push_back(static_cast<int>(random.below(static_cast<std::uint32_t>(base))));
    return values;
}

std::uint64_t arrangements(int count, int of) {
    std::uint64_t product = 1;
    for (int i = 0; i < count; ++i) product *= static_cast<std::uint64_t>(of - i);
    return product;
}

std::uint64_t subsets(int count, int of) {
    return count > of ? 0 : arrangements(count, of) / arrangements(count, count);
}

std::uint64_t Choices::digit(std::uint64_t count) {
    const std::uint64_t chosen = rest_ % count;
    rest_ /= count;
    return chosen;
}

std::vector<int> Choices::values(int count, int base) {
    std::vector<int> values(static_cast<std::size_t>(count));
    for (int& value : values) value = below(base);
    return values;
}

std::vector<int> Choices::arrangement(int count, int of) {
    std::vector<int> left(static_cast<std::size_t>(of));
    for (int i = 0; i < of; ++i) left[static_cast<std::size_t>(i)] = i;
    std::vector<int> chosen;
    for (int i = 0; i < count; ++i) {
        const auto next = left.begin() + below(of - i);
        chosen.push_back(*next);
        left.erase(next);
    }
    return chosen;
}

std::vector<int> Choices::subset(int count, int of) {
    std::uint64_t rank = digit(subsets(count, of));
    std::vector<int> members;
    for (int member = 0; count > 0; ++member) {
        const std::uint64_t with_member = subsets(count - 1, of - 1 - member);
        if (rank < with_member) {
            members.push_back(member);
            --count;
        } else {
            rank -= with_member;
        }
    }
    return members;
}

int Choices::part(const std::vector<std::uint64_t>& sizes) {
    int chosen = 0;
    for (const std::uint64_t size : sizes) {
        if (rest_ < size) break;
        rest_ -= size;
        ++chosen;
    }
    return chosen;
}

} // namespace ropewalk::tasks
