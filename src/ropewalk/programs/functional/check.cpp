#include "ropewalk/programs/functional/check.hpp"

#include <array>

#include <fmt/format.h>

#include "ropewalk/programs/functional/signature.hpp"

namespace ropewalk::functional {

namespace {

using values::Kind;
using values::Type;

/// A type as far as it is known: the empty list is open below, and so is what nothing says anything about.
struct Known {
    Type type;
    bool open = false;
};

/// Lists of truth values that are given or asked for are lists of 0 and 1.
Type listed(Type type) {
    if (type.kind == Kind::boolean && type.depth > 0) type.kind = Kind::integer;
    return type;
}

std::string to_string(const Known& known) {
    if (!known.open) return values::to_string(known.type);
    const auto brackets = static_cast<std::size_t>(known.type.depth);
    return std::string(brackets, '[') + "?" + std::string(brackets, ']');
}

std::optional<Known> merged(const Known& a, const Known& b) {
    if (a.open && a.type.depth <= b.type.depth) return b;
    if (b.open && b.type.depth <= a.type.depth) return a;
    if (a.open || b.open || !values::accepts(a.type, b.type)) return std::nullopt;
    return a.type.kind == b.type.kind ? a : Known{{Kind::integer, a.type.depth}};
}

class Checker {
public:
    explicit Checker(const Program& program) {
        for (const Parameter& each : program.parameters) variables_.push_back({listed(each.type)});
    }

    std::optional<Known> type_of(const Expression& expression) {
        const auto known = found_type(expression);
        if (known) types[&expression] = known->type;
        return known;
    }

    std::optional<Known> wrong(const Expression& at, std::string found, std::string expected) {
        if (!error) error = TypeError{std::move(found), std::move(expected), at.place};
        return std::nullopt;
    }

    std::optional<TypeError> error;
    std::unordered_map<const Expression*, Type> types;

private:
    using Bindings = std::array<std::optional<Known>, 128>;

    std::optional<Known> found_type(const Expression& expression) {
        using enum Operator;
        switch (expression.op) {
        case variable:
            if (expression.number < 0 || expression.number >= static_cast<std::int64_t>(variables_.size()))
                return wrong(expression, fmt::format("variable {}", expression.number),
                             fmt::format("one of {}", variables_.size()));
            return variables_[static_cast<std::size_t>(expression.number)];
        case number: return Known{};
        case truth: return Known{{Kind::boolean, 0}};
        case list: return type_of_list(expression);
        default: return type_of_call(expression);
        }
    }

    std::optional<Known> type_of_list(const Expression& expression) {
        Known element{{Kind::integer, 0}, true};
        for (const Expression& each : expression.arguments) {
            const auto type = type_of(each);
            if (!type) return type;
            const auto both = merged(element, *type);
            if (!both) return wrong(each, "a list with " + to_string(element) + " and " + to_string(*type), "one type");
            element = *both;
        }
        return Known{element.type.list(), element.open};
    }

    /// Binds the pattern's letter so that the pattern means this type; false where it cannot.
    static bool bind(const Pattern& pattern, const Known& known, Bindings& bindings) {
        Known inside = known;
        inside.type.depth -= pattern.depth;
        if (inside.type.depth < 0 && !inside.open) return false;
        if (inside.type.depth < 0) inside = {{Kind::integer, 0}, true};
        if (pattern.letter == 'i' || pattern.letter == 'b')
            return merged(inside, {{pattern.letter == 'b' ? Kind::boolean : Kind::integer, 0}}).has_value();
        auto& bound = bindings[static_cast<std::size_t>(pattern.letter)];
        const auto both = bound ? merged(*bound, inside) : inside;
        if (both) bound = both;
        return both.has_value();
    }

    static Known meaning(const Pattern& pattern, const Bindings& bindings) {
        Known known{{Kind::integer, 0}, true};
        if (pattern.letter == 'i' || pattern.letter == 'b')
            known = {{pattern.letter == 'b' ? Kind::boolean : Kind::integer, 0}};
        else if (const auto& bound = bindings[static_cast<std::size_t>(pattern.letter)])
            known = *bound;
        known.type.depth += pattern.depth;
        return known;
    }

    static std::string wanted(const Pattern& pattern, const Bindings& bindings) {
        const std::string text = to_string(meaning(pattern, bindings));
        return text == "?" ? "any type" : text == "[?]" ? "a list" : text == "[[?]]" ? "a list of lists" : text;
    }

    std::optional<Known> type_of_call(const Expression& expression) {
        const OperatorFacts& row = facts(expression.op);
        const Signature signature = signature_of(expression.op);
        const std::size_t count = signature.arguments.size() + (row.parameters > 0 ? 1 : 0);
        if (expression.arguments.size() != count)
            return wrong(expression, fmt::format("{} arguments of {}", expression.arguments.size(), row.name),
                         fmt::format("{}", count));
        Bindings bindings;
        std::vector<bool> open;
        for (std::size_t i = 0; i < signature.arguments.size(); ++i) {
            const Expression& argument = expression.arguments[i];
            const auto type = type_of(argument);
            if (!type) return type;
            open.push_back(type->open);
            const Bindings before = bindings;
            if (!bind(signature.arguments[i], *type, bindings))
                return wrong(argument, fmt::format("{} as argument {} of {}", to_string(*type), i + 1, row.name),
                             wanted(signature.arguments[i], before));
        }
        if (row.parameters > 0 && !check_function(expression, signature, bindings)) return std::nullopt;
        // What was open is now what the operator takes.
        for (std::size_t i = 0; i < open.size(); ++i)
            if (open[i]) types[&expression.arguments[i]] = meaning(signature.arguments[i], bindings).type;
        return meaning(signature.result, bindings);
    }

    bool check_function(const Expression& expression, const Signature& signature, Bindings& bindings) {
        const Expression& body = expression.arguments.back();
        // Twice, as the body may say what the start left open.
        for (int round = 0; round < 2; ++round) {
            const std::size_t outside = variables_.size();
            for (const Pattern& each : signature.parameters) variables_.push_back(meaning(each, bindings));
            const auto type = type_of(body);
            variables_.resize(outside);
            if (!type) return false;
            const Bindings before = bindings;
            if (!bind(signature.body, *type, bindings)) {
                wrong(body, fmt::format("{} as value of the function of {}", to_string(*type), facts(expression.op).name),
                      wanted(signature.body, before));
                return false;
            }
        }
        return true;
    }

    std::vector<Known> variables_;
};

} // namespace

std::optional<TypeError> check(const Program& program) {
    Checker checker(program);
    const auto type = checker.type_of(program.body);
    if (!type) return checker.error;
    if (!merged(*type, {program.result}) && !merged({listed(type->type), type->open}, {listed(program.result)}))
        checker.wrong(program.body, to_string(*type) + " as value of the program", values::to_string(program.result));
    return checker.error;
}

std::unordered_map<const Expression*, values::Type> types_of(const Program& program) {
    Checker checker(program);
    const auto known = checker.type_of(program.body);
    if (known && known->open) checker.types[&program.body] = program.result;
    return std::move(checker.types);
}

} // namespace ropewalk::functional
