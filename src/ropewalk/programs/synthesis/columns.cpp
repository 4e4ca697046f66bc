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

/// Row by row, where lists are stored only by operators that build them.
bool stored_column(Operator op, int arity, const Word* const* arguments, std::size_t rows, values::Lists& lists, Word* result) {
    Word values[3];
    for (std::size_t row = 0; row < rows; ++row) {
        for (int i = 0; i < arity; ++i) values[i] = arguments[i][row];
        result[row] = op == Operator::list ? lists.intern({values, static_cast<std::size_t>(arity)})
                                           : functional::apply(op, values, lists);
        if (result[row] == undefined) return false;
    }
    return true;
}

bool plain_column(Operator op, int arity, const Word* const* arguments, std::size_t rows, const values::Lists& lists, Word* result) {
    Word values[3];
    for (std::size_t row = 0; row < rows; ++row) {
        for (int i = 0; i < arity; ++i) values[i] = arguments[i][row];
        result[row] = functional::value_of(op, values, lists);
        if (result[row] == undefined) return false;
    }
    return true;
}

/// Operators on numbers and truth values, and those of lists that give an element or a number.
bool column_without_lists(Operator op, int arity, const Word* const* arguments, std::size_t rows, const values::Lists& lists,
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
    default: return plain_column(op, arity, arguments, rows, lists, result);
    }
}

std::optional<std::uint64_t> hash_of_built(const Production& production, const Word* const* arguments, std::size_t rows,
                                           const values::Lists& lists, std::uint64_t* lists_of_rows) {
    thread_local std::vector<Word> room;
    ColumnHash hash(production.result);
    Word values[3];
    for (std::size_t row = 0; row < rows; ++row) {
        for (int i = 0; i < production.arity; ++i) values[i] = arguments[i][row];
        const auto built = built_list(production.op, production.arity, values, lists, room);
        if (!built) return std::nullopt;
        const std::uint64_t of_list = values::hash_of(*built);
        if (lists_of_rows) lists_of_rows[row] = of_list;
        hash.add(of_list);
    }
    return hash.value();
}

} // namespace

std::optional<std::span<const Word>> built_list(Operator op, int arity, const Word* arguments, const values::Lists& lists,
                                                std::vector<Word>& room) {
    if (op == Operator::list) return std::span(arguments, static_cast<std::size_t>(arity));
    auto built = functional::elements_of(op, arguments, lists, room);
    if (built && built->size() > lists.longest()) return std::nullopt;
    return built;
}

std::optional<std::uint64_t> hash_column(const Production& production, const Word* const* arguments, std::size_t rows,
                                         const values::Lists& lists, std::uint64_t* lists_of_rows) {
    if (production.lists == Production::Lists::built) return hash_of_built(production, arguments, rows, lists, lists_of_rows);
    thread_local std::vector<Word> column;
    column.resize(rows);
    if (!column_without_lists(production.op, production.arity, arguments, rows, lists, column.data())) return std::nullopt;
    return column_hash(production.result, column, lists);
}

bool compute_column(Operator op, int arity, const Word* const* arguments, std::size_t rows, values::Lists& lists,
                    Word* result) {
    const bool stores = op == Operator::list || (op > Operator::contains && op != Operator::condition);
    return stores ? stored_column(op, arity, arguments, rows, lists, result)
                  : column_without_lists(op, arity, arguments, rows, lists, result);
}

} // namespace ropewalk::synthesis
