// What each operator without a function computes.
#include <algorithm>

#include "ropewalk/programs/functional/operators.hpp"

namespace ropewalk::functional {

namespace {

using values::Lists;
using values::undefined;
using values::Word;
using Words = std::vector<Word>;

Word added(Word a, Word b) {
    Word result;
    return __builtin_add_overflow(a, b, &result) ? undefined : result;
}

Word multiplied(Word a, Word b) {
    Word result;
    return __builtin_mul_overflow(a, b, &result) ? undefined : result;
}

Word divided(Word a, Word b) {
    if (b == 0) return 0;
    const Word quotient = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

Word remaining(Word a, Word b) {
    if (b == 0) return a;
    const Word rest = a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

/// Room for results, kept between calls so that none allocates.
Words& scratch() {
    thread_local Words words;
    words.clear();
    return words;
}

using Elements = std::span<const Word>;

/// The place that an index names, from the end where it is negative; the size or more where there is none.
std::size_t place_of(Word index, std::size_t size) {
    if (index < 0) index += static_cast<Word>(size);
    return index < 0 || index >= static_cast<Word>(size) ? size : static_cast<std::size_t>(index);
}

/// How many elements of `size` a prefix takes; a negative count leaves as many at the end.
std::size_t prefix_length(Word count, std::size_t size) {
    const Word signed_size = static_cast<Word>(size);
    const Word length = count < 0 ? std::max<Word>(0, count + signed_size) : std::min(count, signed_size);
    return static_cast<std::size_t>(length);
}

Word element(Elements x, Word place) {
    const std::size_t at = place_of(place, x.size());
    return at < x.size() ? x[at] : 0;
}

Word total(Elements x) {
    Word sum = 0;
    for (const Word word : x)
        if ((sum = added(sum, word)) == undefined) break;
    return sum;
}

Word product_of(Elements x) {
    Word product = 1;
    for (const Word word : x)
        if ((product = multiplied(product, word)) == undefined) break;
    return product;
}

Word prepended(Elements x, Word value, Lists& lists) {
    Words& words = scratch();
    words.push_back(value);
    words.insert(words.end(), x.begin(), x.end());
    return lists.intern(words);
}

Word concatenated(Elements x, Elements y, Lists& lists) {
    Words& words = scratch();
    words.assign(x.begin(), x.end());
    words.insert(words.end(), y.begin(), y.end());
    return lists.intern(words);
}

Word range_of(Word from, Word to, Lists& lists) {
    if (from >= to) return 0;
    const Word longest = static_cast<Word>(lists.longest());
    if (from < 0 ? to > from + longest : to - from > longest) return undefined;
    Words& words = scratch();
    for (Word each = from; each < to; ++each) words.push_back(each);
    return lists.intern(words);
}

Word unique_of(Elements x, Lists& lists) {
    Words& words = scratch();
    for (const Word word : x)
        if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
    return lists.intern(words);
}

Word repeated(Word value, Word times, Lists& lists) {
    if (times > static_cast<Word>(lists.longest())) return undefined;
    Words& words = scratch();
    words.assign(static_cast<std::size_t>(std::max<Word>(0, times)), value);
    return lists.intern(words);
}

Word inserted(Elements x, Word place, Word value, Lists& lists) {
    const Word size = static_cast<Word>(x.size());
    const Word at = place < 0 ? std::max<Word>(0, place + size) : std::min(place, size);
    Words& words = scratch();
    words.assign(x.begin(), x.end());
    words.insert(words.begin() + at, value);
    return lists.intern(words);
}

Word replaced(Elements x, Word place, Word value, Lists& lists) {
    const std::size_t at = place_of(place, x.size());
    Words& words = scratch();
    words.assign(x.begin(), x.end());
    if (at < x.size()) words[at] = value;
    return lists.intern(words);
}

Word removed(Elements x, Word place, Lists& lists) {
    const std::size_t at = place_of(place, x.size());
    Words& words = scratch();
    words.assign(x.begin(), x.end());
    if (at < x.size()) words.erase(words.begin() + static_cast<std::ptrdiff_t>(at));
    return lists.intern(words);
}

Word swapped(Elements x, Word i, Word j, Lists& lists) {
    const std::size_t at = place_of(i, x.size()), with = place_of(j, x.size());
    Words& words = scratch();
    words.assign(x.begin(), x.end());
    if (at < x.size() && with < x.size()) std::swap(words[at], words[with]);
    return lists.intern(words);
}

Word padded(Elements x, Word length, Word value, Lists& lists) {
    if (length > static_cast<Word>(lists.longest())) return undefined;
    Words& words = scratch();
    words.assign(x.begin(), x.end());
    words.resize(std::max(x.size(), static_cast<std::size_t>(std::max<Word>(0, length))), value);
    return lists.intern(words);
}

Word split_at(Elements x, Word value, Lists& lists) {
    Words& words = scratch();
    for (std::size_t from = 0; from <= x.size(); ++from) {
        const auto to = static_cast<std::size_t>(std::find(x.begin() + static_cast<std::ptrdiff_t>(from), x.end(), value) - x.begin());
        words.push_back(lists.intern(x.subspan(from, to - from)));
        from = to;
    }
    return lists.intern(words);
}

Word prefixes_of(Elements x, Lists& lists) {
    Words& words = scratch();
    for (std::size_t length = 1; length <= x.size(); ++length) words.push_back(lists.intern(x.first(length)));
    return lists.intern(words);
}

Word groups(Elements x, Lists& lists) {
    Words& words = scratch();
    for (std::size_t from = 0, to; from < x.size(); from = to) {
        for (to = from + 1; to < x.size() && x[to] == x[from]; ++to) {}
        words.push_back(lists.intern(x.subspan(from, to - from)));
    }
    return lists.intern(words);
}

Word flattened(Elements x, Lists& lists) {
    Words& words = scratch();
    for (const Word handle : x) {
        const Elements each = lists[handle];
        if (words.size() + each.size() > lists.longest()) return undefined;
        words.insert(words.end(), each.begin(), each.end());
    }
    return lists.intern(words);
}

/// Pieces of `length` from every `step`-th place; the last may be shorter where `whole` is false.
Word pieces(Elements x, Word length, bool overlapping, Lists& lists) {
    if (length < 1) return 0;
    const std::size_t size = std::min(static_cast<std::size_t>(length), x.size() + 1);
    Words& words = scratch();
    if (overlapping)
        for (std::size_t from = 0; from + size <= x.size(); ++from)
            words.push_back(lists.intern(x.subspan(from, size)));
    else
        for (std::size_t from = 0; from < x.size(); from += size)
            words.push_back(lists.intern(x.subspan(from, std::min(size, x.size() - from))));
    return lists.intern(words);
}

Word zipped(Elements x, Elements y, Lists& lists) {
    Words& words = scratch();
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
        const Word pair[] = {x[i], y[i]};
        words.push_back(lists.intern(pair));
    }
    return lists.intern(words);
}

Word reversed(Elements x, Lists& lists) {
    Words& words = scratch();
    words.assign(x.rbegin(), x.rend());
    return lists.intern(words);
}

Word sorted(Elements x, Lists& lists) {
    Words& words = scratch();
    words.assign(x.begin(), x.end());
    std::sort(words.begin(), words.end());
    return lists.intern(words);
}

Word first_place(Elements x, Word value) {
    const auto at = std::find(x.begin(), x.end(), value);
    return at == x.end() ? -1 : at - x.begin();
}

Word of_numbers(Operator op, const Word* a) {
    using enum Operator;
    switch (op) {
    case add: return added(a[0], a[1]);
    case subtract: {
        Word result;
        return __builtin_sub_overflow(a[0], a[1], &result) ? undefined : result;
    }
    case multiply: return multiplied(a[0], a[1]);
    case divide: return divided(a[0], a[1]);
    case remainder: return remaining(a[0], a[1]);
    case negate: return -a[0];
    case absolute: return a[0] < 0 ? -a[0] : a[0];
    case minimum_of: return std::min(a[0], a[1]);
    case maximum_of: return std::max(a[0], a[1]);
    case from_truth: return a[0];
    case less: return a[0] < a[1];
    case at_most: return a[0] <= a[1];
    case equal: return a[0] == a[1];
    case not_equal: return a[0] != a[1];
    case negation: return 1 - a[0];
    case both: return a[0] & a[1];
    case either: return a[0] | a[1];
    case even: return (a[0] & 1) == 0;
    default: return a[0] & 1; // odd
    }
}

Word of_one_list(Operator op, Elements x, Lists& lists) {
    using enum Operator;
    switch (op) {
    case length: return static_cast<Word>(x.size());
    case first: return x.empty() ? 0 : x.front();
    case last: return x.empty() ? 0 : x.back();
    case sum: return total(x);
    case product: return product_of(x);
    case maximum: return x.empty() ? 0 : *std::max_element(x.begin(), x.end());
    case minimum: return x.empty() ? 0 : *std::min_element(x.begin(), x.end());
    case reverse: return reversed(x, lists);
    case sort: return sorted(x, lists);
    case tail: return lists.intern(x.empty() ? x : x.subspan(1));
    case init: return lists.intern(x.empty() ? x : x.first(x.size() - 1));
    case unique: return unique_of(x, lists);
    case group: return groups(x, lists);
    case prefixes: return prefixes_of(x, lists);
    default: return flattened(x, lists);
    }
}

Word of_list_and_more(Operator op, Elements x, const Word* a, Lists& lists) {
    using enum Operator;
    switch (op) {
    case get: return element(x, a[1]);
    case count: return std::count(x.begin(), x.end(), a[1]);
    case index: return first_place(x, a[1]);
    case contains: return first_place(x, a[1]) >= 0;
    case prepend: return prepended(x, a[1], lists);
    case append: return concatenated(x, {a + 1, 1}, lists);
    case concat: return concatenated(x, lists[a[1]], lists);
    case take: return lists.intern(x.first(prefix_length(a[1], x.size())));
    case drop: return lists.intern(x.subspan(prefix_length(a[1], x.size())));
    case insert: return inserted(x, a[1], a[2], lists);
    case set: return replaced(x, a[1], a[2], lists);
    case remove_at: return removed(x, a[1], lists);
    case pad: return padded(x, a[1], a[2], lists);
    case split: return split_at(x, a[1], lists);
    case swap: return swapped(x, a[1], a[2], lists);
    case windows: return pieces(x, a[1], true, lists);
    case chunks: return pieces(x, a[1], false, lists);
    default: return zipped(x, lists[a[1]], lists);
    }
}

} // namespace

Word apply(Operator op, const Word* arguments, Lists& lists) {
    using enum Operator;
    if (op == condition) return arguments[0] == undefined ? undefined : arguments[0] != 0 ? arguments[1] : arguments[2];
    for (int i = 0; i < facts(op).arguments; ++i)
        if (arguments[i] == undefined) return undefined;
    if (op <= odd) return of_numbers(op, arguments);
    if (op == range) return range_of(arguments[0], arguments[1], lists);
    if (op == repeat) return repeated(arguments[0], arguments[1], lists);
    const Elements x = lists[arguments[0]];
    return facts(op).arguments == 1 ? of_one_list(op, x, lists) : of_list_and_more(op, x, arguments, lists);
}

} // namespace ropewalk::functional
