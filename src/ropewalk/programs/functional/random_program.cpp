#include "ropewalk/programs/functional/random_program.hpp"

#include <array>

#include "ropewalk/base/random.hpp"

#include "ropewalk/programs/functional/signature.hpp"

namespace ropewalk::functional {

namespace {

using values::Kind;
using values::Type;

class Drawing {
public:
    Drawing(const std::vector<Parameter>& parameters, base::RandomStream& random) : random_(random) {
        for (const Parameter& each : parameters) variables_.push_back(each.type);
    }

    Expression of(Type type, int depth) {
        if (depth <= 0 || random_.below(6) == 0) return leaf(type);
        std::vector<const OperatorFacts*> fitting;
        for (const OperatorFacts& row : all_operators())
            if (row.op > Operator::list && fits(signature_of(row.op).result, type)) fitting.push_back(&row);
        const auto pick = random_.below(static_cast<std::uint32_t>(fitting.size()));
        return called(fitting[pick]->op, type, depth);
    }

private:
    using Bindings = std::array<std::optional<Type>, 128>;

    static bool fits(const Pattern& pattern, Type type) {
        if (pattern.letter == 'b') return type == Type{Kind::boolean, pattern.depth};
        if (pattern.letter == 'i') return type.kind != Kind::boolean && type.depth == pattern.depth;
        return type.depth >= pattern.depth;
    }

    Expression leaf(Type type) {
        std::vector<std::int64_t> fitting;
        for (std::size_t i = 0; i < variables_.size(); ++i)
            if (values::accepts(type, variables_[i])) fitting.push_back(static_cast<std::int64_t>(i));
        if (!fitting.empty() && random_.below(4) != 0)
            return variable(fitting[random_.below(static_cast<std::uint32_t>(fitting.size()))]);
        if (type.is_list()) {
            Expression literal = call(Operator::list, {});
            for (auto length = 1 + random_.below(2); length > 0; --length) literal.arguments.push_back(leaf(type.element()));
            return literal;
        }
        if (type.kind == Kind::boolean)
            return {.op = Operator::truth, .number = random_.below(2), .arguments = {}};
        return number(static_cast<std::int64_t>(random_.below(12)) - 3);
    }

    Type meaning(const Pattern& pattern, Bindings& bindings) {
        if (pattern.letter == 'i') return {Kind::integer, pattern.depth};
        if (pattern.letter == 'b') return {Kind::boolean, pattern.depth};
        auto& bound = bindings[static_cast<std::size_t>(pattern.letter)];
        if (!bound) bound = random_.below(4) == 0 ? Type{Kind::integer, 1} : Type{};
        return {bound->kind, bound->depth + pattern.depth};
    }

    Expression called(Operator op, Type type, int depth) {
        const Signature signature = signature_of(op);
        Bindings bindings;
        if (signature.result.letter != 'i' && signature.result.letter != 'b')
            bindings[static_cast<std::size_t>(signature.result.letter)] =
                Type{type.kind, type.depth - signature.result.depth};
        Expression expression = call(op, {});
        for (const Pattern& each : signature.arguments)
            expression.arguments.push_back(of(meaning(each, bindings), depth - 1));
        if (signature.parameters.empty()) return expression;
        const std::size_t outside = variables_.size();
        for (const Pattern& each : signature.parameters) variables_.push_back(meaning(each, bindings));
        expression.arguments.push_back(of(meaning(signature.body, bindings), depth - 1));
        variables_.resize(outside);
        return expression;
    }

    std::vector<Type> variables_;
    base::RandomStream& random_;
};

} // namespace

Program random_program(std::vector<Parameter> parameters, Type result, int depth, base::RandomStream& random) {
    Expression body = Drawing(parameters, random).of(result, depth);
    return {std::move(parameters), result, std::move(body)};
}

values::Value random_value(Type type, base::RandomStream& random) {
    values::Value value{.type = type, .number = 0, .elements = {}};
    if (type.is_list()) {
        for (auto length = random.below(9); length > 0; --length)
            value.elements.push_back(random_value(type.element(), random));
    } else if (type.kind == Kind::boolean) {
        value.number = random.below(2);
    } else if (type.kind == Kind::character) {
        value.number = 'a' + static_cast<std::int64_t>(random.below(26));
    } else {
        value.number = static_cast<std::int64_t>(random.below(41)) - 20;
        if (random.below(50) == 0) value.number *= std::int64_t{1} << random.below(58);
    }
    return value;
}

} // namespace ropewalk::functional
