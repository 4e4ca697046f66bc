#include "ropewalk/programs/search/library_learning.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

namespace ropewalk::search {

using language::Expression;
using language::ExpressionKind;
using language::Program;
using language::Statement;

namespace {

/// Productions a node is chosen from: 15 operators and 3 connectives, number, n, variable, load, 5
/// statements.
constexpr int productions = 27;
constexpr int numbers = 8; ///< a number's own bits: about as many as are in use

template<class Visit>
void for_each_place(Expression& e, const Visit& visit) {
    visit(e);
    for (Expression& operand : e.operands) for_each_place(operand, visit);
}

template<class Visit>
void for_each_place(std::vector<Statement>& statements, const Visit& visit) {
    for (Statement& s : statements) {
        for (auto* list : {&s.targets, &s.values, &s.expressions})
            for (Expression& e : *list) for_each_place(e, visit);
        for_each_place(s.body, visit);
        for_each_place(s.otherwise, visit);
    }
}

bool is_value_operation(const Expression& e) {
    return (e.kind == ExpressionKind::operation && e.operation < language::Operator::equal) ||
           e.kind == ExpressionKind::call;
}

double bits_of(const Expression& e, double node) {
    double sum = node + (e.kind == ExpressionKind::constant ? std::log2(numbers) : 0);
    for (const Expression& operand : e.operands) sum += bits_of(operand, node);
    return sum;
}

double node_bits(std::size_t functions) { return std::log2(productions + static_cast<double>(functions)); }

double bits_of(const std::vector<Statement>& statements, double node) {
    double sum = 0;
    for (const Statement& s : statements) {
        sum += node;
        for (const auto* list : {&s.targets, &s.values, &s.expressions})
            for (const Expression& e : *list) sum += bits_of(e, node);
        sum += bits_of(s.body, node) + bits_of(s.otherwise, node);
    }
    return sum;
}

double total_bits(std::span<const Program> programs, std::span<const Abstraction> abstractions) {
    const double node = node_bits(abstractions.size());
    double sum = 0;
    for (const Program& program : programs) sum += bits_of(program.statements, node);
    for (const Abstraction& each : abstractions) sum += bits_of(each.function.body, node) + node;
    return sum;
}

std::string parameter(std::size_t i) { return std::string(1, static_cast<char>('a' + i)); }

/// The least general generalisation of two expressions: equal structure stays, what differs becomes a
/// parameter, the same difference the same one. Variables and loads always become parameters, since a
/// function sees neither.
class Generalisation {
public:
    Expression of(const Expression& x, const Expression& y) {
        const bool same_head = x.kind == y.kind && x.operation == y.operation && x.name == y.name &&
                               x.number == y.number && x.operands.size() == y.operands.size();
        const bool open = x.kind == ExpressionKind::variable || x.kind == ExpressionKind::load;
        if (!same_head || open) return parameter_for(x, y);
        Expression result = x;
        for (std::size_t i = 0; i < x.operands.size(); ++i)
            result.operands[i] = of(x.operands[i], y.operands[i]);
        return result;
    }
    std::size_t parameters() const { return pairs_.size(); }

private:
    Expression parameter_for(const Expression& x, const Expression& y) {
        for (std::size_t i = 0; i < pairs_.size(); ++i)
            if (pairs_[i].first == x && pairs_[i].second == y) return language::variable(parameter(i));
        pairs_.emplace_back(x, y);
        return language::variable(parameter(pairs_.size() - 1));
    }
    std::vector<std::pair<Expression, Expression>> pairs_;
};

/// Whether an expression is the pattern with arguments in the parameters' places.
bool matches(const Expression& pattern, const Expression& e,
             std::vector<std::optional<Expression>>& arguments) {
    if (pattern.kind == ExpressionKind::variable) {
        auto& argument = arguments[static_cast<std::size_t>(pattern.name[0] - 'a')];
        if (!argument) argument = e;
        return *argument == e;
    }
    if (pattern.kind != e.kind || pattern.operation != e.operation || pattern.name != e.name ||
        pattern.number != e.number || pattern.operands.size() != e.operands.size())
        return false;
    for (std::size_t i = 0; i < e.operands.size(); ++i)
        if (!matches(pattern.operands[i], e.operands[i], arguments)) return false;
    return true;
}

/// Replaces matches by calls, parents first, and counts them.
int rewrite(std::vector<Program>& programs, const language::Function& function) {
    int uses = 0;
    for (Program& program : programs)
        for_each_place(program.statements, [&](Expression& e) {
            if (!is_value_operation(e)) return;
            std::vector<std::optional<Expression>> arguments(function.parameters.size());
            if (!matches(function.body, e, arguments)) return;
            std::vector<Expression> values;
            for (auto& argument : arguments) values.push_back(argument.value_or(language::constant(0)));
            e = language::call(function.name, std::move(values));
            ++uses;
        });
    return uses;
}

/// Patterns worth trying: more than one operation or number, few parameters.
std::vector<Expression> candidates(std::vector<Program>& programs, int most_parameters) {
    std::vector<Expression> places;
    for (Program& program : programs)
        for_each_place(program.statements, [&](Expression& e) {
            if (is_value_operation(e)) places.push_back(e);
        });
    std::vector<Expression> patterns;
    std::set<std::string> seen;
    for (std::size_t i = 0; i < places.size(); ++i)
        for (std::size_t j = i + 1; j < places.size(); ++j) {
            Generalisation general;
            Expression pattern = general.of(places[i], places[j]);
            if (!is_value_operation(pattern) || general.parameters() == 0 ||
                general.parameters() > static_cast<std::size_t>(most_parameters) ||
                static_cast<std::size_t>(language::node_count(pattern)) < general.parameters() + 2)
                continue;
            if (seen.insert(language::to_string(pattern)).second) patterns.push_back(std::move(pattern));
        }
    return patterns;
}

std::size_t parameters_of(const Expression& e) {
    std::size_t count =
        e.kind == ExpressionKind::variable ? static_cast<std::size_t>(e.name[0] - 'a') + 1 : 0;
    for (const Expression& operand : e.operands) count = std::max(count, parameters_of(operand));
    return count;
}

} // namespace

std::vector<language::Function> Library::functions() const {
    std::vector<language::Function> all;
    for (const Abstraction& each : abstractions) all.push_back(each.function);
    return all;
}

double description_length(std::span<const Program> programs) { return total_bits(programs, {}); }

Library learn_library(std::span<const Program> programs, const LibraryOptions& options) {
    Library library;
    for (const Program& program : programs) library.programs.push_back(inlined(program));
    library.bits_before = library.bits_after = total_bits(library.programs, {});
    while (static_cast<int>(library.abstractions.size()) < options.most_functions) {
        std::optional<Library> best;
        for (const Expression& body : candidates(library.programs, options.most_parameters)) {
            language::Function function{fmt::format("f{}", library.abstractions.size() + 1), {}, body};
            for (std::size_t i = 0; i < parameters_of(body); ++i) function.parameters.push_back(parameter(i));
            Library next = library;
            const int uses = rewrite(next.programs, function);
            next.abstractions.push_back({std::move(function), uses, 0});
            next.bits_after = total_bits(next.programs, next.abstractions);
            next.abstractions.back().saving = library.bits_after - next.bits_after;
            if (next.bits_after < (best ? best->bits_after : library.bits_after)) best = std::move(next);
        }
        if (!best) break;
        library = std::move(*best);
    }
    for (Program& program : library.programs) program.functions = library.functions();
    return library;
}

std::vector<language::Function> standard_library() {
    using language::Operator;
    const Expression a = language::variable("a"), b = language::variable("b");
    return {{"distance",
             {"a", "b"},
             language::operation(Operator::subtract, language::operation(Operator::maximum, a, b),
                                 language::operation(Operator::minimum, a, b))}};
}

} // namespace ropewalk::search
