// The one table of how operators are written, for parser and printer.
#pragma once

#include <array>
#include <string_view>

#include "ropewalk/programs/language/syntax.hpp"

namespace ropewalk::language {

/// How tightly an operator binds its operands, from loose to tight; `atom` needs no parentheses anywhere.
enum class Binding { either, both, negation, comparison, sum, product, atom };

struct OperatorText {
    Operator operation;
    std::string_view text;
    /// `atom`: written like a function, `min(a, b)`.
    Binding binding;
};

constexpr std::array<OperatorText, 18> operator_texts{{
    {Operator::add, "+", Binding::sum},
    {Operator::subtract, "-", Binding::sum},
    {Operator::multiply, "*", Binding::product},
    {Operator::divide, "/", Binding::product},
    {Operator::remainder, "%", Binding::product},
    {Operator::minimum, "min", Binding::atom},
    {Operator::maximum, "max", Binding::atom},
    {Operator::equal_value, "eq", Binding::atom},
    {Operator::less_value, "lt", Binding::atom},
    {Operator::equal, "==", Binding::comparison},
    {Operator::not_equal, "!=", Binding::comparison},
    {Operator::less, "<", Binding::comparison},
    {Operator::less_or_equal, "<=", Binding::comparison},
    {Operator::greater, ">", Binding::comparison},
    {Operator::greater_or_equal, ">=", Binding::comparison},
    {Operator::both, "and", Binding::both},
    {Operator::either, "or", Binding::either},
    {Operator::negation, "not", Binding::negation},
}};

static_assert(
    [] {
        for (std::size_t i = 0; i < operator_texts.size(); ++i)
            if (static_cast<std::size_t>(operator_texts[i].operation) != i) return false;
        return true;
    }(),
    "rows stand in the order of Operator");

constexpr const OperatorText& text_of(Operator operation) {
    return operator_texts[static_cast<std::size_t>(operation)];
}

/// The row that is written like this and binds like this, or null.
constexpr const OperatorText* find_operator(std::string_view text, Binding binding) {
    for (const OperatorText& row : operator_texts)
        if (row.text == text && row.binding == binding) return &row;
    return nullptr;
}

} // namespace ropewalk::language
