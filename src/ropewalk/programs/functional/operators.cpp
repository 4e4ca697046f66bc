#include "ropewalk/programs/functional/operators.hpp"

#include <array>

namespace ropewalk::functional {

namespace {

using enum Operator;

constexpr std::array<OperatorFacts, operator_count> table{{
    {variable, "variable", "-> e", nullptr, 0, 0, "an argument, a parameter, or a name"},
    {number, "number", "-> i", nullptr, 0, 0, "a whole number"},
    {truth, "truth", "-> b", nullptr, 0, 0, "true or false"},
    {list, "list", "-> [e]", nullptr, 0, 0, "the list of the arguments"},
    {let, "let", "e (e -> f) -> f", nullptr, 1, 1, "the function's value"},
    {condition, "if", "b e e -> e", nullptr, 3, 0, "the second where the first is true, else the third"},
    {add, "add", "i i -> i", "+", 2, 0, "sum of two"},
    {subtract, "subtract", "i i -> i", "-", 2, 0, "difference"},
    {multiply, "multiply", "i i -> i", "*", 2, 0, "product of two"},
    {divide, "divide", "i i -> i", "//", 2, 0, "quotient rounded down; 0 where the divisor is 0"},
    {remainder, "remainder", "i i -> i", "%", 2, 0,
     "what is left, with the sign of the divisor; the dividend where the divisor is 0"},
    {negate, "negate", "i -> i", nullptr, 1, 0, "0 minus it"},
    {absolute, "abs", "i -> i", nullptr, 1, 0, "without its sign"},
    {minimum_of, "min", "i i -> i", nullptr, 2, 0, "the smaller of two"},
    {maximum_of, "max", "i i -> i", nullptr, 2, 0, "the larger of two"},
    {common_divisor, "gcd", "i i -> i", nullptr, 2, 0, "the largest number that divides both; 0 of two zeros"},
    {from_truth, "int", "b -> i", nullptr, 1, 0, "1 for true, 0 for false"},
    {less, "less", "i i -> b", "<", 2, 0, "smaller"},
    {at_most, "at_most", "i i -> b", "<=", 2, 0, "smaller or equal"},
    {equal, "equal", "e e -> b", "==", 2, 0, "the same"},
    {not_equal, "not_equal", "e e -> b", "!=", 2, 0, "not the same"},
    {negation, "not", "b -> b", nullptr, 1, 0, "true for false"},
    {both, "and", "b b -> b", "and", 2, 0, "true where both are"},
    {either, "or", "b b -> b", "or", 2, 0, "true where one is"},
    {even, "even", "i -> b", nullptr, 1, 0, "divisible by 2"},
    {odd, "odd", "i -> b", nullptr, 1, 0, "not divisible by 2"},
    {length, "length", "[e] -> i", nullptr, 1, 0, "how many elements"},
    {first, "first", "[e] -> e", nullptr, 1, 0, "first element; 0 or [] of an empty list"},
    {last, "last", "[e] -> e", nullptr, 1, 0, "last element; 0 or [] of an empty list"},
    {get, "get", "[e] i -> e", nullptr, 2, 0,
     "element at a place from 0, from the end where negative; 0 or [] outside"},
    {sum, "sum", "[i] -> i", nullptr, 1, 0, "of all elements, 0 of none"},
    {product, "product", "[i] -> i", nullptr, 1, 0, "of all elements, 1 of none"},
    {maximum, "maximum", "[i] -> i", nullptr, 1, 0, "largest element; 0 of an empty list"},
    {minimum, "minimum", "[i] -> i", nullptr, 1, 0, "smallest element; 0 of an empty list"},
    {from_digits, "from_digits", "[i] -> i", nullptr, 1, 0, "the number with these decimal digits, the highest first; 0 of none"},
    {count, "count", "[e] e -> i", nullptr, 2, 0, "how often the value occurs"},
    {index, "index", "[e] e -> i", nullptr, 2, 0, "first place of the value; -1 where it does not occur"},
    {contains, "contains", "[e] e -> b", nullptr, 2, 0, "whether the value occurs"},
    {prepend, "prepend", "[e] e -> [e]", nullptr, 2, 0, "the value, then the list"},
    {append, "append", "[e] e -> [e]", nullptr, 2, 0, "the list, then the value"},
    {concat, "concat", "[e] [e] -> [e]", nullptr, 2, 0, "one list after the other"},
    {reverse, "reverse", "[e] -> [e]", nullptr, 1, 0, "backwards"},
    {sort, "sort", "[i] -> [i]", nullptr, 1, 0, "ascending"},
    {tail, "tail", "[e] -> [e]", nullptr, 1, 0, "without the first element"},
    {init, "init", "[e] -> [e]", nullptr, 1, 0, "without the last element"},
    {take, "take", "[e] i -> [e]", nullptr, 2, 0, "so many from the front; all but so many at the end where negative"},
    {drop, "drop", "[e] i -> [e]", nullptr, 2, 0, "without so many at the front; so many from the end where negative"},
    {range, "range", "i i -> [i]", nullptr, 2, 0, "from the first number up to and without the second"},
    {digits, "digits", "i -> [i]", nullptr, 1, 0, "decimal digits, the highest first, without the sign; [0] of 0"},
    {bits, "bits", "i -> [i]", nullptr, 1, 0, "binary digits, likewise"},
    {unique, "unique", "[e] -> [e]", nullptr, 1, 0, "every value once, by first appearance"},
    {repeat, "repeat", "e i -> [e]", nullptr, 2, 0, "the value so many times"},
    {insert, "insert", "[e] i e -> [e]", nullptr, 3, 0, "with the value put in before the place"},
    {set, "set", "[e] i e -> [e]", nullptr, 3, 0, "with the value in place of the element there"},
    {remove_at, "remove_at", "[e] i -> [e]", nullptr, 2, 0, "without the element there"},
    {swap, "swap", "[e] i i -> [e]", nullptr, 3, 0, "with the elements of two places exchanged"},
    {numbers, "numbers", "[i] -> [i]", nullptr, 1, 0, "the whole numbers that stand in a text, in decimal digits with a - before them or none"},
    {to_text, "to_text", "i -> [i]", nullptr, 1, 0, "a number as a text"},
    {upper, "upper", "[i] -> [i]", nullptr, 1, 0, "a text with capitals in place of the small letters a to z"},
    {lower, "lower", "[i] -> [i]", nullptr, 1, 0, "a text with small letters in place of the capitals A to Z"},
    {pad, "pad", "[e] i e -> [e]", nullptr, 3, 0, "with the value behind it up to that length"},
    {group, "group", "[e] -> [[e]]", nullptr, 1, 0, "runs of equal neighbours"},
    {split, "split", "[e] e -> [[e]]", nullptr, 2, 0, "the pieces between the places of the value"},
    {prefixes, "prefixes", "[e] -> [[e]]", nullptr, 1, 0, "its first element, its first two, ... and itself"},
    {flatten, "flatten", "[[e]] -> [e]", nullptr, 1, 0, "the lists one after the other"},
    {join, "join", "[[e]] e -> [e]", nullptr, 2, 0, "the lists one after the other with the value between them"},
    {windows, "windows", "[e] i -> [[e]]", nullptr, 2, 0, "all runs of so many neighbours"},
    {chunks, "chunks", "[e] i -> [[e]]", nullptr, 2, 0, "cut into pieces of that length"},
    {transpose, "transpose", "[[e]] -> [[e]]", nullptr, 1, 0,
     "the first elements, the second ones, ... up to the shortest list's end"},
    {zip, "zip", "[e] [e] -> [[e]]", nullptr, 2, 0, "pairs of elements at the same place, up to the shorter end"},
    {map, "map", "[e] (e i -> f) -> [f]", nullptr, 1, 2, "the function of every element (and its place)"},
    {filter, "filter", "[e] (e i -> b) -> [e]", nullptr, 1, 2, "the elements for which it is true"},
    {count_if, "count_if", "[e] (e i -> b) -> i", nullptr, 1, 2, "for how many it is true"},
    {any, "any", "[e] (e i -> b) -> b", nullptr, 1, 2, "whether it is true for one"},
    {all, "all", "[e] (e i -> b) -> b", nullptr, 1, 2, "whether it is true for all"},
    {take_while, "take_while", "[e] (e i -> b) -> [e]", nullptr, 1, 2, "up to the first for which it is false"},
    {drop_while, "drop_while", "[e] (e i -> b) -> [e]", nullptr, 1, 2, "from the first for which it is false"},
    {sort_by, "sort_by", "[e] (e i -> i) -> [e]", nullptr, 1, 2, "by the function's value, equals in their order"},
    {max_by, "max_by", "[e] (e i -> i) -> e", nullptr, 1, 2,
     "the first element with the largest value of the function; 0 or [] of an empty list"},
    {min_by, "min_by", "[e] (e i -> i) -> e", nullptr, 1, 2,
     "the first element with the smallest value of the function; 0 or [] of an empty list"},
    {flat_map, "flat_map", "[e] (e i -> [f]) -> [f]", nullptr, 1, 2, "the function's lists one after the other"},
    {cancel, "cancel", "[e] (e e -> b) -> [e]", nullptr, 1, 2,
     "without neighbours for which it is true, and again without those that become neighbours"},
    {zip_with, "zip_with", "[e] [f] (e f i -> s) -> [s]", nullptr, 2, 3,
     "the function of the elements at the same place, up to the shorter end"},
    {pairwise, "pairwise", "[e] (e e i -> f) -> [f]", nullptr, 1, 3, "the function of every two neighbours"},
    {fold, "fold", "[e] s (s e i -> s) -> s", nullptr, 2, 3,
     "the state after the last element: a start, then the function of state and element"},
    {scan, "scan", "[e] s (s e i -> s) -> [s]", nullptr, 2, 3, "the state after every element"},
    {accumulate, "accumulate", "[e] (e e i -> e) -> [e]", nullptr, 1, 3,
     "the state after every element, where the first element is the start"},
    {iterate, "iterate", "i s (s i -> s) -> s", nullptr, 2, 2, "the function so many times, from a start"},
}};

} // namespace

const OperatorFacts& facts(Operator op) { return table[static_cast<std::size_t>(op)]; }

std::span<const OperatorFacts> all_operators() { return table; }

std::optional<Operator> operator_named(std::string_view name) {
    for (const OperatorFacts& each : table)
        if (each.name == name && each.op > condition) return each.op;
    return std::nullopt;
}

} // namespace ropewalk::functional
