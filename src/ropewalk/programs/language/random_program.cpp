#include "ropewalk/programs/language/random_program.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "ropewalk/base/random.hpp"

namespace ropewalk::language {

namespace {

class Generator {
public:
    explicit Generator(base::RandomStream& random) : random_(random) {}

    Program program(int size) {
        Program result;
        const int functions = chance(3) ? 1 + below(2) : 0;
        for (int i = 0; i < functions; ++i) result.functions.push_back(function(i));
        functions_ = result.functions;
        left_ = std::max(1, size);
        while (left_ > 0) statement(result.statements, 0);
        return result;
    }

private:
    int below(int bound) { return static_cast<int>(random_.below(static_cast<unsigned>(bound))); }

    /// True once in `times`.
    bool chance(int times) { return below(times) == 0; }

    const std::string& any_of(const std::vector<std::string>& names) {
        return names[static_cast<std::size_t>(below(static_cast<int>(names.size())))];
    }

    Function function(int index) {
        Function result{.name = fmt::format("f{}", index), .parameters = {"x"}, .body = {}};
        if (chance(2)) result.parameters.emplace_back("y");
        readable_ = result.parameters;
        result.body = value(2);
        readable_.clear();
        functions_.push_back(result);
        return result;
    }

    Expression leaf() {
        if (!readable_.empty() && !chance(3)) return variable(any_of(readable_));
        return chance(6) ? size() : constant(below(chance(4) ? 20 : 4));
    }

    Expression value(int depth) {
        if (depth == 0 || chance(4)) return leaf();
        if (chance(4)) return load(value(depth - 1));
        if (!functions_.empty() && chance(6)) {
            const Function& called =
                functions_[static_cast<std::size_t>(below(static_cast<int>(functions_.size())))];
            std::vector<Expression> arguments;
            for (std::size_t i = 0; i < called.parameters.size(); ++i) arguments.push_back(value(depth - 1));
            return call(called.name, std::move(arguments));
        }
        Expression a = value(depth - 1), b = chance(3) ? constant(1) : value(depth - 1);
        return operation(static_cast<Operator>(below(static_cast<int>(Operator::equal))), std::move(a),
                         std::move(b));
    }

    Expression condition(int depth) {
        if (depth > 0 && chance(5)) return negation(condition(depth - 1));
        if (depth > 0 && chance(4)) {
            Expression a = condition(depth - 1), b = condition(depth - 1);
            return operation(chance(2) ? Operator::both : Operator::either, std::move(a), std::move(b));
        }
        constexpr int first = static_cast<int>(Operator::equal), count = 6;
        Expression a = value(1), b = chance(3) ? constant(below(4)) : value(1);
        return operation(static_cast<Operator>(first + below(count)), std::move(a), std::move(b));
    }

    void statement(std::vector<Statement>& into, int depth) {
        --left_;
        const int kind = below(10);
        constexpr int deepest_loop = 2;
        if (kind == 0)
            into.push_back({.kind = StatementKind::nop});
        else if (kind <= 2 && depth < deepest_loop)
            into.push_back(for_range(depth));
        else if (kind == 3 && depth < deepest_loop)
            while_do(into, depth);
        else if (kind <= 5)
            into.push_back(if_else(depth));
        else
            into.push_back(assignment());
    }

    std::vector<Statement> block(int depth) {
        std::vector<Statement> result;
        const int count = 1 + below(3);
        for (int i = 0; i < count && (i == 0 || left_ > 0); ++i) statement(result, depth);
        return result;
    }

    /// Variables that may be assigned here: not the counters of the loops around.
    std::string assignable() {
        static const std::vector<std::string> names{"a", "b", "c", "d"};
        std::string name;
        do name = any_of(names);
        while (std::find(counters_.begin(), counters_.end(), name) != counters_.end());
        return name;
    }

    void now_readable(const std::string& name) {
        if (std::find(readable_.begin(), readable_.end(), name) == readable_.end()) readable_.push_back(name);
    }

    Statement assignment() {
        Statement result{.kind = StatementKind::assign};
        const int count = chance(3) ? 2 + below(2) : 1;
        const bool swap = count == 2 && chance(3);
        std::vector<std::string> names;
        for (int i = 0; i < count; ++i) {
            std::string name = assignable();
            const bool taken = std::find(names.begin(), names.end(), name) != names.end();
            if (taken || swap || chance(2)) {
                result.targets.push_back(load(value(2)));
            } else {
                names.push_back(name);
                result.targets.push_back(variable(std::move(name)));
            }
            result.values.push_back(value(chance(8) ? 5 : 2));
        }
        if (swap) result.values = {result.targets[1], result.targets[0]};
        for (const std::string& name : names) now_readable(name);
        return result;
    }

    Expression bound(bool end) {
        if (chance(4)) return value(1);
        if (!end) return constant(below(3));
        if (chance(2)) return size();
        if (chance(3)) return operation(Operator::subtract, size(), constant(1 + below(2)));
        return constant(chance(4) ? below(40) : below(5));
    }

    Statement for_range(int depth) {
        Statement result{.kind = StatementKind::for_range};
        result.variable = chance(3) ? assignable() : fmt::format("i{}", depth);
        result.expressions = {bound(false), bound(true)};
        now_readable(result.variable);
        counters_.push_back(result.variable);
        result.body = block(depth + 1);
        counters_.pop_back();
        return result;
    }

    /// `w = some; while w != 0 (and ...): ...; w = w - 1` ends whatever the condition adds.
    void while_do(std::vector<Statement>& into, int depth) {
        const std::string counter = fmt::format("w{}", depth);
        into.push_back(assign(variable(counter), value(2)));
        now_readable(counter);
        Statement loop{.kind = StatementKind::while_do};
        Expression going_on = operation(Operator::not_equal, variable(counter), constant(0));
        if (chance(2)) going_on = operation(Operator::both, std::move(going_on), condition(1));
        loop.expressions.push_back(std::move(going_on));
        loop.body = block(depth + 1);
        loop.body.push_back(
            assign(variable(counter), operation(Operator::subtract, variable(counter), constant(1))));
        into.push_back(std::move(loop));
    }

    Statement if_else(int depth) {
        Statement result{.kind = StatementKind::if_else};
        result.expressions.push_back(condition(2));
        result.body = block(depth);
        if (chance(2)) result.otherwise = block(depth);
        return result;
    }

    base::RandomStream& random_;
    std::vector<Function> functions_;
    /// Variables that are assigned further up, and counters of the loops around.
    std::vector<std::string> readable_, counters_;
    int left_ = 0;
};

} // namespace

Program random_program(int size, base::RandomStream& random) { return Generator(random).program(size); }

} // namespace ropewalk::language
