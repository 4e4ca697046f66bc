"""Tasks over lists, numbers and texts that every textbook has, as `ropewalk reproduce lists --sets textbook` reads them.

    python3 benchmarks/textbook_tasks.py -o runs/textbook.jsonl
    ropewalk reproduce lists --data runs --sets textbook --seconds 10 -o runs/textbook

Eight examples of each are shown, up to 30 others are asked; both are drawn with a fixed seed. Many are in Helmuth and
Spector's two program synthesis benchmark suites (2015, 2021), others in every course of programming.
"""

import argparse
import functools
import json
import math
import random
from collections import Counter

RANDOM = random.Random(7)


def numbers(low=0, high=9, shortest=3, longest=8):
    return [RANDOM.randint(low, high) for _ in range(RANDOM.randint(shortest, longest))]


def word(shortest=1, longest=5, alphabet="abcdefgh"):
    return "".join(RANDOM.choice(alphabet) for _ in range(RANDOM.randint(shortest, longest)))


def words(fewest=2, most=5, alphabet="abcdefgh"):
    return " ".join(word(1, 6, alphabet) for _ in range(RANDOM.randint(fewest, most)))


def first_repeated(x):
    s = set()
    for v in x:
        if v in s:
            return v
        s.add(v)
    return -1


def run_length_code(x):
    o = []
    for v in x:
        if o and o[-1][0] == v:
            o[-1][1] += 1
        else:
            o.append([v, 1])
    return [z for p in o for z in p]


def run_lengths(x):
    return run_length_code(x)[1::2]


def longest_rise(x):
    b = []
    for i, v in enumerate(x):
        b.append(1 + max([b[j] for j in range(i) if x[j] < v], default=0))
    return max(b, default=0)


def kadane(x):
    best = cur = x[0]
    for v in x[1:]:
        cur = max(v, cur + v)
        best = max(best, cur)
    return best


def longest_run(x):
    return max(run_lengths(x))


def trapped_rain(h):
    return sum(min(max(h[: i + 1]), max(h[i:])) - h[i] for i in range(len(h)))


def peaks(x):
    return [x[i] for i in range(1, len(x) - 1) if x[i] > x[i - 1] and x[i] > x[i + 1]]


def without_repeats(x):
    return [v for i, v in enumerate(x) if i == 0 or v != x[i - 1]]


def next_greater(x):
    return [next((w for w in x[i + 1 :] if w > v), -1) for i, v in enumerate(x)]


def pivot_index(x):
    for i in range(len(x)):
        if sum(x[:i]) == sum(x[i + 1 :]):
            return i
    return -1


def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def collatz(n):
    c = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        c += 1
    return c


TASKS = {
    "evens_squared_sum": (lambda x: sum(v * v for v in x if v % 2 == 0), [lambda: numbers(0, 9)]),
    "kadane": (kadane, [lambda: numbers(-9, 9, 3, 8)]),
    "running_max": (lambda x: [max(x[: i + 1]) for i in range(len(x))], [lambda: numbers(0, 20)]),
    "second_largest": (lambda x: sorted(x)[-2], [lambda: numbers(0, 50)]),
    "range": (lambda x: max(x) - min(x), [lambda: numbers(-20, 20)]),
    "count_above_mean": (lambda x: sum(v * len(x) > sum(x) for v in x), [lambda: numbers(0, 20)]),
    "rotate_left_k": (lambda x, k: x[k:] + x[:k], [lambda: numbers(0, 20, 5, 8), lambda: RANDOM.randint(0, 4)]),
    "interun_length_codeave": (
        lambda x, y: [z for p in zip(x, y) for z in p],
        [lambda: [RANDOM.randint(0, 9) for _ in range(5)], lambda: [RANDOM.randint(0, 9) for _ in range(5)]],
    ),
    "dot": (
        lambda x, y: sum(a * b for a, b in zip(x, y)),
        [lambda: [RANDOM.randint(-5, 9) for _ in range(4)], lambda: [RANDOM.randint(-5, 9) for _ in range(4)]],
    ),
    "is_sorted": (
        lambda x: all(a <= b for a, b in zip(x, x[1:])),
        [lambda: sorted(numbers()) if RANDOM.random() < 0.5 else numbers()],
    ),
    "is_palindrome": (
        lambda x: x == x[::-1],
        [lambda: (lambda z: z + z[::-1])(numbers(0, 9, 1, 3)) if RANDOM.random() < 0.5 else numbers()],
    ),
    "first_repeated": (first_repeated, [lambda: numbers(0, 6, 4, 9)]),
    "run_length": (run_length_code, [lambda: numbers(0, 2, 4, 9)]),
    "run_lengths": (run_lengths, [lambda: numbers(0, 2, 4, 9)]),
    "longest_run": (longest_run, [lambda: numbers(0, 1, 4, 10)]),
    "dedup_adjacent": (without_repeats, [lambda: numbers(0, 2, 4, 10)]),
    "peaks": (peaks, [lambda: numbers(0, 9, 5, 10)]),
    "next_greater": (next_greater, [lambda: numbers(0, 9, 4, 7)]),
    "lis_length": (longest_rise, [lambda: numbers(0, 9, 4, 8)]),
    "majority": (
        lambda x: Counter(x).most_common(1)[0][0],
        [
            lambda: (lambda v, z: RANDOM.sample([v] * (len(z) + 1) + z, 2 * len(z) + 1))(
                RANDOM.randint(0, 9), numbers(0, 9, 2, 4)
            )
        ],
    ),
    "missing_number": (
        lambda x: (set(range(len(x) + 1)) - set(x)).pop(),
        [
            lambda: (lambda n, z: RANDOM.sample([v for v in range(n + 1) if v != z % (n + 1)], n))(
                RANDOM.randint(4, 8), RANDOM.randint(0, 50)
            )
        ],
    ),
    "move_zeros": (lambda x: [v for v in x if v] + [0] * x.count(0), [lambda: numbers(0, 3, 4, 9)]),
    "digits_sum": (lambda n: sum(map(int, str(n))), [lambda: RANDOM.randint(10, 99999)]),
    "reverse_digits": (lambda n: int(str(n)[::-1]), [lambda: RANDOM.randint(10, 9999)]),
    "gcd": (lambda a, b: math.gcd(a, b), [lambda: RANDOM.randint(2, 60), lambda: RANDOM.randint(2, 60)]),
    "factorial": (lambda n: math.factorial(n), [lambda: RANDOM.randint(0, 12)]),
    "fibonacci": (
        fibonacci,
        [lambda: RANDOM.randint(0, 18)],
    ),
    "is_prime": (lambda n: n > 1 and all(n % d for d in range(2, n)), [lambda: RANDOM.randint(1, 60)]),
    "collatz": (collatz, [lambda: RANDOM.randint(1, 30)]),
    "count_inversions": (
        lambda x: sum(x[i] > x[j] for i in range(len(x)) for j in range(i + 1, len(x))),
        [lambda: numbers(0, 9, 3, 7)],
    ),
    "trap_rain": (trapped_rain, [lambda: numbers(0, 5, 5, 9)]),
    "pivot_index": (
        pivot_index,
        [
            lambda: (
                (lambda a, m: RANDOM.sample(a, len(a)) + [m] + RANDOM.sample(a, len(a)))(
                    numbers(1, 9, 1, 3), RANDOM.randint(0, 9)
                )
                if RANDOM.random() < 0.7
                else numbers(1, 9, 3, 6)
            )
        ],
    ),
    "max_profit_many": (lambda x: sum(max(0, b - a) for a, b in zip(x, x[1:])), [lambda: numbers(0, 9, 4, 8)]),
    "product_except_self": (
        lambda x: [math.prod(x[:i] + x[i + 1 :]) for i in range(len(x))],
        [lambda: numbers(1, 6, 3, 6)],
    ),
    "squares_sorted": (lambda x: sorted(v * v for v in x), [lambda: numbers(-9, 9)]),
    "clamp": (
        lambda x, a, b: [min(max(v, a), b) for v in x],
        [lambda: numbers(-20, 20), lambda: RANDOM.randint(-10, 0), lambda: RANDOM.randint(1, 10)],
    ),
    "count_x": (lambda x, k: x.count(k), [lambda: numbers(0, 3, 4, 9), lambda: RANDOM.randint(0, 3)]),
    "index_of": (
        lambda x, k: x.index(k) if k in x else -1,
        [lambda: numbers(0, 6, 4, 9), lambda: RANDOM.randint(0, 6)],
    ),
    "remove_k": (lambda x, k: [v for v in x if v != k], [lambda: numbers(0, 3, 4, 9), lambda: RANDOM.randint(0, 3)]),
    "intersection": (lambda x, y: [v for v in x if v in y], [lambda: numbers(0, 9, 4, 8), lambda: numbers(0, 9, 4, 8)]),
    "set_difference": (
        lambda x, y: [v for v in x if v not in y],
        [lambda: numbers(0, 9, 4, 8), lambda: numbers(0, 9, 4, 8)],
    ),
    "merge_sorted": (
        lambda x, y: sorted(x + y),
        [lambda: sorted(numbers(0, 30, 2, 5)), lambda: sorted(numbers(0, 30, 2, 5))],
    ),
    "median_of_3": (lambda a, b, c: sorted([a, b, c])[1], [lambda: RANDOM.randint(-50, 50)] * 3),
    "smallest_4": (lambda a, b, c, d: min(a, b, c, d), [lambda: RANDOM.randint(-50, 50)] * 4),
    "sum_of_squares_to_n": (lambda n: sum(i * i for i in range(1, n + 1)), [lambda: RANDOM.randint(1, 40)]),
    "even_squares": (
        lambda n: [i * i for i in range(1, n) if (i * i) % 2 == 0 and i * i < n],
        [lambda: RANDOM.randint(5, 150)],
    ),
    "last_index_zero": (
        lambda x: max(i for i, v in enumerate(x) if v == 0),
        [lambda: (lambda z: z[:1] + [0] + z[1:])(numbers(0, 2, 3, 8))],
    ),
    "vectors_summed": (
        lambda x, y: [a + b for a, b in zip(x, y)],
        [lambda: [RANDOM.randint(-50, 50) for _ in range(4)], lambda: [RANDOM.randint(-50, 50) for _ in range(4)]],
    ),
    "compare_sums": (lambda x, y: sum(x) > sum(y), [lambda: numbers(), lambda: numbers()]),
    "basement": (
        lambda x: next(i for i in range(len(x)) if sum(x[: i + 1]) < 0),
        [lambda: [RANDOM.randint(-9, 9) for _ in range(5)] + [-60]],
    ),
    "fuel_cost": (lambda x: sum(v // 3 - 2 for v in x), [lambda: numbers(6, 100, 2, 6)]),
    "snow_day": (lambda x: [v for v in x if abs(v) >= 5], [lambda: numbers(-9, 9, 4, 8)]),
    "differences": (lambda x: [b - a for a, b in zip(x, x[1:])], [lambda: numbers(-9, 9, 3, 8)]),
    "bits": (lambda n: [int(c) for c in bin(n)[2:]], [lambda: RANDOM.randint(1, 100)]),
    "from_bits": (lambda x: int("".join(map(str, x)), 2), [lambda: [1] + numbers(0, 1, 2, 6)]),
    "xor_all": (
        lambda x: functools.reduce(lambda a, b: a ^ b, x),
        [
            lambda: (lambda z, v: RANDOM.sample(z + z + [v], 2 * len(z) + 1))(
                numbers(0, 15, 2, 4), RANDOM.randint(0, 15)
            )
        ],
    ),
    "alternating_sum": (lambda x: sum(v if i % 2 == 0 else -v for i, v in enumerate(x)), [lambda: numbers(0, 9, 3, 8)]),
    "window_sums_3": (lambda x: [sum(x[i : i + 3]) for i in range(len(x) - 2)], [lambda: numbers(0, 9, 4, 8)]),
    "every_third": (lambda x: x[2::3], [lambda: numbers(0, 30, 5, 11)]),
    "split_halves_swapped": (lambda x: x[len(x) // 2 :] + x[: len(x) // 2], [lambda: numbers(0, 30, 4, 8)]),
    "repeat_each": (lambda x: [v for v in x for _ in range(v)], [lambda: numbers(0, 4, 2, 5)]),
    "vowel_count": (
        lambda s: sum(c in "aeiou" for c in s),
        [lambda: "".join(RANDOM.choice("abcdeiou xyz") for _ in range(RANDOM.randint(4, 12)))],
    ),
    "reverse_string": (
        lambda s: s[::-1],
        [lambda: "".join(RANDOM.choice("abcdefgh") for _ in range(RANDOM.randint(3, 9)))],
    ),
    "string_lengths_back": (
        lambda s: len(s.split(" ")),
        [
            lambda: " ".join(
                "".join(RANDOM.choice("abc") for _ in range(RANDOM.randint(1, 4))) for _ in range(RANDOM.randint(1, 5))
            )
        ],
    ),
    "double_letters": (
        lambda s: "".join(c + c for c in s),
        [lambda: "".join(RANDOM.choice("abcdefgh!") for _ in range(RANDOM.randint(2, 6)))],
    ),
    "replace_space": (
        lambda s: s.replace(" ", "-"),
        [lambda: "".join(RANDOM.choice("abc ") for _ in range(RANDOM.randint(4, 10)))],
    ),
    "caesar1": (
        lambda s: "".join(chr(ord(c) + 1) for c in s),
        [lambda: "".join(RANDOM.choice("abcdefgh") for _ in range(RANDOM.randint(3, 8)))],
    ),
    "count_pairs_sum": (
        lambda x, k: sum(x[i] + x[j] == k for i in range(len(x)) for j in range(i + 1, len(x))),
        [lambda: numbers(0, 5, 4, 7), lambda: RANDOM.randint(3, 7)],
    ),
    "max_adjacent_product": (lambda x: max(a * b for a, b in zip(x, x[1:])), [lambda: numbers(-9, 9, 3, 7)]),
    "cumulative_product": (lambda x: [math.prod(x[: i + 1]) for i in range(len(x))], [lambda: numbers(1, 5, 3, 6)]),
    "count_distinct": (lambda x: len(set(x)), [lambda: numbers(0, 5, 4, 9)]),
    "most_frequent_count": (lambda x: max(Counter(x).values()), [lambda: numbers(0, 3, 4, 9)]),
    "sort_desc_take_k": (
        lambda x, k: sorted(x)[::-1][:k],
        [lambda: numbers(0, 50, 5, 9), lambda: RANDOM.randint(1, 4)],
    ),
    "triangle_numbers": (lambda n: [i * (i + 1) // 2 for i in range(1, n + 1)], [lambda: RANDOM.randint(1, 9)]),
    "abs_diff_lists": (
        lambda x, y: [abs(a - b) for a, b in zip(x, y)],
        [lambda: [RANDOM.randint(0, 20) for _ in range(5)], lambda: [RANDOM.randint(0, 20) for _ in range(5)]],
    ),
    "hamming": (
        lambda x, y: sum(a != b for a, b in zip(x, y)),
        [lambda: [RANDOM.randint(0, 1) for _ in range(6)], lambda: [RANDOM.randint(0, 1) for _ in range(6)]],
    ),
    "leap_year": (
        lambda y: y % 4 == 0 and (y % 100 != 0 or y % 400 == 0),
        [lambda: RANDOM.choice([1900, 2000, 2100, 2400, 1800, 1996, 2004, 2023, 2019, RANDOM.randint(1800, 2400)])],
    ),
    "grade": (lambda n: 4 if n >= 90 else 3 if n >= 80 else 2 if n >= 70 else 1, [lambda: RANDOM.randint(50, 100)]),
    "sign_list": (lambda x: [(v > 0) - (v < 0) for v in x], [lambda: numbers(-9, 9, 3, 8)]),
    "stock_best": (
        lambda x: max([0] + [x[j] - x[i] for i in range(len(x)) for j in range(i, len(x))]),
        [lambda: numbers(0, 9, 4, 8)],
    ),
    "flatten": (
        lambda x: [v for r in x for v in r],
        [lambda: [numbers(0, 9, 0, 3) for _ in range(RANDOM.randint(2, 4))]],
    ),
    "row_sums": (lambda x: [sum(r) for r in x], [lambda: [numbers(0, 9, 1, 3) for _ in range(RANDOM.randint(2, 4))]]),
    "longest_list": (
        lambda x: max(len(r) for r in x),
        [lambda: [numbers(0, 9, 0, 4) for _ in range(RANDOM.randint(2, 4))]],
    ),
    "leaders": (
        lambda x: [v for i, v in enumerate(x) if all(v >= w for w in x[i + 1 :])],
        [lambda: numbers(0, 20, 4, 8)],
    ),
    "find_pair": (
        lambda x, k: next([a, b] for i, a in enumerate(x) for b in x[i + 1 :] if a + b == k),
        [lambda: numbers(0, 15, 4, 7), lambda: RANDOM.randint(5, 20)],
    ),
    "coin_sums": (lambda n: [n % 5, n % 10 // 5, n % 25 // 10, n // 25], [lambda: RANDOM.randint(1, 300)]),
    "luhn": (
        lambda x: sum((2 * v - 9 if 2 * v > 9 else 2 * v) if i % 2 else v for i, v in enumerate(x)),
        [lambda: [RANDOM.randint(0, 9) for _ in range(8)]],
    ),
    "mastermind_black": (
        lambda x, y: sum(a == b for a, b in zip(x, y)),
        [lambda: word(4, 4, "BRWY"), lambda: word(4, 4, "BRWY")],
    ),
    "middle_char": (lambda s: s[(len(s) - 1) // 2 : len(s) // 2 + 1], [lambda: word(3, 9)]),
    "paired_digits": (lambda x: sum(a for a, b in zip(x, x[1:]) if a == b), [lambda: numbers(1, 4, 4, 10)]),
    "square_digits": (lambda n: int("".join(str(int(c) ** 2) for c in str(n))), [lambda: RANDOM.randint(10, 9999)]),
    "camel_case": (
        lambda s: "".join(c.upper() if i and s[i - 1] == "-" else c for i, c in enumerate(s) if c != "-"),
        [lambda: words().replace(" ", "-")],
    ),
    "spin_words": (lambda s: " ".join(w[::-1] if len(w) >= 5 else w for w in s.split(" ")), [lambda: words(2, 4)]),
    "string_diff_count": (lambda a, b: sum(x != y for x, y in zip(a, b)), [lambda: word(4, 7), lambda: word(4, 7)]),
    "negative_to_zero": (lambda x: [max(v, 0) for v in x], [lambda: numbers(-9, 9, 3, 8)]),
    "checksum": (lambda s: chr(sum(map(ord, s)) % 64 + 32), [lambda: word(3, 8)]),
    "for_loop_index": (
        lambda a, b, c: list(range(a, b, c)),
        [lambda: RANDOM.randint(-10, 10), lambda: RANDOM.randint(11, 30), lambda: RANDOM.randint(2, 6)],
    ),
    "compare_lengths": (
        lambda a, b, c: len(a) < len(b) < len(c),
        [lambda: word(1, 3), lambda: word(2, 5), lambda: word(3, 8)],
    ),
    "digits_low_first": (lambda n: [int(c) for c in str(n)[::-1]], [lambda: RANDOM.randint(10, 99999)]),
    "count_digits": (lambda n: len(str(n)), [lambda: RANDOM.randint(1, 10 ** RANDOM.randint(1, 7))]),
    "digital_root": (lambda n: 1 + (n - 1) % 9, [lambda: RANDOM.randint(10, 9999)]),
    "largest_digit": (lambda n: max(map(int, str(n))), [lambda: RANDOM.randint(10, 99999)]),
    "is_number_palindrome": (
        lambda n: str(n) == str(n)[::-1],
        [
            lambda: RANDOM.choice(
                [
                    RANDOM.randint(10, 9999),
                    int(str(RANDOM.randint(10, 99)) + str(RANDOM.randint(1, 9))),
                    (lambda s: int(s + s[::-1]))(str(RANDOM.randint(10, 99))),
                ]
            )
        ],
    ),
    "binary_ones": (lambda n: bin(n).count("1"), [lambda: RANDOM.randint(1, 500)]),
    "divisors": (lambda n: [d for d in range(1, n + 1) if n % d == 0], [lambda: RANDOM.randint(2, 60)]),
    "count_divisors": (lambda n: sum(n % d == 0 for d in range(1, n + 1)), [lambda: RANDOM.randint(2, 60)]),
    "perfect_square": (
        lambda n: math.isqrt(n) ** 2 == n,
        [lambda: RANDOM.choice([RANDOM.randint(1, 12) ** 2, RANDOM.randint(1, 150)])],
    ),
    "isqrt": (lambda n: math.isqrt(n), [lambda: RANDOM.randint(1, 200)]),
    "lcm": (lambda a, b: a * b // math.gcd(a, b), [lambda: RANDOM.randint(2, 30), lambda: RANDOM.randint(2, 30)]),
    "power": (lambda a, b: a**b, [lambda: RANDOM.randint(1, 6), lambda: RANDOM.randint(0, 6)]),
    "multiples_sum": (lambda n: sum(i for i in range(n) if i % 3 == 0 or i % 5 == 0), [lambda: RANDOM.randint(5, 60)]),
    "odd_positions_desc": (lambda x: sorted(x[1::2], reverse=True), [lambda: numbers(0, 30, 4, 9)]),
    "sum_without_extremes": (lambda x: sum(x) - max(x) - min(x), [lambda: numbers(0, 30, 4, 9)]),
    "mean": (lambda x: sum(x) // len(x), [lambda: numbers(0, 30, 4, 9)]),
    "median_odd": (lambda x: sorted(x)[len(x) // 2], [lambda: numbers(0, 50, 2, 8)]),
    "kth_smallest": (lambda x, k: sorted(x)[k - 1], [lambda: numbers(0, 50, 5, 9), lambda: RANDOM.randint(1, 5)]),
    "unique_sorted": (lambda x: sorted(set(x)), [lambda: numbers(0, 9, 4, 9)]),
    "singletons": (lambda x: [v for v in x if x.count(v) == 1], [lambda: numbers(0, 6, 4, 9)]),
    "duplicates": (lambda x: sorted(v for v in set(x) if x.count(v) > 1), [lambda: numbers(0, 6, 4, 9)]),
    "symmetric_diff": (
        lambda x, y: sorted(set(x) ^ set(y)),
        [lambda: numbers(0, 9, 3, 6), lambda: numbers(0, 9, 3, 6)],
    ),
    "is_subset": (lambda x, y: set(x) <= set(y), [lambda: numbers(0, 6, 1, 3), lambda: numbers(0, 6, 4, 9)]),
    "anagram": (lambda a, b: sorted(a) == sorted(b), [lambda: word(3, 3, "abc"), lambda: word(3, 3, "abc")]),
    "argmax": (lambda x: x.index(max(x)), [lambda: numbers(0, 50, 3, 8)]),
    "argmin_last": (lambda x: len(x) - 1 - x[::-1].index(min(x)), [lambda: numbers(0, 9, 4, 8)]),
    "prefix_evens": (lambda x: [v for v in x if v % 2 == 0] + [v for v in x if v % 2], [lambda: numbers(0, 20, 4, 8)]),
    "rotate_right_1": (lambda x: x[-1:] + x[:-1], [lambda: numbers(0, 20, 3, 8)]),
    "swap_ends": (lambda x: x[-1:] + x[1:-1] + x[:1], [lambda: numbers(0, 20, 3, 8)]),
    "zigzag_sum": (lambda x: [x[i] + x[-1 - i] for i in range(len(x))], [lambda: numbers(0, 20, 3, 8)]),
    "pair_sums": (lambda x: [x[i] + x[i + 1] for i in range(0, len(x) - 1, 2)], [lambda: numbers(0, 20, 4, 9)]),
    "longest_word_length": (lambda s: max(map(len, s.split(" "))), [lambda: words()]),
    "initials": (lambda s: "".join(w[0] for w in s.split(" ")), [lambda: words()]),
    "word_reverse_order": (lambda s: " ".join(s.split(" ")[::-1]), [lambda: words(2, 4)]),
    "remove_vowels": (lambda s: "".join(c for c in s if c not in "aeiou"), [lambda: word(4, 10, "abceidouxy")]),
    "count_char": (lambda s, c: s.count(c), [lambda: word(4, 10, "abc"), lambda: word(1, 1, "abc")]),
    "transpose": (
        lambda x: [list(r) for r in zip(*x)],
        [
            lambda: (lambda w: [[RANDOM.randint(0, 9) for _ in range(w)] for _ in range(RANDOM.randint(2, 3))])(
                RANDOM.randint(2, 4)
            )
        ],
    ),
    "max_of_rows": (
        lambda x: [max(r) for r in x],
        [lambda: [numbers(0, 9, 1, 3) for _ in range(RANDOM.randint(2, 4))]],
    ),
    "diagonal": (
        lambda x: [x[i][i] for i in range(len(x))],
        [lambda: (lambda w: [[RANDOM.randint(0, 9) for _ in range(w)] for _ in range(w)])(RANDOM.randint(2, 4))],
    ),
    "reverse_rows": (
        lambda x: [r[::-1] for r in x],
        [lambda: [numbers(0, 9, 1, 3) for _ in range(RANDOM.randint(2, 4))]],
    ),
    "matrix_total": (lambda x: sum(map(sum, x)), [lambda: [numbers(0, 9, 1, 3) for _ in range(RANDOM.randint(2, 4))]]),
    "sort_by_last": (
        lambda x: sorted(x, key=lambda r: r[-1]),
        [lambda: [numbers(0, 9, 1, 3) for _ in range(RANDOM.randint(2, 4))]],
    ),
    "concat_reversed": (lambda x: x + x[::-1], [lambda: numbers(0, 9, 2, 6)]),
    "count_changes": (lambda x: sum(a != b for a, b in zip(x, x[1:])), [lambda: numbers(0, 2, 4, 9)]),
    "increasing_pairs": (lambda x: sum(a < b for a, b in zip(x, x[1:])), [lambda: numbers(0, 9, 4, 9)]),
    "local_max_count": (
        lambda x: sum(x[i - 1] < x[i] > x[i + 1] for i in range(1, len(x) - 1)),
        [lambda: numbers(0, 9, 5, 10)],
    ),
    "weighted_index_sum": (lambda x: sum(i * v for i, v in enumerate(x)), [lambda: numbers(0, 9, 3, 8)]),
    "polynomial": (
        lambda x, v: sum(c * v**i for i, c in enumerate(x)),
        [lambda: numbers(0, 5, 2, 4), lambda: RANDOM.randint(1, 4)],
    ),
    "clip_top": (lambda x, k: [min(v, k) for v in x], [lambda: numbers(0, 20, 4, 8), lambda: RANDOM.randint(3, 12)]),
    "between": (
        lambda x, a, b: [v for v in x if a <= v <= b],
        [lambda: numbers(0, 20, 5, 9), lambda: RANDOM.randint(0, 8), lambda: RANDOM.randint(9, 20)],
    ),
    "replace_ab": (
        lambda x, a, b: [b if v == a else v for v in x],
        [lambda: numbers(0, 4, 4, 9), lambda: RANDOM.randint(0, 4), lambda: RANDOM.randint(5, 9)],
    ),
    "insert_sorted": (
        lambda x, k: sorted(x + [k]),
        [lambda: sorted(numbers(0, 20, 3, 6)), lambda: RANDOM.randint(0, 20)],
    ),
    "cyclic_diff": (lambda x: [x[i] - x[i - 1] for i in range(len(x))], [lambda: numbers(0, 9, 3, 7)]),
    "most_common_tie_first": (lambda x: max(x, key=x.count), [lambda: numbers(0, 4, 5, 9)]),
    "triangle_ok": (lambda a, b, c: a + b > c and a + c > b and b + c > a, [lambda: RANDOM.randint(1, 9)] * 3),
    "fizz": (
        lambda n: 3 if n % 15 == 0 else 1 if n % 3 == 0 else 2 if n % 5 == 0 else 0,
        [lambda: RANDOM.choice([RANDOM.randint(1, 60), 15 * RANDOM.randint(1, 4)])],
    ),
    "abs_sum_bool": (lambda x: sum(map(abs, x)) % 2 == 0, [lambda: numbers(-9, 9, 3, 6)]),
}


def examples_of(function, arguments, shown, asked):
    rows, seen = [], set()
    for _ in range(4000):
        inputs = [draw() for draw in arguments]
        key = json.dumps(inputs)
        if key in seen:
            continue
        seen.add(key)
        try:
            output = function(*inputs)
        except (IndexError, StopIteration, ValueError, ZeroDivisionError):
            continue
        if output is None:
            continue
        rows.append({"inputs": inputs, "output": output})
        if len(rows) == shown + asked:
            break
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", required=True, help="file of the tasks, one a line")
    parser.add_argument("--shown", type=int, default=8, help="examples of each task")
    options = parser.parse_args()
    with open(options.output, "w", encoding="utf-8") as file:
        for name, (function, arguments) in TASKS.items():
            rows = examples_of(function, arguments, options.shown, 30)
            shown = min(options.shown, len(rows) - 5)
            task = {
                "task": name,
                "arguments": [f"x{i + 1}" if len(arguments) > 1 else "x" for i in range(len(arguments))],
                "examples": rows[:shown],
                "tests": rows[shown:],
            }
            file.write(json.dumps(task) + "\n")


if __name__ == "__main__":
    main()
