#include "ropewalk/programs/functional/print.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "ropewalk/programs/functional/check.hpp"
#include "ropewalk/programs/functional/signature.hpp"
#include "ropewalk/programs/functional/tokens.hpp"

namespace ropewalk::functional {

namespace {

using Names = std::vector<std::string>;

enum Binding : int { loosest, disjunction, conjunction, inversion, comparison, sums, products, sign, tightest };

Binding binding_of(Operator op) {
    using enum Operator;
    switch (op) {
    case condition:
    case let: return loosest;
    case either: return disjunction;
    case both: return conjunction;
    case negation: return inversion;
    case less:
    case at_most:
    case equal:
    case not_equal: return comparison;
    case add:
    case subtract: return sums;
    case multiply:
    case divide:
    case remainder: return products;
    case negate: return sign;
    default: return tightest;
    }
}

std::string fresh(const std::string& letters, const Names& taken) {
    for (int round = 0;; ++round)
        for (const char letter : letters) {
            std::string name(1, letter);
            if (round > 0) name += std::to_string(round);
            if (std::find(taken.begin(), taken.end(), name) == taken.end()) return name;
        }
}

using Types = std::unordered_map<const Expression*, values::Type>;

/// The types of all expressions where texts are among the arguments or the value; nothing where none are.
Types types_of_texts(const Program& program) {
    const auto is_text = [](values::Type type) { return type.kind == values::Kind::character; };
    const bool has_texts = is_text(program.result) || std::any_of(program.parameters.begin(), program.parameters.end(),
                                                                  [&](const Parameter& each) { return is_text(each.type); });
    return has_texts && !check(program) ? types_of(program) : Types{};
}

/// Whether a text between quotes may hold the character, and it can be seen what it is.
bool is_shown_as_character(std::int64_t number) {
    return number >= ' ' && number <= '~' && number != '"' && number != '\'' && number != '\\';
}

/// Which argument of the operator is an element of the first; 0 where none is.
std::size_t element_argument(Operator op) {
    using enum Operator;
    switch (op) {
    case split:
    case join:
    case count:
    case index:
    case contains:
    case append:
    case prepend: return 1;
    case insert:
    case set:
    case pad: return 2;
    default: return 0;
    }
}

/// Whether the elements of the first argument, or their elements, are those of the value.
bool keeps_elements(Operator op) {
    if (op <= Operator::condition) return false;
    const Signature signature = signature_of(op);
    const char letter = signature.result.letter;
    return letter != 'i' && letter != 'b' && !signature.arguments.empty() && signature.arguments[0].letter == letter;
}

class Printer {
public:
    explicit Printer(Names names) : names_(std::move(names)) {}

    /// With the types of all expressions numbers are printed as characters where they are met as such.
    Printer(Names names, const Program& program) : names_(std::move(names)), types_(types_of_texts(program)) {
        if (!types_.empty()) find_literals(program.body, program.result.kind == values::Kind::character);
    }

    Names& names() { return names_; }

    std::string text(const Expression& expression, int around = loosest) {
        const Binding binding = binding_of(expression.op);
        const bool negative = expression.op == Operator::number && expression.number < 0;
        const std::string inner = bare(expression, binding);
        return binding < around || (negative && around == tightest) ? "(" + inner + ")" : inner;
    }

private:
    std::string bare(const Expression& expression, Binding binding) {
        using enum Operator;
        const auto& arguments = expression.arguments;
        switch (expression.op) {
        case variable: return names_[static_cast<std::size_t>(expression.number)];
        case number: return std::to_string(expression.number);
        case truth: return expression.number != 0 ? "true" : "false";
        case list: return literals_.contains(&expression) ? text_literal(arguments) : "[" + joined(arguments, 0) + "]";
        case let: return let_text(expression);
        case condition:
            return "if " + text(arguments[0], disjunction) + " then " + beside(arguments[1], arguments[2], disjunction) + " else " +
                   beside(arguments[2], arguments[1], loosest);
        case negation: return "not " + text(arguments[0], inversion);
        // A sign before a number belongs to the number.
        case negate:
            return arguments[0].op == number ? "-(" + text(arguments[0]) + ")" : "-" + text(arguments[0], tightest);
        case get: return text(arguments[0], tightest) + "[" + text(arguments[1]) + "]";
        default: return facts(expression.op).infix ? infix(expression, binding) : called(expression);
        }
    }

    std::string infix(const Expression& expression, Binding binding) {
        using enum Operator;
        const auto& [left, right] = std::tie(expression.arguments[0], expression.arguments[1]);
        // Left to right; comparisons do not chain.
        const int left_binding = binding == comparison ? binding + 1 : binding;
        const bool number_first = left.op == number && right.op != number;
        const bool compares = binding == comparison;
        const auto side = [&](const Expression& each, const Expression& other, int around) {
            return compares ? beside(each, other, around) : text(each, around);
        };
        if (number_first && (expression.op == less || expression.op == at_most))
            return side(right, left, binding + 1) + (expression.op == less ? " > " : " >= ") + side(left, right, binding + 1);
        return side(left, right, left_binding) + ' ' + facts(expression.op).infix + ' ' + side(right, left, binding + 1);
    }

    /// The expressions in a row; that at `as_character` as one.
    std::string joined(const std::vector<Expression>& expressions, std::size_t without_last, std::size_t as_character = SIZE_MAX) {
        std::string all;
        for (std::size_t i = 0; i + without_last < expressions.size(); ++i)
            all += (i > 0 ? ", " : "") +
                   (i == as_character && is_shown(expressions[i]) ? character(expressions[i].number) : text(expressions[i]));
        return all;
    }

    /// Notes the lists of numbers that stand where a text does; `wanted` says whether one is wanted here.
    void find_literals(const Expression& expression, bool wanted) {
        using enum Operator;
        const auto& arguments = expression.arguments;
        if (expression.op == list && wanted && !arguments.empty() && std::all_of(arguments.begin(), arguments.end(), is_shown))
            literals_.insert(&expression);
        const bool beside = (expression.op == concat || expression.op == equal || expression.op == not_equal) &&
                            (is_text(arguments[0]) || is_text(arguments[1]));
        const bool of_texts = expression.op == numbers || expression.op == upper || expression.op == lower;
        for (std::size_t i = 0; i < arguments.size(); ++i) {
            const bool passed_on = expression.op == concat || (expression.op == condition && i > 0) || (expression.op == let && i == 1) ||
                                   (i == 0 && keeps_elements(expression.op));
            const bool searched = i == 0 && (expression.op == contains || expression.op == index) && is_character(arguments[1]);
            find_literals(arguments[i], (wanted && passed_on) || beside || of_texts || searched);
        }
    }

    /// A number as a character where a character stands beside it.
    std::string beside(const Expression& expression, const Expression& other, int around) {
        return is_shown(expression) && is_character(other) ? character(expression.number) : text(expression, around);
    }

    static bool is_shown(const Expression& each) { return each.op == Operator::number && is_shown_as_character(each.number); }

    static std::string character(std::int64_t number) { return {'\'', static_cast<char>(number), '\''}; }

    static std::string text_literal(const std::vector<Expression>& elements) {
        std::string literal = "\"";
        for (const Expression& each : elements) literal += static_cast<char>(each.number);
        return literal + '"';
    }

    /// Of characters, by its own type or, as numbers beside them make them numbers, by that of the list whose elements it gives.
    bool is_text(const Expression& expression) const {
        const auto type = types_.find(&expression);
        if (type == types_.end()) return false;
        using enum Operator;
        const auto& arguments = expression.arguments;
        switch (expression.op) {
        case upper:
        case lower:
        case to_text: return true;
        case concat:
        case minimum_of:
        case maximum_of: return is_text(arguments[0]) || is_text(arguments[1]);
        case condition: return is_text(arguments[1]) || is_text(arguments[2]);
        case map:
        case flat_map: return is_text(arguments[1]);
        default: return type->second.kind == values::Kind::character || (keeps_elements(expression.op) && is_text(arguments[0]));
        }
    }

    bool is_character(const Expression& expression) const {
        return expression.op != Operator::number && is_text(expression) && !types_.at(&expression).is_list();
    }

    std::string called(const Expression& expression) {
        const OperatorFacts& row = facts(expression.op);
        const std::size_t element = element_argument(expression.op);
        const bool extreme = expression.op == Operator::minimum_of || expression.op == Operator::maximum_of;
        const std::size_t as_character = element > 0 && is_text(expression.arguments[0])          ? element
                                         : extreme && is_character(expression.arguments[0]) ? 1
                                                                                            : SIZE_MAX;
        if (row.parameters == 0) return row.name + ("(" + joined(expression.arguments, 0, as_character)) + ")";
        return row.name + ("(" + joined(expression.arguments, 1)) + ", " + function(expression) + ")";
    }

    std::string function(const Expression& expression) {
        const Expression& body = expression.arguments.back();
        const auto outer = names_.size();
        const Names fresh = fresh_names(expression.op, names_);
        const int named = named_parameters(expression.op, body, static_cast<std::int64_t>(outer));
        std::string head = fresh[0];
        for (int i = 1; i < named; ++i) head += ", " + fresh[static_cast<std::size_t>(i)];
        names_.insert(names_.end(), fresh.begin(), fresh.end());
        std::string result = (named > 1 ? "(" + head + ")" : head) + " -> " + text(body);
        names_.resize(outer);
        return result;
    }

    std::string let_text(const Expression& expression) {
        const std::string value = text(expression.arguments[0]);
        names_.push_back(fresh_names(Operator::let, names_)[0]);
        std::string result = "let " + names_.back() + " = " + value + " in " + text(expression.arguments[1]);
        names_.pop_back();
        return result;
    }

    Names names_;
    Types types_;
    std::unordered_set<const Expression*> literals_; ///< that are printed as texts
};

} // namespace

std::vector<std::string> printed_names(const std::vector<Parameter>& parameters) {
    Names names;
    const auto is_taken = [&](const std::string& name) {
        return is_reserved(name) || std::find(names.begin(), names.end(), name) != names.end() ||
               std::any_of(parameters.begin(), parameters.end(), [&](const Parameter& each) { return each.name == name; });
    };
    for (const Parameter& each : parameters) {
        std::string name = each.name;
        if (is_reserved(name))
            while (is_taken(name)) name += '_';
        names.push_back(std::move(name));
    }
    return names;
}

std::vector<std::string> fresh_names(Operator op, const std::vector<std::string>& taken) {
    using enum Operator;
    Names names, known = taken;
    const auto give = [&](const std::string& letters) {
        names.push_back(fresh(letters, known));
        known.push_back(names.back());
    };
    const std::string elements = "abcdefgh", places = "ijlmnopq", states = "stuv";
    switch (op) {
    case let: give("yzwvrq"); break;
    case iterate: give(states), give(places); break;
    case fold:
    case scan:
    case accumulate: give(states), give(elements), give(places); break;
    case cancel: give(elements), give(elements); break;
    case zip_with:
    case pairwise: give(elements), give(elements), give(places); break;
    default: give(elements), give(places);
    }
    return names;
}

int named_parameters(Operator op, const Expression& body, std::int64_t outer) {
    const int all = facts(op).parameters;
    return uses(body, outer + all - 1) ? all : std::max(1, all - 1);
}

std::string to_string(const Program& program) {
    const Names names = printed_names(program.parameters);
    std::string head;
    for (std::size_t i = 0; i < names.size(); ++i)
        head += (head.empty() ? "" : ", ") + names[i] + ": " + values::to_string(program.parameters[i].type);
    std::string text = "solve(" + head + ") -> " + values::to_string(program.result) + ":\n";
    Printer printer(names, program);
    const Expression* body = &program.body;
    for (; body->op == Operator::let; body = &body->arguments[1]) {
        const std::string value = printer.text(body->arguments[0]);
        printer.names().push_back(fresh_names(Operator::let, printer.names())[0]);
        text += "    " + printer.names().back() + " = " + value + "\n";
    }
    return text + "    " + printer.text(*body) + "\n";
}

std::string to_string(const Expression& expression, const std::vector<Parameter>& parameters) {
    return Printer(printed_names(parameters)).text(expression);
}

} // namespace ropewalk::functional
