#include "ropewalk/programs/synthesis/grammar.hpp"

#include <algorithm>

namespace ropewalk::synthesis {

namespace {

using enum Operator;
constexpr Slot I = Slot::number, B = Slot::truth, L = Slot::list, LL = Slot::nested;

const std::vector<Production>& all_productions() {
    static const std::vector<Production> table{
        {add, 3, I, 2, {I, I}, true, 1},
        {subtract, 3, I, 2, {I, I}, false, 1},
        {multiply, 3, I, 2, {I, I}, true, 1},
        {remainder, 4, I, 2, {I, I}, false, 1},
        {divide, 4, I, 2, {I, I}, false, 1},
        {negate, 4, I, 1, {I}, false, 1},
        {absolute, 4, I, 1, {I}, false, 1},
        {minimum_of, 4, I, 2, {I, I}, true, 1},
        {maximum_of, 4, I, 2, {I, I}, true, 1},
        {common_divisor, 6, I, 2, {I, I}, true, 1},
        {from_truth, 3, I, 1, {B}},
        {condition, 6, I, 3, {B, I, I}},
        {condition, 7, L, 3, {B, L, L}},
        {less, 3, B, 2, {I, I}},
        {at_most, 4, B, 2, {I, I}},
        {equal, 3, B, 2, {I, I}, true},
        {equal, 5, B, 2, {L, L}, true},
        {not_equal, 4, B, 2, {I, I}, true},
        {negation, 3, B, 1, {B}},
        {both, 4, B, 2, {B, B}, true},
        {either, 4, B, 2, {B, B}, true},
        {even, 4, B, 1, {I}},
        {odd, 4, B, 1, {I}},
        {length, 4, I, 1, {L}},
        {length, 5, I, 1, {LL}},
        {first, 3, I, 1, {L}},
        {first, 4, L, 1, {LL}},
        {last, 3, I, 1, {L}},
        {last, 4, L, 1, {LL}},
        {get, 4, I, 2, {L, I}},
        {get, 5, L, 2, {LL, I}},
        {sum, 3, I, 1, {L}},
        {product, 4, I, 1, {L}},
        {maximum, 3, I, 1, {L}},
        {minimum, 3, I, 1, {L}},
        {from_digits, 6, I, 1, {L}},
        {count, 4, I, 2, {L, I}},
        {index, 4, I, 2, {L, I}},
        {contains, 4, B, 2, {L, I}},
        {prepend, 4, L, 2, {L, I}},
        {append, 4, L, 2, {L, I}},
        {concat, 4, L, 2, {L, L}},
        {reverse, 3, L, 1, {L}},
        {sort, 3, L, 1, {L}},
        {tail, 3, L, 1, {L}},
        {init, 4, L, 1, {L}},
        {take, 4, L, 2, {L, I}},
        {drop, 4, L, 2, {L, I}},
        {range, 5, L, 2, {I, I}},
        {digits, 5, L, 1, {I}},
        {bits, 6, L, 1, {I}},
        {unique, 4, L, 1, {L}},
        {repeat, 5, L, 2, {I, I}},
        {list, 4, L, 1, {I}},
        {list, 5, L, 2, {I, I}, false, 2},
        {insert, 6, L, 3, {L, I, I}},
        {set, 6, L, 3, {L, I, I}},
        {remove_at, 5, L, 2, {L, I}},
        {swap, 7, L, 3, {L, I, I}},
        {pad, 7, L, 3, {L, I, I}},
        {group, 5, LL, 1, {L}},
        {split, 6, LL, 2, {L, I}},
        {prefixes, 5, LL, 1, {L}},
        {flatten, 4, L, 1, {LL}},
        {join, 6, L, 2, {LL, I}},
        {windows, 6, LL, 2, {L, I}},
        {chunks, 6, LL, 2, {L, I}},
        {transpose, 6, LL, 1, {LL}},
        {zip, 6, LL, 2, {L, L}},
        {reverse, 5, LL, 1, {LL}},
        {tail, 5, LL, 1, {LL}},
        {init, 5, LL, 1, {LL}},
        {take, 6, LL, 2, {LL, I}},
        {drop, 6, LL, 2, {LL, I}},
    };
    return table;
}

/// Operators that only make sense on texts.
const std::vector<Production>& productions_of_texts() {
    static const std::vector<Production> table{
        {numbers, 5, L, 1, {L}}, {to_text, 5, L, 1, {I}}, {upper, 5, L, 1, {L}}, {lower, 5, L, 1, {L}}};
    return table;
}

/// What nobody means to do with the numbers of characters, and what hardly anybody does.
void make_arithmetic_dear(std::vector<Production>& productions) {
    constexpr int absurd = 4, unusual = 2;
    for (Production& each : productions) {
        const Operator op = each.op;
        if (op == sum || op == product || op == from_digits) each.cost += absurd;
        if (op == subtract || op == multiply || op == divide || op == remainder || op == negate || op == common_divisor || op == even || op == odd ||
            op == digits || op == bits || op == maximum || op == minimum)
            each.cost += unusual;
    }
}

const std::vector<FunctionProduction>& all_over_elements() {
    static const std::vector<FunctionProduction> table{
        {map, 3, L, I, L},        {filter, 3, L, B, L},     {count_if, 4, L, B, I},   {any, 6, L, B, B},
        {all, 6, L, B, B},        {take_while, 5, L, B, L}, {drop_while, 5, L, B, L}, {sort_by, 6, L, I, L},
        {max_by, 6, L, I, I},     {min_by, 6, L, I, I},     {max_by, 6, LL, I, L},    {min_by, 6, LL, I, L},
        {flat_map, 5, L, L, L},   {map, 6, L, L, LL},       {map, 4, LL, I, L},       {filter, 5, LL, B, LL},
        {count_if, 6, LL, B, I},  {any, 7, LL, B, B},       {all, 7, LL, B, B},       {sort_by, 6, LL, I, LL},  {flat_map, 5, LL, L, L},  {map, 6, LL, L, LL},
    };
    return table;
}

const std::vector<FunctionProduction>& all_over_pairs() {
    static const std::vector<FunctionProduction> table{{zip_with, 4, L, I, L}, {pairwise, 5, L, I, L}};
    return table;
}

const std::vector<FunctionProduction>& all_with_state() {
    static const std::vector<FunctionProduction> table{
        {fold, 6, L, I, I}, {scan, 6, L, I, L}, {accumulate, 5, L, I, L}, {fold, 7, L, L, L}};
    return table;
}

template<class Row>
std::vector<Row> without_named(const std::vector<Row>& rows, const std::vector<std::string>& without) {
    std::vector<Row> kept;
    for (const Row& row : rows)
        if (std::find(without.begin(), without.end(), functional::facts(row.op).name) == without.end())
            kept.push_back(row);
    return kept;
}

} // namespace

Slot slot_of(values::Type type) {
    if (type.depth > 0) return type.depth == 1 ? L : LL;
    return type.kind == values::Kind::boolean ? B : I;
}

int Grammar::constant(std::int64_t number, bool seen) {
    if (number >= 0 && number <= 2) return 3;
    if (number >= -1 && number <= 10) return number <= 3 ? 4 : 5;
    const bool round = number % 10 == 0 && number <= 100 && number > 0;
    if (round) return seen ? 6 : 7;
    return seen ? 7 : 9;
}

bool Grammar::allows(Operator op) const { return std::find(without.begin(), without.end(), op) == without.end(); }

Grammar make_grammar(const std::vector<std::string>& without, Values values) {
    std::vector<Operator> operators;
    for (const std::string& name : without)
        if (const auto op = functional::operator_named(name)) operators.push_back(*op);
    auto productions = without_named(all_productions(), without);
    if (values != Values::numbers)
        for (const Production& each : without_named(productions_of_texts(), without)) productions.push_back(each);
    if (values == Values::texts) make_arithmetic_dear(productions);
    for (Production& each : productions) {
        if (each.op == list || functional::builds_a_list(each.op))
            each.lists = Production::Lists::built;
        else if (each.op >= group && each.op <= zip)
            each.lists = Production::Lists::nested;
    }
    return {.productions = std::move(productions),
            .over_elements = without_named(all_over_elements(), without),
            .over_pairs = without_named(all_over_pairs(), without),
            .with_state = without_named(all_with_state(), without),
            .without = std::move(operators)};
}

} // namespace ropewalk::synthesis
