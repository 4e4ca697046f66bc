#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "ropewalk/programs/exports/exports.hpp"

namespace ropewalk::exports {

namespace {

using functional::Expression;
using functional::Operator;
using values::Type;
using values::Value;

/// How an operator is written: `{0}` is its first argument, and helpers it needs stand before `solve`.
struct PythonForm {
    Operator op;
    const char* text;
    const char* helper = "";
};

const std::vector<PythonForm>& python_forms() {
    using enum Operator;
    static const std::vector<PythonForm> table{
        {condition, "({1} if {0} else {2})"},
        {add, "({0} + {1})"},
        {subtract, "({0} - {1})"},
        {multiply, "({0} * {1})"},
        {divide, "_divide({0}, {1})", "def _divide(a, b):\n    return a // b if b else 0\n"},
        {remainder, "_remainder({0}, {1})", "def _remainder(a, b):\n    return a % b if b else a\n"},
        {negate, "(-{0})"},
        {absolute, "abs({0})"},
        {minimum_of, "min({0}, {1})"},
        {maximum_of, "max({0}, {1})"},
        {common_divisor, "_gcd({0}, {1})", "from math import gcd as _gcd\n"},
        {from_truth, "int({0})"},
        {less, "({0} < {1})"},
        {at_most, "({0} <= {1})"},
        {equal, "({0} == {1})"},
        {not_equal, "({0} != {1})"},
        {negation, "(not {0})"},
        {both, "({0} and {1})"},
        {either, "({0} or {1})"},
        {even, "({0} % 2 == 0)"},
        {odd, "({0} % 2 == 1)"},
        {length, "len({0})"},
        {first, "_get({0}, 0, {default})", "def _get(x, i, default):\n    return x[i] if -len(x) <= i < len(x) else default\n"},
        {last, "_get({0}, -1, {default})", "def _get(x, i, default):\n    return x[i] if -len(x) <= i < len(x) else default\n"},
        {get, "_get({0}, {1}, {default})", "def _get(x, i, default):\n    return x[i] if -len(x) <= i < len(x) else default\n"},
        {sum, "sum({0})"},
        {product, "_product({0})", "def _product(x):\n    result = 1\n    for a in x:\n        result *= a\n    return result\n"},
        {maximum, "max({0}, default=0)"},
        {minimum, "min({0}, default=0)"},
        {from_digits, "_from_digits({0})",
         "def _from_digits(x):\n    result = 0\n    for a in x:\n        result = 10 * result + a\n    return result\n"},
        {count, "{0}.count({1})"},
        {index, "_index({0}, {1})", "def _index(x, a):\n    return x.index(a) if a in x else -1\n"},
        {contains, "({1} in {0})"},
        {prepend, "([{1}] + {0})"},
        {append, "({0} + [{1}])"},
        {concat, "({0} + {1})"},
        {reverse, "{0}[::-1]"},
        {sort, "sorted({0})"},
        {tail, "{0}[1:]"},
        {init, "{0}[:-1]"},
        {take, "{0}[:{1}]"},
        {drop, "{0}[{1}:]"},
        {range, "list(range({0}, {1}))"},
        {digits, "[int(_a) for _a in str(abs({0}))]"},
        {bits, "[int(_a) for _a in format(abs({0}), 'b')]"},
        {unique, "_unique({0})",
         "def _unique(x):\n    result = []\n    for a in x:\n        if a not in result:\n            result.append(a)\n    return result\n"},
        {repeat, "([{0}] * {1})"},
        {insert, "_insert({0}, {1}, {2})", "def _insert(x, i, a):\n    x = list(x)\n    x.insert(i, a)\n    return x\n"},
        {set, "_set({0}, {1}, {2})",
         "def _set(x, i, a):\n    x = list(x)\n    if -len(x) <= i < len(x):\n        x[i] = a\n    return x\n"},
        {remove_at, "_remove_at({0}, {1})",
         "def _remove_at(x, i):\n    x = list(x)\n    if -len(x) <= i < len(x):\n        del x[i]\n    return x\n"},
        {swap, "_swap({0}, {1}, {2})",
         "def _swap(x, i, j):\n    x = list(x)\n    if -len(x) <= i < len(x) and -len(x) <= j < len(x):\n        x[i], x[j] = x[j], x[i]\n    return x\n"},
        {numbers, "_numbers({0})",
         "def _numbers(x):\n    result, i = [], 0\n    digit = lambda k: 0 <= k < len(x) and 48 <= x[k] <= 57\n    while i < len(x):\n        if not digit(i):\n            i += 1\n            continue\n        sign = -1 if i > 0 and x[i - 1] == 45 and not digit(i - 2) else 1\n        number = 0\n        while digit(i):\n            number = 10 * number + x[i] - 48\n            i += 1\n        result.append(sign * number)\n    return result\n"},
        {to_text, "[ord(_a) for _a in str({0})]"},
        {upper, "[_a - 32 if 97 <= _a <= 122 else _a for _a in {0}]"},
        {lower, "[_a + 32 if 65 <= _a <= 90 else _a for _a in {0}]"},
        {pad, "_pad({0}, {1}, {2})", "def _pad(x, n, a):\n    return x + [a] * (n - len(x))\n"},
        {split, "_split({0}, {1})",
         "def _split(x, a):\n    result = [[]]\n    for b in x:\n        if b == a:\n            result.append([])\n        else:\n            result[-1].append(b)\n    return result\n"},
        {prefixes, "_prefixes({0})", "def _prefixes(x):\n    return [x[:i + 1] for i in range(len(x))]\n"},
        {group, "_group({0})",
         "def _group(x):\n    result = []\n    for a in x:\n        if result and result[-1][0] == a:\n            result[-1].append(a)\n        else:\n            result.append([a])\n    return result\n"},
        {flatten, "[_a for _x in {0} for _a in _x]"},
        {join, "_join({0}, {1})",
         "def _join(x, a):\n    result = []\n    for i, piece in enumerate(x):\n        result += [a] * (i > 0) + piece\n    return result\n"},
        {windows, "_windows({0}, {1})",
         "def _windows(x, n):\n    return [x[i:i + n] for i in range(len(x) - n + 1)] if n > 0 else []\n"},
        {chunks, "_chunks({0}, {1})",
         "def _chunks(x, n):\n    return [x[i:i + n] for i in range(0, len(x), n)] if n > 0 else []\n"},
        {transpose, "[list(_a) for _a in zip(*{0})]"},
        {zip, "[list(_a) for _a in zip({0}, {1})]"},
        {map, "[{body} for {i}, {a} in enumerate({0})]"},
        {filter, "[{a} for {i}, {a} in enumerate({0}) if {body}]"},
        {count_if, "sum(1 for {i}, {a} in enumerate({0}) if {body})"},
        {any, "any({body} for {i}, {a} in enumerate({0}))"},
        {all, "all({body} for {i}, {a} in enumerate({0}))"},
        {take_while, "_take_while({0}, lambda {a}, {i}: {body})",
         "def _take_while(x, f):\n    for i, a in enumerate(x):\n        if not f(a, i):\n            return x[:i]\n    return x\n"},
        {drop_while, "_drop_while({0}, lambda {a}, {i}: {body})",
         "def _drop_while(x, f):\n    for i, a in enumerate(x):\n        if not f(a, i):\n            return x[i:]\n    return []\n"},
        {sort_by, "_sort_by({0}, lambda {a}, {i}: {body})",
         "def _sort_by(x, f):\n    keys = [f(a, i) for i, a in enumerate(x)]\n    return [x[i] for i in sorted(range(len(x)), key=keys.__getitem__)]\n"},
        {max_by, "_by(max, {0}, lambda {a}, {i}: {body}, {default})",
         "def _by(choose, x, f, default):\n    keys = [f(a, i) for i, a in enumerate(x)]\n    return x[choose(range(len(x)), key=keys.__getitem__)] if x else default\n"},
        {min_by, "_by(min, {0}, lambda {a}, {i}: {body}, {default})",
         "def _by(choose, x, f, default):\n    keys = [f(a, i) for i, a in enumerate(x)]\n    return x[choose(range(len(x)), key=keys.__getitem__)] if x else default\n"},
        {cancel, "_cancel({0}, lambda {a}, {i}: {body})",
         "def _cancel(x, f):\n    result = []\n    for a in x:\n        if result and f(result[-1], a):\n            result.pop()\n        else:\n            result.append(a)\n    return result\n"},
        {flat_map, "[_a for {i}, {a} in enumerate({0}) for _a in {body}]"},
        {zip_with, "[{body} for {i}, ({a}, {b}) in enumerate(zip({0}, {1}))]"},
        {pairwise, "_pairwise({0}, lambda {a}, {b}, {i}: {body})",
         "def _pairwise(x, f):\n    return [f(a, b, i) for i, (a, b) in enumerate(zip(x, x[1:]))]\n"},
        {fold, "_fold({0}, {1}, lambda {a}, {b}, {i}: {body})",
         "def _fold(x, state, f):\n    for i, a in enumerate(x):\n        state = f(state, a, i)\n    return state\n"},
        {scan, "_scan({0}, {1}, lambda {a}, {b}, {i}: {body})",
         "def _scan(x, state, f):\n    result = []\n    for i, a in enumerate(x):\n        state = f(state, a, i)\n        result.append(state)\n    return result\n"},
        {accumulate, "_accumulate({0}, lambda {a}, {b}, {i}: {body})",
         "def _accumulate(x, f):\n    result = x[:1]\n    for i, a in enumerate(x[1:], 1):\n        result.append(f(result[-1], a, i))\n    return result\n"},
        {iterate, "_iterate({0}, {1}, lambda {a}, {i}: {body})",
         "def _iterate(times, state, f):\n    for i in range(times):\n        state = f(state, i)\n    return state\n"},
    };
    return table;
}

void replace_all(std::string& text, const std::string& what, const std::string& by) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
        text.replace(at, what.size(), by);
}

/// Texts are lists of numbers inside, and lists of truth values lists of 0 and 1.
std::string inside(Type type, const std::string& value) {
    if (type.kind != values::Kind::character) return value;
    if (type.depth == 0) return "ord(" + value + ")";
    return "[" + inside(type.element(), "_c") + " for _c in " + value + "]";
}

std::string outside(Type type, const std::string& value) {
    if (type.kind == values::Kind::integer) return value;
    if (type.depth == 0) return (type.kind == values::Kind::boolean ? "bool(" : "chr(") + value + ")";
    if (type == Type{values::Kind::character, 1}) return "\"\".join(chr(_c) for _c in " + value + ")";
    return "[" + outside(type.element(), "_c") + " for _c in " + value + "]";
}

class PythonWriter {
public:
    explicit PythonWriter(const functional::Program& program) : program_(program) {
        const auto is_given = [&](const std::string& name) {
            return std::any_of(program.parameters.begin(), program.parameters.end(), [&](const auto& each) { return each.name == name; });
        };
        for (const auto& each : program.parameters) {
            std::string name = python_name(each.name);
            while (name != each.name && is_given(name)) name += '_';
            names_.push_back(std::move(name));
        }
    }

    /// Lines of the body of `solve`.
    std::string body() {
        std::string lines;
        const Expression* rest = &program_.body;
        for (; rest->op == Operator::let; rest = &rest->arguments[1]) {
            const std::string value = text(rest->arguments[0]);
            names_.push_back(fresh(Operator::let)[0]);
            lines += "    " + names_.back() + " = " + value + "\n";
        }
        return lines + "    return " + outside(program_.result, text(*rest)) + "\n";
    }

    const std::set<std::string>& helpers() const { return helpers_; }
    const std::vector<std::string>& names() const { return names_; }

private:
    /// Words of Python and names of its functions that are used here are not taken for arguments.
    static std::string python_name(const std::string& name) {
        static const std::set<std::string> taken{
            "and",    "as",     "assert", "async",  "await", "break",  "class", "continue", "def",    "del",
            "elif",   "else",   "except", "finally", "for",  "from",   "global", "if",      "import", "in",
            "is",     "lambda", "nonlocal", "not",  "or",    "pass",   "raise", "return",   "try",    "while",
            "with",   "yield",  "None",   "True",   "False", "abs",    "min",   "max",      "sum",    "len",
            "sorted", "range",  "list",   "zip",    "map",   "filter", "any",   "all",      "int",    "enumerate",
            "isinstance", "solve", "bool", "str",   "format", "ord",   "chr"};
        return taken.contains(name) ? name + "_" : name;
    }

    std::vector<std::string> fresh(Operator op) const { return functional::fresh_names(op, names_); }

    std::string text(const Expression& expression) {
        using enum Operator;
        switch (expression.op) {
        case variable: return names_[static_cast<std::size_t>(expression.number)];
        case number: return expression.number < 0 ? fmt::format("({})", expression.number) : std::to_string(expression.number);
        case truth: return expression.number != 0 ? "True" : "False";
        case list: {
            std::string all;
            for (const Expression& each : expression.arguments) all += (all.empty() ? "" : ", ") + text(each);
            return "[" + all + "]";
        }
        case let: {
            const std::string value = text(expression.arguments[0]);
            names_.push_back(fresh(let)[0]);
            std::string result = "(lambda " + names_.back() + ": " + text(expression.arguments[1]) + ")(" + value + ")";
            names_.pop_back();
            return result;
        }
        default: return call_text(expression);
        }
    }

    std::string call_text(const Expression& expression) {
        const auto form = std::find_if(python_forms().begin(), python_forms().end(), [&](const PythonForm& each) { return each.op == expression.op; });
        std::string result = form->text;
        if (*form->helper != 0) helpers_.insert(form->helper);
        const auto& row = functional::facts(expression.op);
        std::vector<std::string> parts;
        for (int i = 0; i < row.arguments; ++i) parts.push_back(text(expression.arguments[static_cast<std::size_t>(i)]));
        std::string body, a, b, place;
        if (row.parameters > 0) {
            const auto names = fresh(expression.op);
            const std::size_t outside = names_.size();
            names_.insert(names_.end(), names.begin(), names.end());
            body = text(expression.arguments.back());
            names_.resize(outside);
            a = names[0], b = names[1], place = names.back();
        }
        if (result.find("{default}") != std::string::npos)
            replace_all(result, "{default}", types_.at(&expression).is_list() ? "[]" : "0");
        replace_all(result, "{a}", a);
        replace_all(result, "{b}", b);
        replace_all(result, "{i}", place);
        // The parts last, as braces may stand in none of them.
        replace_all(result, "{body}", body);
        for (std::size_t i = 0; i < parts.size(); ++i) replace_all(result, "{" + std::to_string(i) + "}", parts[i]);
        return result;
    }

    const functional::Program& program_;
    std::vector<std::string> names_;
    std::set<std::string> helpers_;
    std::unordered_map<const Expression*, Type> types_ = functional::types_of(program_);
};

std::string python_type_text(Type type) {
    if (type.kind == values::Kind::character && type.depth > 0) {
        return type.depth == 1 ? "str" : "list[" + python_type_text(type.element()) + "]";
    }
    if (type.is_list()) return "list[" + python_type_text(type.element()) + "]";
    return type.kind == values::Kind::boolean ? "bool" : type.kind == values::Kind::character ? "str" : "int";
}

std::string literal(const Value& value) {
    std::string text = values::to_text(value);
    if (value.type.kind == values::Kind::boolean) {
        replace_all(text, "true", "True");
        replace_all(text, "false", "False");
    }
    return text;
}

/// The value as Python's prompt shows it, so that doctest finds what it expects.
std::string as_python_shows(const Value& value) {
    const bool is_text = value.type == Type{values::Kind::character, 1};
    if (is_text || !value.type.is_list()) {
        std::string text = literal(value);
        const bool plain = text.find_first_of("'\\") == std::string::npos;
        if (is_text && plain) text.front() = text.back() = '\'';
        return text;
    }
    std::string all;
    for (const Value& each : value.elements) all += (all.empty() ? "" : ", ") + as_python_shows(each);
    return "[" + all + "]";
}

std::string call_of(const synthesis::Example& example) {
    std::string arguments;
    for (const Value& each : example.inputs) arguments += (arguments.empty() ? "" : ", ") + literal(each);
    return "solve(" + arguments + ")";
}

std::string entry_lines(const functional::Program& program, const std::vector<std::string>& names) {
    std::string lines;
    for (std::size_t i = 0; i < names.size(); ++i)
        if (const std::string value = inside(program.parameters[i].type, names[i]); value != names[i])
            lines += fmt::format("    {} = {}\n", names[i], value);
    return lines;
}

} // namespace

std::string to_python(const functional::Program& program, const synthesis::Examples& examples) {
    constexpr std::size_t shown = 5;
    PythonWriter writer(program);
    const std::vector<std::string> names = writer.names();
    std::string body = writer.body(), head;
    for (std::size_t i = 0; i < names.size(); ++i)
        head += (i > 0 ? ", " : "") + names[i] + ": " + python_type_text(program.parameters[i].type);
    std::string text;
    for (const std::string& helper : writer.helpers()) text += helper + "\n\n";
    text += fmt::format("def solve({}) -> {}:\n    \"\"\"The function that these examples show:\n\n", head, python_type_text(program.result));
    for (std::size_t i = 0; i < std::min(shown, examples.rows.size()); ++i)
        text += fmt::format("    >>> {}\n    {}\n", call_of(examples.rows[i]), as_python_shows(examples.rows[i].output));
    text += "    \"\"\"\n" + entry_lines(program, names) + body;
    text += "\n\ndef self_test():\n";
    for (const synthesis::Example& each : examples.rows)
        text += fmt::format("    assert {} == {}\n", call_of(each), literal(each.output));
    if (examples.rows.empty()) text += "    pass\n";
    return text + fmt::format("\n\nif __name__ == \"__main__\":\n    self_test()\n    print(\"{} examples are right\")\n",
                              examples.rows.size());
}

} // namespace ropewalk::exports
