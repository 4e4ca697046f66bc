#include "ropewalk/programs/functional/evaluate.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace ropewalk::functional {

namespace {

using values::Lists;
using values::undefined;
using values::Word;
using Words = std::vector<Word>;

/// Elements of a list that an operator goes through while others take a step.
constexpr std::size_t elements_a_step = 16;

bool goes_through_a_list(Operator op) {
    using enum Operator;
    return facts(op).signature[0] == '[' && op != length && op != first && op != last && op != get;
}

/// Evaluates one expression: the variables, the lists, and the work are the same for all its parts.
class Evaluation {
public:
    Evaluation(Words& variables, Lists& lists, Work& work) : variables_(variables), lists_(lists), work_(work) {}

    Word value(const Expression& expression) {
        using enum Operator;
        if (--work_.steps < 0 || lists_.full()) return undefined;
        switch (expression.op) {
        case variable: return variables_[static_cast<std::size_t>(expression.number)];
        case number:
        case truth: return expression.number;
        case list: return literal(expression);
        case let: return with(expression.arguments[1], {value(expression.arguments[0])});
        case condition: {
            const Word chosen = value(expression.arguments[0]);
            return chosen == undefined ? undefined : value(expression.arguments[chosen != 0 ? 1 : 2]);
        }
        default: return facts(expression.op).parameters > 0 ? of_function(expression) : of_values(expression);
        }
    }

private:
    /// The body's value under more variables.
    Word with(const Expression& body, std::initializer_list<Word> more) {
        if (std::find(more.begin(), more.end(), undefined) != more.end()) return undefined;
        variables_.insert(variables_.end(), more);
        const Word result = value(body);
        variables_.resize(variables_.size() - more.size());
        return result;
    }

    Word literal(const Expression& expression) {
        Words words;
        for (const Expression& each : expression.arguments) words.push_back(value(each));
        return lists_.intern(words);
    }

    Word of_values(const Expression& expression) {
        Word arguments[3];
        std::transform(expression.arguments.begin(), expression.arguments.end(), arguments,
                       [this](const Expression& each) { return value(each); });
        if (goes_through_a_list(expression.op) && arguments[0] != undefined)
            work_.steps -= static_cast<long>(lists_[arguments[0]].size() / elements_a_step);
        return apply(expression.op, arguments, lists_);
    }

    Word of_function(const Expression& expression) {
        using enum Operator;
        const Word given = value(expression.arguments[0]);
        if (given == undefined) return undefined;
        if (expression.op == iterate) return iterated(expression, given);
        const std::span<const Word> x = lists_[given];
        switch (expression.op) {
        case zip_with: return zipped(expression, x);
        case pairwise: return neighbours(expression, x);
        case cancel: return cancelled(expression, x);
        case fold:
        case scan:
        case accumulate: return states(expression, x);
        default: return of_elements(expression, x);
        }
    }

    Word iterated(const Expression& expression, Word times) {
        Word state = value(expression.arguments[1]);
        for (Word i = 0; i < times && state != undefined; ++i) state = with(expression.arguments[2], {state, i});
        return state;
    }

    Word zipped(const Expression& expression, std::span<const Word> x) {
        const Word other = value(expression.arguments[1]);
        if (other == undefined) return undefined;
        const std::span<const Word> y = lists_[other];
        Words results;
        for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i)
            results.push_back(with(expression.arguments[2], {x[i], y[i], static_cast<Word>(i)}));
        return lists_.intern(results);
    }

    Word neighbours(const Expression& expression, std::span<const Word> x) {
        Words results;
        for (std::size_t i = 0; i + 1 < x.size(); ++i)
            results.push_back(with(expression.arguments[1], {x[i], x[i + 1], static_cast<Word>(i)}));
        return lists_.intern(results);
    }

    Word cancelled(const Expression& expression, std::span<const Word> x) {
        Words kept;
        for (const Word word : x) {
            const Word meets = kept.empty() ? 0 : with(expression.arguments[1], {kept.back(), word});
            if (meets == undefined) return undefined;
            if (meets != 0)
                kept.pop_back();
            else
                kept.push_back(word);
        }
        return lists_.intern(kept);
    }

    Word states(const Expression& expression, std::span<const Word> x) {
        const bool starts_with_first = expression.op == Operator::accumulate;
        const Expression& body = expression.arguments.back();
        Word state = starts_with_first ? (x.empty() ? 0 : x[0]) : value(expression.arguments[1]);
        Words results;
        if (starts_with_first && !x.empty()) results.push_back(state);
        for (std::size_t i = starts_with_first; i < x.size() && state != undefined; ++i)
            results.push_back(state = with(body, {state, x[i], static_cast<Word>(i)}));
        return state == undefined || expression.op == Operator::fold ? state : lists_.intern(results);
    }

    /// Operators that ask a function about every element.
    Word of_elements(const Expression& expression, std::span<const Word> x) {
        Words answers;
        for (std::size_t i = 0; i < x.size(); ++i) {
            answers.push_back(with(expression.arguments[1], {x[i], static_cast<Word>(i)}));
            if (answers.back() == undefined) return undefined;
        }
        return combined(expression.op, x, answers);
    }

    Word combined(Operator op, std::span<const Word> x, const Words& answers) {
        using enum Operator;
        const auto end = static_cast<std::size_t>(std::find(answers.begin(), answers.end(), 0) - answers.begin());
        Words kept;
        switch (op) {
        case map: return lists_.intern(answers);
        case flat_map: {
            const Word nested = lists_.intern(answers);
            return nested == undefined ? undefined : apply(flatten, &nested, lists_);
        }
        case filter:
            for (std::size_t i = 0; i < x.size(); ++i)
                if (answers[i] != 0) kept.push_back(x[i]);
            return lists_.intern(kept);
        case count_if: return std::accumulate(answers.begin(), answers.end(), Word{0});
        case any: return std::find(answers.begin(), answers.end(), 1) != answers.end();
        case all: return end == answers.size();
        case take_while: return lists_.intern(x.first(end));
        case drop_while: return lists_.intern(x.subspan(end));
        case max_by: return x.empty() ? 0 : x[place_of(std::max_element(answers.begin(), answers.end()), answers)];
        case min_by: return x.empty() ? 0 : x[place_of(std::min_element(answers.begin(), answers.end()), answers)];
        default: return sorted_by(x, answers);
        }
    }

    static std::size_t place_of(Words::const_iterator at, const Words& answers) {
        return static_cast<std::size_t>(at - answers.begin());
    }

    Word sorted_by(std::span<const Word> x, const Words& keys) {
        std::vector<std::size_t> order(x.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
        Words sorted;
        for (const std::size_t each : order) sorted.push_back(x[each]);
        return lists_.intern(sorted);
    }

    Words& variables_;
    Lists& lists_;
    Work& work_;
};

} // namespace

Word evaluate(const Expression& expression, Words& variables, Lists& lists, Work& work) {
    const std::size_t limit = lists.limit();
    lists.limit(std::min(limit, lists.bytes() + work.bytes));
    const Word value = Evaluation(variables, lists, work).value(expression);
    lists.limit(limit);
    return value;
}

base::Result<values::Value> run(const Program& program, const std::vector<values::Value>& arguments) {
    if (arguments.size() != program.parameters.size())
        return base::failure("arguments", fmt::format("{} of them", arguments.size()),
                             fmt::format("{}", program.parameters.size()));
    Lists lists;
    Words words;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto& [name, type] = program.parameters[i];
        const values::Value& given = arguments[i];
        const bool empty = given.type.is_list() && given.elements.empty() && type.is_list();
        if (!empty && !values::accepts(type, given.type))
            return base::failure("argument " + name, to_text(given) + ", " + to_string(given.type), to_string(type));
        words.push_back(values::to_word(given, lists));
    }
    Work work;
    const Word result = evaluate(program.body, words, lists, work);
    if (result == undefined)
        return base::failure("the program", "no value for these arguments",
                             "numbers of 64 bits, lists of at most 100,000 elements, at most 10^7 steps and 256 MiB");
    return values::to_value(result, program.result, lists);
}

} // namespace ropewalk::functional
