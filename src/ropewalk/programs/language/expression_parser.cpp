#include "ropewalk/programs/language/expression_parser.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ropewalk/programs/language/words.hpp"

namespace ropewalk::language {

namespace {

/// Trees are copied, compared and printed recursively, so their nesting is bounded.
constexpr int deepest_expression = 200;

/// What calls may grow to once functions are written out: nested and in nodes, in one expression and in all.
constexpr long deepest_expansion = 1000, largest_expansion = 10'000, largest_total_expansion = 200'000;

constexpr int largest_number = 1'000'000;

template<class Names>
std::vector<std::string> for_suggestion(const Names& names) {
    constexpr std::size_t longest = 64, most = 1000;
    std::vector<std::string> candidates;
    for (const auto& name : names)
        if (name.size() <= longest && candidates.size() < most) candidates.emplace_back(name);
    return candidates;
}

} // namespace

// From loose to tight.

void ExpressionParser::error(const Parsed& part, std::string found, std::string expected) {
    error_at(part.start, part.end - part.start, std::move(found), std::move(expected));
}

Maybe ExpressionParser::typed(Type wanted) {
    calls_ = false;
    Maybe parsed = either();
    if (!parsed) return std::nullopt;
    // What is wrong with `if x = 1` is the sign.
    if (!(wanted == Type::condition && at("="))) need_type(*parsed, wanted);
    if (calls_ && !expansion_fits(*parsed)) return std::nullopt;
    return parsed;
}

void ExpressionParser::need_type(const Parsed& part, Type wanted) {
    if (part.type == wanted) return;
    if (wanted == Type::value)
        error(part, "a condition", "a value; eq(a, b) and lt(a, b) are 1 or 0");
    else
        error(part, "a value", "a condition such as x != 0");
}

bool ExpressionParser::expansion_fits(const Parsed& part) {
    const Expansion expansion = expansions_.measure(part.expression);
    total_expansion_ += expansion.nodes;
    if (expansion.nodes <= largest_expansion && expansion.depth <= deepest_expansion &&
        total_expansion_ <= largest_total_expansion)
        return true;
    error(part, "calls that are too large once functions are written out",
          fmt::format("at most {} nodes, {} deep, and {} in the whole program", largest_expansion,
                      deepest_expansion, largest_total_expansion));
    return false;
}

Maybe ExpressionParser::combined(Operator operation, std::vector<Parsed> parts, Type type, int start) {
    Parsed result{.type = type, .start = start, .end = end_of_previous()};
    result.expression.kind = ExpressionKind::operation;
    result.expression.operation = operation;
    for (Parsed& part : parts) {
        result.depth = std::max(result.depth, part.depth + 1);
        result.expression.operands.push_back(std::move(part.expression));
    }
    return bounded(std::move(result));
}

Maybe ExpressionParser::bounded(Parsed part) {
    if (part.depth <= deepest_expression) return part;
    too_deep(part.start);
    return std::nullopt;
}

void ExpressionParser::too_deep(int column) {
    error_at(column, 1, fmt::format("an expression nested more than {} deep", deepest_expression),
             "a shallower one; an intermediate result can be a variable");
}

template<class Tighter>
Maybe ExpressionParser::chain(Binding binding, Type type, const Tighter& tighter) {
    Maybe left = tighter();
    while (left && !at_end_of_line()) {
        const OperatorText* row = find_operator(here().text, binding);
        if (row == nullptr) break;
        ++at_;
        Maybe right = tighter();
        if (!right) return std::nullopt;
        need_type(*left, type);
        need_type(*right, type);
        const int start = left->start;
        std::vector<Parsed> parts;
        parts.push_back(std::move(*left));
        parts.push_back(std::move(*right));
        left = combined(row->operation, std::move(parts), type, start);
    }
    return left;
}

Maybe ExpressionParser::either() {
    return chain(Binding::either, Type::condition,
                 [this] { return chain(Binding::both, Type::condition, [this] { return negated(); }); });
}

Maybe ExpressionParser::negated() {
    if (!at("not")) return comparison();
    const int start = here().column;
    ++at_;
    Maybe operand = nested(start, [this] { return negated(); });
    if (!operand) return std::nullopt;
    need_type(*operand, Type::condition);
    std::vector<Parsed> parts;
    parts.push_back(std::move(*operand));
    return combined(Operator::negation, std::move(parts), Type::condition, start);
}

Maybe ExpressionParser::comparison() {
    Maybe left = sum();
    if (!left || at_end_of_line()) return left;
    const OperatorText* row = find_operator(here().text, Binding::comparison);
    if (row == nullptr) return left;
    ++at_;
    Maybe right = sum();
    if (!right) return std::nullopt;
    need_type(*left, Type::value);
    need_type(*right, Type::value);
    if (!at_end_of_line() && find_operator(here().text, Binding::comparison) != nullptr) {
        error(here(), fmt::format("a second comparison '{}'", here().text), "'and' between two comparisons");
        return std::nullopt;
    }
    const int start = left->start;
    std::vector<Parsed> parts;
    parts.push_back(std::move(*left));
    parts.push_back(std::move(*right));
    return combined(row->operation, std::move(parts), Type::condition, start);
}

Maybe ExpressionParser::sum() {
    return chain(Binding::sum, Type::value,
                 [this] { return chain(Binding::product, Type::value, [this] { return atom(); }); });
}

template<class Rule>
Maybe ExpressionParser::nested(int column, const Rule& rule) {
    if (nesting_ >= deepest_expression) {
        too_deep(column);
        return std::nullopt;
    }
    ++nesting_;
    Maybe parsed = rule();
    --nesting_;
    return parsed;
}

Maybe ExpressionParser::atom() {
    if (at_end_of_line() || here().kind == TokenKind::unknown) {
        unexpected("a value");
        return std::nullopt;
    }
    if (here().kind == TokenKind::number) return number();
    if (at("(")) return parenthesised();
    if (at("?")) return hole_in_value();
    if (at("M")) return memory_cell();
    if (take("n")) return leaf(size());
    if (here().kind != TokenKind::name) {
        unexpected(at("-") ? "a value; a difference such as 0 - 1 for a negative number" : "a value");
        return std::nullopt;
    }
    if (behind("(") && !contains(other_keywords, here().text)) return call_or_operator();
    if (is_reserved(here().text)) {
        const bool like_function = contains(operator_functions, here().text);
        error(here(), base::quoted(here().text),
              like_function ? fmt::format("'(' and values behind '{}'", here().text) : "a value");
        return std::nullopt;
    }
    const Token& name = here();
    ++at_;
    known_variable(name);
    return leaf(variable(std::string(name.text)));
}

Maybe ExpressionParser::leaf(Expression expression) {
    const Token& token = tokens()[at_ - 1];
    return Parsed{.expression = std::move(expression),
                  .start = token.column,
                  .end = token.column + static_cast<int>(token.text.size())};
}

Maybe ExpressionParser::number() {
    const Token& token = here();
    ++at_;
    const auto value = base::whole_number<int>(token.text);
    const bool fits = value && *value <= largest_number;
    if (!fits)
        error(token, "number " + base::quoted(token.text),
              fmt::format("a number from 0 to {}", largest_number));
    return leaf(constant(fits ? *value : 0));
}

Maybe ExpressionParser::parenthesised() {
    const int start = here().column;
    ++at_;
    Maybe inside = nested(start, [this] { return either(); });
    if (!inside || !need(")", "an operator or ')'")) return std::nullopt;
    inside->start = start;
    inside->end = end_of_previous();
    return inside;
}

Maybe ExpressionParser::memory_cell() {
    const int start = here().column;
    ++at_;
    if (!need("[", "'[' and an address behind 'M'")) return std::nullopt;
    Maybe address = nested(start, [this] { return either(); });
    if (!address) return std::nullopt;
    need_type(*address, Type::value);
    if (!need("]", "an operator or ']'")) return std::nullopt;
    return bounded({.expression = load(std::move(address->expression)),
                    .depth = address->depth + 1,
                    .start = start,
                    .end = end_of_previous()});
}

void ExpressionParser::known_variable(const Token& name) {
    if (names_.parameters != nullptr) {
        if (contains(*names_.parameters, name.text)) return;
        error(name, fmt::format("{}, which is no parameter", base::quoted(name.text)),
              "a parameter of the function" + suggestion(name.text, *names_.parameters));
        return;
    }
    if (names_.assigned.contains(name.text) || names_.reported.contains(name.text)) return;
    if (names_.functions.contains(name.text)) {
        error(name, fmt::format("the function {}", base::quoted(name.text)), "its arguments behind it");
        return;
    }
    error(name, fmt::format("variable {} before it has a value", base::quoted(name.text)),
          "a variable that is assigned above" + suggestion(name.text, for_suggestion(names_.assigned)));
    names_.reported.insert(std::string(name.text));
}

std::optional<std::vector<Parsed>> ExpressionParser::arguments(int start) {
    std::vector<Parsed> parts;
    if (take(")")) return parts;
    do {
        Maybe part = nested(start, [this] { return either(); });
        if (!part) return std::nullopt;
        need_type(*part, Type::value);
        parts.push_back(std::move(*part));
    } while (take(","));
    if (!need(")", "an operator, ',' or ')'")) return std::nullopt;
    return parts;
}

Maybe ExpressionParser::call_or_operator() {
    const Token& name = here();
    at_ += 2;
    auto parts = arguments(name.column);
    if (!parts) return std::nullopt;
    const bool step = name.text == "inc" || name.text == "dec";
    const OperatorText* row = find_operator(name.text, Binding::atom);
    const auto function = names_.functions.find(name.text);
    if (!step && row == nullptr && function == names_.functions.end()) {
        unknown_function(name);
        return std::nullopt;
    }
    const std::size_t wanted = step ? 1 : row != nullptr ? 2 : function->second;
    if (parts->size() != wanted) {
        error(name, counted(parts->size(), "argument") + " of " + base::quoted(name.text),
              counted(wanted, "argument"));
        return std::nullopt;
    }
    if (step) {
        parts->push_back({.expression = constant(1)});
        return combined(name.text == "inc" ? Operator::add : Operator::subtract, std::move(*parts),
                        Type::value, name.column);
    }
    if (row != nullptr) return combined(row->operation, std::move(*parts), Type::value, name.column);
    calls_ = true;
    return with_arguments({.kind = ExpressionKind::call, .name = std::string(name.text)}, std::move(*parts),
                          Type::value, name.column);
}

void ExpressionParser::unknown_function(const Token& name) {
    if (name.text == names_.function_being_read)
        error(name, fmt::format("function {} inside itself", base::quoted(name.text)),
              "a function defined above; repetition is for loops");
    else
        error(name, "unknown function " + base::quoted(name.text),
              "min, max, eq, lt, inc, dec or a function defined above" +
                  suggestion(name.text, for_suggestion(function_names())));
}

std::vector<std::string> ExpressionParser::function_names() const {
    std::vector<std::string> names = operator_functions;
    for (const auto& entry : names_.functions) names.push_back(entry.first);
    return names;
}

Maybe ExpressionParser::with_arguments(Expression expression, std::vector<Parsed> parts, Type type,
                                       int start) {
    Parsed result{
        .expression = std::move(expression), .type = type, .start = start, .end = end_of_previous()};
    for (Parsed& part : parts) {
        result.depth = std::max(result.depth, part.depth + 1);
        result.expression.operands.push_back(std::move(part.expression));
    }
    return bounded(std::move(result));
}

Maybe ExpressionParser::hole_in_value() {
    if (!options_.holes) {
        error(here(), "a hole", "a value; holes stand in sketches only");
        return std::nullopt;
    }
    Maybe open = hole();
    if (open && open->expression.hole_kind == "range") {
        error(*open, "a hole of the kind 'range'", "a value; it stands behind 'in' only");
        return std::nullopt;
    }
    return open;
}

Maybe ExpressionParser::hole() {
    const int start = here().column;
    ++at_;
    Expression open{.kind = ExpressionKind::hole};
    if (!word(open.hole_kind, "the kind of the hole, as in ?value.f(x)")) return std::nullopt;
    if (!need(".", "'.' and the name of the hole")) return std::nullopt;
    if (!word(open.name, "the name of the hole")) return std::nullopt;
    const Type type = open.hole_kind == "test" ? Type::condition : Type::value;
    std::vector<Parsed> parts;
    if (take("(")) {
        auto read = arguments(start);
        if (!read) return std::nullopt;
        parts = std::move(*read);
    }
    return with_arguments(std::move(open), std::move(parts), type, start);
}

bool ExpressionParser::word(std::string& into, const std::string& expected) {
    if (at_end_of_line() || here().kind != TokenKind::name) {
        unexpected(expected);
        return false;
    }
    into = std::string(here().text);
    ++at_;
    return true;
}

} // namespace ropewalk::language
