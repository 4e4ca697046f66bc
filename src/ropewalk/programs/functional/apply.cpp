// What each operator without a function computes.
#include <algorithm>
#include <numeric>

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
    for (const Word word : x) {
        sum = added(sum, word);
        if (sum == undefined) break;
    }
    return sum;
}

Word product_of(Elements x) {
    Word product = 1;
    for (const Word word : x) {
        product = multiplied(product, word);
        if (product == undefined) break;
    }
    return product;
}

Word number_of_digits(Elements x) {
    Word number = 0;
    for (const Word digit : x) {
        number = multiplied(number, 10);
        if (number != undefined) number = added(number, digit);
        if (number == undefined) break;
    }
    return number;
}

/// The elements of a list before it is stored: in the room, or a part of a list that is there; nothing where it is too
/// long.
using Built = std::optional<Elements>;

Built prepended(Elements x, Word value, Words& room) {
    room.assign(1, value);
    room.insert(room.end(), x.begin(), x.end());
    return room;
}

Built concatenated(Elements x, Elements y, Words& room) {
    room.assign(x.begin(), x.end());
    room.insert(room.end(), y.begin(), y.end());
    return room;
}

Built range_of(Word from, Word to, std::size_t most, Words& room) {
    if (from >= to) return Elements{};
    const Word longest = static_cast<Word>(most);
    if (from < 0 ? to > from + longest : to - from > longest) return std::nullopt;
    room.clear();
    for (Word each = from; each < to; ++each) room.push_back(each);
    return room;
}

Built digits_of(Word number, Word base, Words& room) {
    room.clear();
    for (Word rest = std::abs(number); rest != 0 || room.empty(); rest /= base) room.push_back(rest % base);
    std::reverse(room.begin(), room.end());
    return room;
}

bool is_digit(Word character) { return character >= '0' && character <= '9'; }

/// Nothing where one of the numbers is beyond 64 bits.
Built numbers_in(Elements x, Words& room) {
    room.clear();
    for (std::size_t i = 0; i < x.size();) {
        if (!is_digit(x[i])) {
            ++i;
            continue;
        }
        // The - of a difference is no sign.
        const bool negative = i > 0 && x[i - 1] == '-' && (i < 2 || !is_digit(x[i - 2]));
        Word number = 0;
        for (; i < x.size() && is_digit(x[i]); ++i) {
            number = multiplied(number, 10);
            if (number != undefined) number = added(number, x[i] - '0');
            if (number == undefined) return std::nullopt;
        }
        room.push_back(negative ? -number : number);
    }
    return room;
}

Built text_of(Word number, Words& room) {
    digits_of(number, 10, room);
    for (Word& each : room) each += '0';
    if (number < 0) room.insert(room.begin(), '-');
    return room;
}

/// Letters from `first` on, 26 of them, moved by so much.
Built with_case(Elements x, Word first, Word by, Words& room) {
    room.assign(x.begin(), x.end());
    for (Word& each : room)
        if (each >= first && each < first + 26) each += by;
    return room;
}

Built unique_of(Elements x, Words& room) {
    room.clear();
    for (const Word word : x)
        if (std::find(room.begin(), room.end(), word) == room.end()) room.push_back(word);
    return room;
}

Built repeated(Word value, Word times, std::size_t most, Words& room) {
    if (times > static_cast<Word>(most)) return std::nullopt;
    room.assign(static_cast<std::size_t>(std::max<Word>(0, times)), value);
    return room;
}

Built inserted(Elements x, Word place, Word value, Words& room) {
    const Word size = static_cast<Word>(x.size());
    const Word at = place < 0 ? std::max<Word>(0, place + size) : std::min(place, size);
    room.assign(x.begin(), x.end());
    room.insert(room.begin() + at, value);
    return room;
}

Built replaced(Elements x, Word place, Word value, Words& room) {
    const std::size_t at = place_of(place, x.size());
    if (at == x.size()) return x;
    room.assign(x.begin(), x.end());
    room[at] = value;
    return room;
}

Built removed(Elements x, Word place, Words& room) {
    const std::size_t at = place_of(place, x.size());
    if (at == x.size()) return x;
    room.assign(x.begin(), x.end());
    room.erase(room.begin() + static_cast<std::ptrdiff_t>(at));
    return room;
}

Built swapped(Elements x, Word i, Word j, Words& room) {
    const std::size_t at = place_of(i, x.size()), with = place_of(j, x.size());
    if (at == x.size() || with == x.size()) return x;
    room.assign(x.begin(), x.end());
    std::swap(room[at], room[with]);
    return room;
}

Built padded(Elements x, Word length, Word value, std::size_t most, Words& room) {
    if (length > static_cast<Word>(most)) return std::nullopt;
    room.assign(x.begin(), x.end());
    room.resize(std::max(x.size(), static_cast<std::size_t>(std::max<Word>(0, length))), value);
    return room;
}

Built flattened(Elements x, const Lists& lists, Words& room) {
    room.clear();
    for (const Word handle : x) {
        const Elements each = lists[handle];
        if (room.size() + each.size() > lists.longest()) return std::nullopt;
        room.insert(room.end(), each.begin(), each.end());
    }
    return room;
}

Built joined(Elements x, Word between, const Lists& lists, Words& room) {
    room.clear();
    for (std::size_t i = 0; i < x.size(); ++i) {
        const Elements each = lists[x[i]];
        if (i > 0) room.push_back(between);
        if (room.size() + each.size() > lists.longest()) return std::nullopt;
        room.insert(room.end(), each.begin(), each.end());
    }
    return room;
}

Built reversed(Elements x, Words& room) {
    room.assign(x.rbegin(), x.rend());
    return room;
}

Built sorted(Elements x, Words& room) {
    room.assign(x.begin(), x.end());
    std::sort(room.begin(), room.end());
    return room;
}

/// Room for results, kept between calls so that none allocates.
Words& scratch() {
    thread_local Words words;
    words.clear();
    return words;
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

/// Of a list that may be one of many long ones.
Word stored(Elements elements, Lists& lists) { return lists.full() ? undefined : lists.intern(elements); }

Word prefixes_of(Elements x, Lists& lists) {
    Words& words = scratch();
    for (std::size_t length = 1; length <= x.size(); ++length) words.push_back(stored(x.first(length), lists));
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

/// Pieces of `length` from every `step`-th place; the last may be shorter where `whole` is false.
Word pieces(Elements x, Word length, bool overlapping, Lists& lists) {
    if (length < 1) return 0;
    const std::size_t size = std::min(static_cast<std::size_t>(length), x.size() + 1);
    Words& words = scratch();
    if (overlapping)
        for (std::size_t from = 0; from + size <= x.size(); ++from)
            words.push_back(stored(x.subspan(from, size), lists));
    else
        for (std::size_t from = 0; from < x.size(); from += size)
            words.push_back(lists.intern(x.subspan(from, std::min(size, x.size() - from))));
    return lists.intern(words);
}

Word transposed(Elements x, Lists& lists) {
    std::size_t length = x.empty() ? 0 : lists[x.front()].size();
    for (const Word handle : x) length = std::min(length, lists[handle].size());
    Words& words = scratch();
    Words column(x.size());
    for (std::size_t i = 0; i < length; ++i) {
        std::transform(x.begin(), x.end(), column.begin(), [&](Word handle) { return lists[handle][i]; });
        words.push_back(lists.intern(column));
    }
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
    case common_divisor: return std::gcd(a[0], a[1]);
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

/// Numbers and truth values of a list, and its elements.
Word of_list(Operator op, Elements x, const Word* a) {
    using enum Operator;
    switch (op) {
    case length: return static_cast<Word>(x.size());
    case first: return x.empty() ? 0 : x.front();
    case last: return x.empty() ? 0 : x.back();
    case sum: return total(x);
    case product: return product_of(x);
    case maximum: return x.empty() ? 0 : *std::max_element(x.begin(), x.end());
    case minimum: return x.empty() ? 0 : *std::min_element(x.begin(), x.end());
    case from_digits: return number_of_digits(x);
    case get: return element(x, a[1]);
    case count: return std::count(x.begin(), x.end(), a[1]);
    case index: return first_place(x, a[1]);
    default: return first_place(x, a[1]) >= 0; // contains
    }
}

/// Lists of lists whose elements have to be stored first.
Word nested_of(Operator op, Elements x, const Word* a, Lists& lists) {
    using enum Operator;
    switch (op) {
    case group: return groups(x, lists);
    case prefixes: return prefixes_of(x, lists);
    case split: return split_at(x, a[1], lists);
    case windows: return pieces(x, a[1], true, lists);
    case transpose: return transposed(x, lists);
    case chunks: return pieces(x, a[1], false, lists);
    default: return zipped(x, lists[a[1]], lists);
    }
}

} // namespace

bool builds_a_list(Operator op) {
    using enum Operator;
    return op == flatten || op == join || (op >= prepend && op <= pad);
}

std::optional<std::span<const Word>> elements_of(Operator op, const Word* a, const Lists& lists, Words& room) {
    using enum Operator;
    if (op == range) return range_of(a[0], a[1], lists.longest(), room);
    if (op == digits || op == bits) return digits_of(a[0], op == digits ? 10 : 2, room);
    if (op == repeat) return repeated(a[0], a[1], lists.longest(), room);
    if (op == to_text) return text_of(a[0], room);
    const Elements x = lists[a[0]];
    switch (op) {
    case prepend: return prepended(x, a[1], room);
    case append: return concatenated(x, {a + 1, 1}, room);
    case concat: return concatenated(x, lists[a[1]], room);
    case reverse: return reversed(x, room);
    case sort: return sorted(x, room);
    case tail: return x.empty() ? x : x.subspan(1);
    case init: return x.empty() ? x : x.first(x.size() - 1);
    case take: return x.first(prefix_length(a[1], x.size()));
    case drop: return x.subspan(prefix_length(a[1], x.size()));
    case unique: return unique_of(x, room);
    case numbers: return numbers_in(x, room);
    case upper: return with_case(x, 'a', 'A' - 'a', room);
    case lower: return with_case(x, 'A', 'a' - 'A', room);
    case insert: return inserted(x, a[1], a[2], room);
    case set: return replaced(x, a[1], a[2], room);
    case remove_at: return removed(x, a[1], room);
    case swap: return swapped(x, a[1], a[2], room);
    case pad: return padded(x, a[1], a[2], lists.longest(), room);
    case join: return joined(x, a[1], lists, room);
    default: return flattened(x, lists, room);
    }
}

Word value_of(Operator op, const Word* arguments, const Lists& lists) {
    if (op == Operator::condition) return arguments[arguments[0] != 0 ? 1 : 2];
    return op <= Operator::odd ? of_numbers(op, arguments) : of_list(op, lists[arguments[0]], arguments);
}

Word apply(Operator op, const Word* arguments, Lists& lists) {
    using enum Operator;
    if (op == condition) return arguments[0] == undefined ? undefined : arguments[0] != 0 ? arguments[1] : arguments[2];
    for (int i = 0; i < facts(op).arguments; ++i)
        if (arguments[i] == undefined) return undefined;
    if (op <= contains) return value_of(op, arguments, lists);
    if (!builds_a_list(op)) return nested_of(op, lists[arguments[0]], arguments, lists);
    const auto built = elements_of(op, arguments, lists, scratch());
    return built ? stored(*built, lists) : undefined;
}

} // namespace ropewalk::functional
