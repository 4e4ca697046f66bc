#include "ropewalk/programs/exports/c_runtime.hpp"

namespace ropewalk::exports {

const char* const c_runtime = R"C(#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct rope_list rope_list;
typedef union { int64_t number; const rope_list *list; } rope_value;
struct rope_list { size_t length; const rope_value *at; };

/* Lists live in a memory, which `rope_free` gives back as a whole. It fails where there is no value: a number
   beyond 64 bits, a list beyond 100,000 elements, no memory left. */
typedef struct rope_block { struct rope_block *next; } rope_block;
typedef struct { rope_block *blocks; bool failed; } rope_memory;
#define ROPE_LONGEST 100000

static inline void rope_free(rope_memory *m) {
    while (m->blocks != NULL) {
        rope_block *next = m->blocks->next;
        free(m->blocks);
        m->blocks = next;
    }
    m->failed = false;
}
static inline void *rope_take(rope_memory *m, size_t bytes) {
    rope_block *block = malloc(sizeof(rope_value) + sizeof(rope_block) + bytes);
    if (block == NULL) {
        m->failed = true;
        return NULL;
    }
    block->next = m->blocks;
    m->blocks = block;
    return (rope_value *)block + 1;
}
static inline rope_value *rope_room(rope_memory *m, size_t length) {
    if (length > ROPE_LONGEST) {
        m->failed = true;
        return NULL;
    }
    return rope_take(m, (length + 1) * sizeof(rope_value));
}
static inline const rope_list *rope_make(rope_memory *m, const rope_value *at, size_t length) {
    rope_list *list = at == NULL ? NULL : rope_take(m, sizeof(rope_list));
    if (list == NULL) return NULL;
    list->length = length;
    list->at = at;
    return list;
}
static inline rope_value rope_number(int64_t number) {
    rope_value value;
    value.list = NULL;
    value.number = number;
    return value;
}
static inline rope_value rope_of_list(const rope_list *list) {
    rope_value value;
    value.number = 0;
    value.list = list;
    return value;
}

static inline int64_t rope_checked(rope_memory *m, int64_t value, bool wrong) {
    if (wrong || value == INT64_MIN) m->failed = true;
    return wrong ? 0 : value;
}
static inline int64_t rope_add(rope_memory *m, int64_t a, int64_t b) {
    const bool wrong = b > 0 ? a > INT64_MAX - b : a < INT64_MIN - b;
    return rope_checked(m, wrong ? 0 : a + b, wrong);
}
static inline int64_t rope_subtract(rope_memory *m, int64_t a, int64_t b) { return rope_add(m, a, -b); }
static inline int64_t rope_multiply(rope_memory *m, int64_t a, int64_t b) {
    const int64_t x = a < 0 ? -a : a, y = b < 0 ? -b : b;
    const bool wrong = x != 0 && y > INT64_MAX / x;
    return rope_checked(m, wrong ? 0 : a * b, wrong);
}
static inline int64_t rope_divide(int64_t a, int64_t b) {
    if (b == 0) return 0;
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}
static inline int64_t rope_remainder(int64_t a, int64_t b) {
    if (b == 0) return a;
    return a % b + (a % b != 0 && (a < 0) != (b < 0) ? b : 0);
}
static inline int64_t rope_absolute(int64_t a) { return a < 0 ? -a : a; }
static inline int64_t rope_minimum_of(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t rope_maximum_of(int64_t a, int64_t b) { return a < b ? b : a; }

static inline int64_t rope_gcd(int64_t a, int64_t b) {
    while (b != 0) {
        const int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return rope_absolute(a);
}

static inline bool rope_equal(rope_value a, rope_value b, int depth) {
    if (depth == 0) return a.number == b.number;
    if (a.list->length != b.list->length) return false;
    for (size_t i = 0; i < a.list->length; ++i)
        if (!rope_equal(a.list->at[i], b.list->at[i], depth - 1)) return false;
    return true;
}
static inline size_t rope_place(const rope_list *x, int64_t i) {
    if (i < 0) i += (int64_t)x->length;
    return i < 0 || i >= (int64_t)x->length ? x->length : (size_t)i;
}
static inline size_t rope_prefix(const rope_list *x, int64_t n) {
    const int64_t length = (int64_t)x->length;
    if (n < 0) n = n + length < 0 ? 0 : n + length;
    return (size_t)(n > length ? length : n);
}
static const rope_list rope_empty = {0, NULL};
static inline rope_value rope_get(const rope_list *x, int64_t i, int depth) {
    const size_t at = rope_place(x, i);
    return at < x->length ? x->at[at] : depth > 0 ? rope_of_list(&rope_empty) : rope_number(0);
}
static inline int64_t rope_sum(rope_memory *m, const rope_list *x) {
    int64_t total = 0;
    for (size_t i = 0; i < x->length; ++i) total = rope_add(m, total, x->at[i].number);
    return total;
}
static inline int64_t rope_product(rope_memory *m, const rope_list *x) {
    int64_t total = 1;
    for (size_t i = 0; i < x->length && !m->failed; ++i) total = rope_multiply(m, total, x->at[i].number);
    return total;
}
static inline int64_t rope_from_digits(rope_memory *m, const rope_list *x) {
    int64_t number = 0;
    for (size_t i = 0; i < x->length && !m->failed; ++i) number = rope_add(m, rope_multiply(m, number, 10), x->at[i].number);
    return number;
}
static inline int64_t rope_maximum(const rope_list *x) {
    int64_t best = x->length > 0 ? x->at[0].number : 0;
    for (size_t i = 1; i < x->length; ++i) best = rope_maximum_of(best, x->at[i].number);
    return best;
}
static inline int64_t rope_minimum(const rope_list *x) {
    int64_t best = x->length > 0 ? x->at[0].number : 0;
    for (size_t i = 1; i < x->length; ++i) best = rope_minimum_of(best, x->at[i].number);
    return best;
}
static inline int64_t rope_count(const rope_list *x, rope_value a, int depth) {
    int64_t n = 0;
    for (size_t i = 0; i < x->length; ++i) n += rope_equal(x->at[i], a, depth);
    return n;
}
static inline int64_t rope_index(const rope_list *x, rope_value a, int depth) {
    for (size_t i = 0; i < x->length; ++i)
        if (rope_equal(x->at[i], a, depth)) return (int64_t)i;
    return -1;
}

static inline const rope_list *rope_slice(rope_memory *m, const rope_list *x, size_t from, size_t to) {
    rope_value *at = rope_room(m, to - from);
    if (at != NULL && to > from) memcpy(at, x->at + from, (to - from) * sizeof *at);
    return rope_make(m, at, to - from);
}
static inline const rope_list *rope_concat(rope_memory *m, const rope_list *x, const rope_list *y) {
    rope_value *at = rope_room(m, x->length + y->length);
    if (at != NULL && x->length > 0) memcpy(at, x->at, x->length * sizeof *at);
    if (at != NULL && y->length > 0) memcpy(at + x->length, y->at, y->length * sizeof *at);
    return rope_make(m, at, x->length + y->length);
}
static inline const rope_list *rope_one(rope_memory *m, rope_value a) {
    rope_value *at = rope_room(m, 1);
    if (at != NULL) at[0] = a;
    return rope_make(m, at, 1);
}
static inline const rope_list *rope_prepend(rope_memory *m, const rope_list *x, rope_value a) {
    const rope_list *one = rope_one(m, a);
    return one == NULL ? NULL : rope_concat(m, one, x);
}
static inline const rope_list *rope_append(rope_memory *m, const rope_list *x, rope_value a) {
    const rope_list *one = rope_one(m, a);
    return one == NULL ? NULL : rope_concat(m, x, one);
}
static inline const rope_list *rope_reverse(rope_memory *m, const rope_list *x) {
    rope_value *at = rope_room(m, x->length);
    for (size_t i = 0; at != NULL && i < x->length; ++i) at[i] = x->at[x->length - 1 - i];
    return rope_make(m, at, x->length);
}
/* Sorts the values by the keys, equals in their order. */
static inline const rope_list *rope_sorted(rope_memory *m, const rope_list *x, const rope_list *keys) {
    rope_value *at = rope_room(m, x->length), *key = rope_room(m, x->length);
    if (at == NULL || key == NULL) return NULL;
    for (size_t i = 0; i < x->length; ++i) {
        size_t place = i;
        for (; place > 0 && key[place - 1].number > keys->at[i].number; --place) {
            key[place] = key[place - 1];
            at[place] = at[place - 1];
        }
        key[place] = keys->at[i];
        at[place] = x->at[i];
    }
    return rope_make(m, at, x->length);
}
static inline const rope_list *rope_range(rope_memory *m, int64_t from, int64_t to) {
    size_t length = 0;
    if (from < to) length = from < 0 && to > from + ROPE_LONGEST ? ROPE_LONGEST + 1 : (size_t)(to - from);
    rope_value *at = rope_room(m, length);
    for (size_t i = 0; at != NULL && i < length; ++i) at[i] = rope_number(from + (int64_t)i);
    return rope_make(m, at, length);
}
static inline const rope_list *rope_digits(rope_memory *m, int64_t number, int64_t base) {
    size_t length = 1;
    number = rope_absolute(number);
    for (int64_t rest = number / base; rest != 0; rest /= base) ++length;
    rope_value *at = rope_room(m, length);
    for (size_t i = length; at != NULL && i-- > 0; number /= base) at[i] = rope_number(number % base);
    return rope_make(m, at, length);
}
static inline bool rope_is_digit(const rope_list *x, size_t i) { return x->at[i].number >= '0' && x->at[i].number <= '9'; }
static inline const rope_list *rope_numbers(rope_memory *m, const rope_list *x) {
    rope_value *at = rope_room(m, x->length);
    size_t length = 0;
    for (size_t i = 0; at != NULL && i < x->length;) {
        if (!rope_is_digit(x, i)) {
            ++i;
            continue;
        }
        const bool negative = i > 0 && x->at[i - 1].number == '-' && (i < 2 || !rope_is_digit(x, i - 2));
        int64_t number = 0;
        for (; i < x->length && rope_is_digit(x, i); ++i) {
            number = rope_add(m, rope_multiply(m, number, 10), x->at[i].number - '0');
            if (m->failed) return NULL;
        }
        at[length++] = rope_number(negative ? -number : number);
    }
    return rope_make(m, at, length);
}
static inline const rope_list *rope_to_text(rope_memory *m, int64_t number) {
    const rope_list *digits = rope_digits(m, number, 10);
    if (digits == NULL) return NULL;
    const size_t sign = number < 0;
    rope_value *at = rope_room(m, digits->length + sign);
    if (at != NULL && sign > 0) at[0] = rope_number('-');
    for (size_t i = 0; at != NULL && i < digits->length; ++i) at[sign + i] = rope_number(digits->at[i].number + '0');
    return rope_make(m, at, digits->length + sign);
}
static inline const rope_list *rope_with_case(rope_memory *m, const rope_list *x, int64_t first, int64_t by) {
    rope_value *at = rope_room(m, x->length);
    for (size_t i = 0; at != NULL && i < x->length; ++i) {
        const int64_t a = x->at[i].number;
        at[i] = rope_number(a >= first && a < first + 26 ? a + by : a);
    }
    return rope_make(m, at, x->length);
}
static inline const rope_list *rope_unique(rope_memory *m, const rope_list *x, int depth) {
    rope_value *at = rope_room(m, x->length);
    size_t length = 0;
    for (size_t i = 0; at != NULL && i < x->length; ++i) {
        size_t known = 0;
        while (known < length && !rope_equal(at[known], x->at[i], depth)) ++known;
        if (known == length) at[length++] = x->at[i];
    }
    return rope_make(m, at, length);
}
static inline const rope_list *rope_repeat(rope_memory *m, rope_value a, int64_t times) {
    const size_t length = times < 0 ? 0 : times > ROPE_LONGEST ? ROPE_LONGEST + 1 : (size_t)times;
    rope_value *at = rope_room(m, length);
    for (size_t i = 0; at != NULL && i < length; ++i) at[i] = a;
    return rope_make(m, at, length);
}
static inline const rope_list *rope_insert(rope_memory *m, const rope_list *x, int64_t i, rope_value a) {
    const int64_t length = (int64_t)x->length;
    const int64_t place = i < 0 ? (i + length < 0 ? 0 : i + length) : i > length ? length : i;
    rope_value *at = rope_room(m, x->length + 1);
    for (int64_t j = 0; at != NULL && j <= length; ++j) at[j] = j < place ? x->at[j] : j == place ? a : x->at[j - 1];
    return rope_make(m, at, x->length + 1);
}
static inline const rope_list *rope_set(rope_memory *m, const rope_list *x, int64_t i, rope_value a) {
    rope_value *at = rope_room(m, x->length);
    for (size_t j = 0; at != NULL && j < x->length; ++j) at[j] = j == rope_place(x, i) ? a : x->at[j];
    return rope_make(m, at, x->length);
}
static inline const rope_list *rope_remove_at(rope_memory *m, const rope_list *x, int64_t i) {
    const size_t place = rope_place(x, i);
    if (place == x->length) return x;
    const rope_list *front = rope_slice(m, x, 0, place), *back = rope_slice(m, x, place + 1, x->length);
    return front == NULL || back == NULL ? NULL : rope_concat(m, front, back);
}
static inline const rope_list *rope_swap(rope_memory *m, const rope_list *x, int64_t i, int64_t j) {
    const size_t a = rope_place(x, i), b = rope_place(x, j);
    if (a == x->length || b == x->length) return x;
    rope_value *at = rope_room(m, x->length);
    for (size_t k = 0; at != NULL && k < x->length; ++k) at[k] = x->at[k == a ? b : k == b ? a : k];
    return rope_make(m, at, x->length);
}
static inline const rope_list *rope_pad(rope_memory *m, const rope_list *x, int64_t n, rope_value a) {
    const size_t length = n <= (int64_t)x->length ? x->length : n > ROPE_LONGEST ? ROPE_LONGEST + 1 : (size_t)n;
    rope_value *at = rope_room(m, length);
    for (size_t i = 0; at != NULL && i < length; ++i) at[i] = i < x->length ? x->at[i] : a;
    return rope_make(m, at, length);
}
static inline const rope_list *rope_split(rope_memory *m, const rope_list *x, rope_value a, int depth) {
    rope_value *at = rope_room(m, x->length + 1);
    size_t length = 0;
    for (size_t from = 0, to; at != NULL && from <= x->length; from = to + 1) {
        for (to = from; to < x->length && !rope_equal(x->at[to], a, depth); ++to) {}
        const rope_list *piece = rope_slice(m, x, from, to);
        if (piece == NULL) return NULL;
        at[length++] = rope_of_list(piece);
    }
    return rope_make(m, at, length);
}
static inline const rope_list *rope_prefixes(rope_memory *m, const rope_list *x) {
    rope_value *at = rope_room(m, x->length);
    for (size_t i = 0; at != NULL && i < x->length; ++i) {
        at[i] = rope_of_list(rope_slice(m, x, 0, i + 1));
        if (at[i].list == NULL) return NULL;
    }
    return rope_make(m, at, x->length);
}
static inline const rope_list *rope_group(rope_memory *m, const rope_list *x, int depth) {
    rope_value *at = rope_room(m, x->length);
    size_t length = 0;
    for (size_t from = 0, to; at != NULL && from < x->length; from = to) {
        for (to = from + 1; to < x->length && rope_equal(x->at[to], x->at[from], depth); ++to) {}
        const rope_list *run = rope_slice(m, x, from, to);
        if (run == NULL) return NULL;
        at[length++] = rope_of_list(run);
    }
    return rope_make(m, at, length);
}
static inline const rope_list *rope_flatten(rope_memory *m, const rope_list *x) {
    size_t length = 0, filled = 0;
    for (size_t i = 0; i < x->length; ++i) length += x->at[i].list->length;
    rope_value *at = rope_room(m, length);
    for (size_t i = 0; at != NULL && i < x->length; ++i)
        for (size_t j = 0; j < x->at[i].list->length; ++j) at[filled++] = x->at[i].list->at[j];
    return rope_make(m, at, length);
}
static inline const rope_list *rope_join(rope_memory *m, const rope_list *x, rope_value between) {
    size_t length = x->length > 0 ? x->length - 1 : 0, filled = 0;
    for (size_t i = 0; i < x->length; ++i) length += x->at[i].list->length;
    rope_value *at = rope_room(m, length);
    for (size_t i = 0; at != NULL && i < x->length; ++i) {
        if (i > 0) at[filled++] = between;
        for (size_t j = 0; j < x->at[i].list->length; ++j) at[filled++] = x->at[i].list->at[j];
    }
    return rope_make(m, at, length);
}
static inline const rope_list *rope_transpose(rope_memory *m, const rope_list *x) {
    size_t length = x->length > 0 ? x->at[0].list->length : 0;
    for (size_t i = 0; i < x->length; ++i)
        if (x->at[i].list->length < length) length = x->at[i].list->length;
    rope_value *at = rope_room(m, length);
    for (size_t i = 0; at != NULL && i < length; ++i) {
        rope_value *column = rope_room(m, x->length);
        if (column == NULL) return NULL;
        for (size_t j = 0; j < x->length; ++j) column[j] = x->at[j].list->at[i];
        at[i] = rope_of_list(rope_make(m, column, x->length));
        if (at[i].list == NULL) return NULL;
    }
    return rope_make(m, at, length);
}
static inline const rope_list *rope_pieces(rope_memory *m, const rope_list *x, int64_t n, bool overlapping) {
    if (n < 1) return &rope_empty;
    const size_t size = n > (int64_t)x->length ? x->length + 1 : (size_t)n;
    rope_value *at = rope_room(m, x->length);
    size_t length = 0;
    for (size_t from = 0; at != NULL && (overlapping ? from + size <= x->length : from < x->length);
         from += overlapping ? 1 : size) {
        const rope_list *piece = rope_slice(m, x, from, from + size < x->length ? from + size : x->length);
        if (piece == NULL) return NULL;
        at[length++] = rope_of_list(piece);
    }
    return rope_make(m, at, length);
}
static inline const rope_list *rope_zip(rope_memory *m, const rope_list *x, const rope_list *y) {
    const size_t length = x->length < y->length ? x->length : y->length;
    rope_value *at = rope_room(m, length);
    for (size_t i = 0; at != NULL && i < length; ++i) {
        rope_value *pair = rope_room(m, 2);
        if (pair == NULL) return NULL;
        pair[0] = x->at[i];
        pair[1] = y->at[i];
        at[i] = rope_of_list(rope_make(m, pair, 2));
        if (at[i].list == NULL) return NULL;
    }
    return rope_make(m, at, length);
}
)C";

} // namespace ropewalk::exports
