#include "ropewalk/programs/exports/c_writer.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include <fmt/format.h>

namespace ropewalk::exports {

using functional::Expression;
using functional::Operator;
using values::Type;

std::string c_type_text(Type type) {
    if (type.is_list()) return "const rope_list *";
    return type.kind == values::Kind::boolean ? "bool " : "int64_t ";
}

std::string c_as_element(Type type, const std::string& value) {
    return (type.is_list() ? "rope_of_list(" : "rope_number(") + value + ")";
}

std::string c_from_element(Type type, const std::string& element) {
    return element + (type.is_list() ? ".list" : type.kind == values::Kind::boolean ? ".number != 0" : ".number");
}

std::string CWriter::value(const Expression& expression) {
    using enum Operator;
    switch (expression.op) {
    case variable: return variables_[static_cast<std::size_t>(expression.number)];
    case number: return number_text(expression.number);
    case truth: return expression.number != 0 ? "true" : "false";
    case list: return literal(expression);
    case let: {
        variables_.push_back(named(type_of(expression.arguments[0]), value(expression.arguments[0])));
        line("(void)" + variables_.back() + ";");
        const std::string result = value(expression.arguments[1]);
        variables_.pop_back();
        return result;
    }
    case condition: return chosen(expression);
    default: break;
    }
    return functional::facts(expression.op).parameters > 0 ? loop(expression) : called(expression);
}

std::string CWriter::safe_name(const std::string& name) {
    static const std::set<std::string> taken{
        "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern",
        "float", "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed",
        "sizeof", "static", "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "bool",
        "true", "false", "memory", "result", "solve", "main", "stdin", "stdout", "stderr", "NULL", "EOF",
        "int64_t", "size_t", "INT64_C", "INT64_MAX", "INT64_MIN", "SIZE_MAX"};
    // Names with a number after a letter are those of values and loops.
    const bool like_ours = name.size() > 1 && (name[0] == 'v' || name[0] == 'i') && std::isdigit(name[1]);
    return taken.contains(name) || like_ours || name.starts_with("rope_") || name.starts_with("_") ? "given_" + name : name;
}

std::string CWriter::number_text(std::int64_t number) {
    const bool wide = number < INT32_MIN || number > INT32_MAX;
    const std::string text = wide ? fmt::format("INT64_C({})", number) : std::to_string(number);
    return number < 0 ? "(" + text + ")" : text;
}

Type CWriter::type_of(const Expression& expression) const {
    const auto known = types_.find(&expression);
    return known == types_.end() ? Type{} : known->second;
}

std::string CWriter::named(Type type, const std::string& content) {
    const std::string name = fresh();
    line(c_type_text(type) + name + " = " + content + ";");
    return name;
}

std::string CWriter::checked(Type type, const std::string& content) {
    const std::string name = named(type, content);
    line("if (memory->failed) return false;");
    return name;
}

std::string CWriter::literal(const Expression& expression) {
    if (expression.arguments.empty()) return "(&rope_empty)";
    std::vector<std::string> elements;
    for (const Expression& each : expression.arguments) elements.push_back(element(each));
    const std::string at = room(number_text(static_cast<std::int64_t>(elements.size())));
    for (std::size_t i = 0; i < elements.size(); ++i) line(fmt::format("{}[{}] = {};", at, i, elements[i]));
    return made(at, std::to_string(elements.size()));
}

std::string CWriter::room(const std::string& length) {
    const std::string at = fresh();
    line(fmt::format("rope_value *{} = rope_room(memory, {});", at, length));
    line("if (memory->failed) return false;");
    return at;
}

std::string CWriter::made(const std::string& at, const std::string& length) {
    return checked({values::Kind::integer, 1}, fmt::format("rope_make(memory, {}, {})", at, length));
}

std::string CWriter::chosen(const Expression& expression) {
    const std::string condition = value(expression.arguments[0]), name = fresh();
    line(c_type_text(type_of(expression)) + name + ";");
    for (const std::size_t branch : {1u, 2u}) {
        line(branch == 1 ? "if (" + condition + ") {" : "} else {");
        indent_ += 4;
        const std::string result = value(expression.arguments[branch]);
        line(name + " = " + result + ";");
        indent_ -= 4;
    }
    line("}");
    return name;
}

std::string CWriter::called(const Expression& expression) {
    using enum Operator;
    const auto& arguments = expression.arguments;
    std::vector<std::string> v;
    for (const Expression& each : arguments) v.push_back(value(each));
    const Type type = type_of(expression), first_type = type_of(arguments[0]);
    const auto plain = [&](const std::string& content) { return named(type, content); };
    const auto may_fail = [&](const std::string& content) { return checked(type, content); };
    // The second or third argument as an element of the first, and how deep such elements are.
    const auto item = [&](std::size_t i) { return c_as_element(type_of(arguments[i]), v[i]); };
    const int depth = std::max(0, first_type.depth - 1);
    const std::string name = functional::facts(expression.op).name;
    switch (expression.op) {
    case add:
    case subtract:
    case multiply: return may_fail(fmt::format("rope_{}(memory, {}, {})", name, v[0], v[1]));
    case divide:
    case remainder: return plain(fmt::format("rope_{}({}, {})", name, v[0], v[1]));
    case negate: return plain("-" + v[0]);
    case absolute: return plain("rope_absolute(" + v[0] + ")");
    case minimum_of: return plain(fmt::format("rope_minimum_of({}, {})", v[0], v[1]));
    case maximum_of: return plain(fmt::format("rope_maximum_of({}, {})", v[0], v[1]));
    case common_divisor: return plain(fmt::format("rope_gcd({}, {})", v[0], v[1]));
    case from_truth: return plain(v[0] + " ? 1 : 0");
    case less: return plain(v[0] + " < " + v[1]);
    case at_most: return plain(v[0] + " <= " + v[1]);
    case equal:
    case not_equal:
        return plain(fmt::format("{}rope_equal({}, {}, {})", expression.op == equal ? "" : "!", item(0), item(1),
                                 std::max(first_type.depth, type_of(arguments[1]).depth)));
    case negation: return plain("!" + v[0]);
    case both: return plain(v[0] + " && " + v[1]);
    case either: return plain(v[0] + " || " + v[1]);
    case even: return plain(v[0] + " % 2 == 0");
    case odd: return plain(v[0] + " % 2 != 0");
    case length: return plain("(int64_t)" + v[0] + "->length");
    case first: return plain(c_from_element(type, fmt::format("rope_get({}, 0, {})", v[0], type.depth)));
    case last: return plain(c_from_element(type, fmt::format("rope_get({}, -1, {})", v[0], type.depth)));
    case get: return plain(c_from_element(type, fmt::format("rope_get({}, {}, {})", v[0], v[1], type.depth)));
    case sum:
    case product:
    case from_digits: return may_fail(fmt::format("rope_{}(memory, {})", name, v[0]));
    case maximum:
    case minimum: return plain(fmt::format("rope_{}({})", name, v[0]));
    case count:
    case index: return plain(fmt::format("rope_{}({}, {}, {})", name, v[0], item(1), depth));
    case contains: return plain(fmt::format("rope_index({}, {}, {}) >= 0", v[0], item(1), depth));
    case prepend:
    case append:
    case join: return may_fail(fmt::format("rope_{}(memory, {}, {})", name, v[0], item(1)));
    case sort: return may_fail(fmt::format("rope_sorted(memory, {0}, {0})", v[0]));
    case tail: return may_fail(fmt::format("rope_slice(memory, {0}, {0}->length > 0, {0}->length)", v[0]));
    case init: return may_fail(fmt::format("rope_slice(memory, {0}, 0, {0}->length - ({0}->length > 0))", v[0]));
    case take: return may_fail(fmt::format("rope_slice(memory, {0}, 0, rope_prefix({0}, {1}))", v[0], v[1]));
    case drop: return may_fail(fmt::format("rope_slice(memory, {0}, rope_prefix({0}, {1}), {0}->length)", v[0], v[1]));
    case digits:
    case bits: return may_fail(fmt::format("rope_digits(memory, {}, {})", v[0], expression.op == digits ? 10 : 2));
    case numbers: return may_fail(fmt::format("rope_numbers(memory, {})", v[0]));
    case to_text: return may_fail(fmt::format("rope_to_text(memory, {})", v[0]));
    case upper: return may_fail(fmt::format("rope_with_case(memory, {}, 'a', 'A' - 'a')", v[0]));
    case lower: return may_fail(fmt::format("rope_with_case(memory, {}, 'A', 'a' - 'A')", v[0]));
    case unique:
    case group: return may_fail(fmt::format("rope_{}(memory, {}, {})", name, v[0], depth));
    case repeat: return may_fail(fmt::format("rope_repeat(memory, {}, {})", item(0), v[1]));
    case split: return may_fail(fmt::format("rope_split(memory, {}, {}, {})", v[0], item(1), depth));
    case insert:
    case pad:
    case set: return may_fail(fmt::format("rope_{}(memory, {}, {}, {})", name, v[0], v[1], item(2)));
    case windows: return may_fail(fmt::format("rope_pieces(memory, {}, {}, true)", v[0], v[1]));
    case chunks: return may_fail(fmt::format("rope_pieces(memory, {}, {}, false)", v[0], v[1]));
    default: break;
    }
    std::string parts;
    for (const std::string& each : v) parts += ", " + each;
    return may_fail(fmt::format("rope_{}(memory{})", name, parts));
}

} // namespace ropewalk::exports
