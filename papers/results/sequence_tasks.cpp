#include "papers/results/sequence_tasks.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace ropewalk::papers {

namespace {

using Numbers = SequenceTask::Numbers;
using Random = base::RandomStream;

template<int symbols>
Numbers letters(std::size_t length, Random& random) {
    Numbers x;
    for (std::size_t i = 0; i < length; ++i) x.push_back(1 + random.below(symbols));
    return x;
}

Numbers bits(std::size_t length, Random& random) {
    Numbers x(length, 0);
    auto ones = random.below(static_cast<std::uint32_t>(length) + 1);
    for (; ones > 0; --ones) x[ones - 1] = 1;
    for (std::size_t i = length; i > 1; --i) std::swap(x[i - 1], x[random.below(static_cast<std::uint32_t>(i))]);
    return x;
}

Numbers different(std::size_t length, Random& random) {
    Numbers x;
    for (std::size_t i = 0; i < std::max<std::size_t>(length, 8) * 2; ++i) x.push_back(static_cast<std::int64_t>(i) + 1);
    for (std::size_t i = x.size(); i > 1; --i) std::swap(x[i - 1], x[random.below(static_cast<std::uint32_t>(i))]);
    x.resize(length);
    return x;
}

Numbers no_tie(std::size_t length, Random& random) {
    for (;;) {
        const Numbers x = letters<26>(length, random);
        std::multiset<std::int64_t> all(x.begin(), x.end());
        std::vector<std::size_t> counts;
        for (const auto a : std::set<std::int64_t>(x.begin(), x.end())) counts.push_back(all.count(a));
        std::sort(counts.rbegin(), counts.rend());
        if (counts.size() == 1 || counts[0] > counts[1]) return x;
    }
}

Numbers two_numbers(std::size_t length, Random& random) {
    const std::int64_t start = 1 + random.below(100);
    return {start, start + static_cast<std::int64_t>(length) - 1};
}

Numbers sum_of_bits(std::size_t length, Random& random) {
    length = std::max<std::size_t>(length, 3);
    const std::size_t left = 1 + random.below(static_cast<std::uint32_t>(length) - 2);
    Numbers x;
    for (std::size_t i = 0; i < length; ++i) x.push_back(i == left ? 2 : i == 0 || i == left + 1 ? 1 : random.below(2));
    return x;
}

std::int64_t count(const Numbers& x, std::int64_t a) { return std::count(x.begin(), x.end(), a); }

Numbers unique(const Numbers& x) {
    Numbers all;
    for (const auto a : x)
        if (count(all, a) == 0) all.push_back(a);
    return all;
}

values::Value copied(const Numbers& x) { return values::list_of(x); }
values::Value reversed(const Numbers& x) { return values::list_of({x.rbegin(), x.rend()}); }
values::Value sorted(const Numbers& x) {
    Numbers y = x;
    std::sort(y.begin(), y.end());
    return values::list_of(y);
}
values::Value histogram(const Numbers& x) {
    Numbers y;
    for (const auto a : x) y.push_back(count(x, a));
    return values::list_of(y);
}
values::Value double_histogram(const Numbers& x) {
    Numbers y;
    for (const auto a : x) {
        const Numbers all = unique(x);
        y.push_back(std::count_if(all.begin(), all.end(), [&](auto b) { return count(x, b) == count(x, a); }));
    }
    return values::list_of(y);
}
values::Value most_frequent(const Numbers& x) {
    Numbers y = unique(x);
    std::stable_sort(y.begin(), y.end(), [&](auto a, auto b) { return count(x, a) > count(x, b); });
    y.resize(x.size(), 0);
    return values::list_of(y);
}
/// 0: balanced, 1: can be completed, 2: cannot.
template<int kinds>
values::Value brackets(const Numbers& x) {
    Numbers y, open;
    bool wrong = false;
    for (const auto a : x) {
        if (a <= kinds)
            open.push_back(a);
        else if (open.empty() || open.back() != a - kinds)
            wrong = true;
        else
            open.pop_back();
        y.push_back(wrong ? 2 : open.empty() ? 0 : 1);
    }
    return values::list_of(y);
}
values::Value parity(const Numbers& x) { return values::whole_number(count(x, 1) % 2); }
values::Value majority(const Numbers& x) {
    const Numbers all = unique(x);
    return values::whole_number(*std::max_element(all.begin(), all.end(), [&](auto a, auto b) { return count(x, a) < count(x, b); }));
}
values::Value counted(const Numbers& x) {
    Numbers y;
    for (auto a = x[0]; a <= x[1]; ++a) y.push_back(a);
    return values::list_of(y);
}
values::Value added(const Numbers& x) {
    const auto plus = std::find(x.begin(), x.end(), 2);
    Numbers a(x.begin(), plus), b(plus + 1, x.end()), sum;
    std::reverse(a.begin(), a.end());
    std::reverse(b.begin(), b.end());
    std::int64_t carry = 0;
    for (std::size_t i = 0; i < std::max(a.size(), b.size()) || carry > 0; ++i) {
        carry += (i < a.size() ? a[i] : 0) + (i < b.size() ? b[i] : 0);
        sum.push_back(carry % 2);
        carry /= 2;
    }
    std::reverse(sum.begin(), sum.end());
    return values::list_of(sum);
}

constexpr std::array tasks{
    SequenceTask{"reverse", letters<5>, reversed, nullptr},
    SequenceTask{"hist", letters<6>, histogram, nullptr},
    SequenceTask{"double_hist", letters<6>, double_histogram, nullptr},
    SequenceTask{"sort", letters<5>, sorted, "1.0, 1.0"},
    SequenceTask{"most_freq", letters<6>, most_frequent, nullptr},
    SequenceTask{"dyck1", letters<2>, brackets<1>, nullptr},
    SequenceTask{"dyck2", letters<4>, brackets<2>, nullptr},
    SequenceTask{"parity", bits, parity, ".6745, .632"},
    SequenceTask{"majority", no_tie, majority, "1.0, .997"},
    SequenceTask{"count", two_numbers, counted, "1.0, .948"},
    SequenceTask{"addition", sum_of_bits, added, ".011, .000"},
    SequenceTask{"repeat_copy", letters<2>, copied, ".266, .000"},
    SequenceTask{"unique_copy", different, copied, "1.0, .9905"},
    SequenceTask{"unique_reverse", different, reversed, "1.0, .9915"},
};

} // namespace

std::span<const SequenceTask> sequence_tasks() { return tasks; }

} // namespace ropewalk::papers
