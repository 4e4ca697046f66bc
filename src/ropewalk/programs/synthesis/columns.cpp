#include "ropewalk/programs/synthesis/columns.hpp"

namespace ropewalk::synthesis {

namespace {

using values::undefined;

template<class Function>
bool each_row(const Word* a, const Word* b, std::size_t rows, Word* result, Function function) {
    for (std::size_t row = 0; row < rows; ++row) result[row] = function(a[row], b[row]);
    return true;
}

/// The same for functions that may overflow: they return false then.
template<class Function>
bool each_row_checked(const Word* a, const Word* b, std::size_t rows, Word* result, Function overflows) {
    bool wrong = false;
    for (std::size_t row = 0; row < rows; ++row) {
        wrong |= overflows(a[row], b[row], &result[row]);
        wrong |= result[row] == undefined;
    }
    return !wrong;
}

bool list_column(Operator op, int arity, const Word* const* arguments, std::size_t rows, values::Lists& lists,
                 Word* result) {
    Word values[3];
    for (std::size_t row = 0; row < rows; ++row) {
        for (int i = 0; i < arity; ++i) values[i] = arguments[i][row];
        result[row] = op == Operator::list ? lists.intern({values, static_cast<std::size_t>(arity)})
                                           : functional::apply(op, values, lists);
        if (result[row] == undefined) return false;
    }
    return true;
}

} // namespace

bool compute_column(Operator op, int arity, const Word* const* arguments, std::size_t rows, values::Lists& lists,
                    Word* result) {
    using enum Operator;
    const Word* a = arguments[0];
    const Word* b = arity > 1 ? arguments[1] : a;
    const auto plain = [&](auto function) { return each_row(a, b, rows, result, function); };
    const auto checked = [&](auto function) { return each_row_checked(a, b, rows, result, function); };
    switch (op) {
    case add: return checked([](Word x, Word y, Word* to) { return __builtin_add_overflow(x, y, to); });
    case subtract: return checked([](Word x, Word y, Word* to) { return __builtin_sub_overflow(x, y, to); });
    case multiply: return checked([](Word x, Word y, Word* to) { return __builtin_mul_overflow(x, y, to); });
    case negate: return plain([](Word x, Word) { return -x; });
    case absolute: return plain([](Word x, Word) { return x < 0 ? -x : x; });
    case minimum_of: return plain([](Word x, Word y) { return x < y ? x : y; });
    case maximum_of: return plain([](Word x, Word y) { return x < y ? y : x; });
    case less: return plain([](Word x, Word y) -> Word { return x < y; });
    case at_most: return plain([](Word x, Word y) -> Word { return x <= y; });
    case equal: return plain([](Word x, Word y) -> Word { return x == y; });
    case not_equal: return plain([](Word x, Word y) -> Word { return x != y; });
    case negation: return plain([](Word x, Word) { return 1 - x; });
    case both: return plain([](Word x, Word y) { return x & y; });
    case either: return plain([](Word x, Word y) { return x | y; });
    case even: return plain([](Word x, Word) { return (x & 1) ^ 1; });
    case odd: return plain([](Word x, Word) { return x & 1; });
    case from_truth: return plain([](Word x, Word) { return x; });
    default: return list_column(op, arity, arguments, rows, lists, result);
    }
}

} // namespace ropewalk::synthesis
