#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "ropewalk/programs/exports/c_runtime.hpp"
#include "ropewalk/programs/exports/exports.hpp"

namespace ropewalk::exports {

namespace {

using functional::Expression;
using functional::Operator;
using values::Type;
using values::Value;

std::string type_text(Type type) {
    if (type.is_list()) return "const rope_list *";
    return type.kind == values::Kind::boolean ? "bool " : "int64_t ";
}

/// A value as an element of a list, and back.
std::string as_element(Type type, const std::string& value) {
    return (type.is_list() ? "rope_of_list(" : "rope_number(") + value + ")";
}

std::string from_element(Type type, const std::string& element) {
    return element + (type.is_list() ? ".list" : type.kind == values::Kind::boolean ? ".number != 0" : ".number");
}

/// Writes expressions as statements; every value that is not at hand gets a name.
class Writer {
public:
    explicit Writer(const functional::Program& program) : types_(functional::types_of(program)) {
        for (const auto& each : program.parameters) variables_.push_back(safe_name(each.name));
    }

    const std::vector<std::string>& variables() const { return variables_; }

    /// The statements so far.
    std::string text;

    /// Writes what computes the expression, and returns how its value is named.
    std::string value(const Expression& expression) {
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

private:
    static std::string safe_name(const std::string& name) {
        static const std::set<std::string> taken{
            "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern",
            "float", "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed",
            "sizeof", "static", "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "bool",
            "true", "false", "memory", "result", "solve", "main", "stdin", "stdout", "stderr", "NULL", "EOF"};
        // Names with a number after a letter are those of values and loops.
        const bool like_ours = name.size() > 1 && (name[0] == 'v' || name[0] == 'i') && std::isdigit(name[1]);
        return taken.contains(name) || like_ours || name.starts_with("rope_") || name.starts_with("_") ? "given_" + name : name;
    }

    static std::string number_text(std::int64_t number) {
        const bool wide = number < INT32_MIN || number > INT32_MAX;
        const std::string text = wide ? fmt::format("INT64_C({})", number) : std::to_string(number);
        return number < 0 ? "(" + text + ")" : text;
    }

    Type type_of(const Expression& expression) const {
        const auto known = types_.find(&expression);
        return known == types_.end() ? Type{} : known->second;
    }

    std::string fresh() { return "v" + std::to_string(++names_); }

    void line(const std::string& content) { text += std::string(indent_, ' ') + content + "\n"; }

    std::string named(Type type, const std::string& content) {
        const std::string name = fresh();
        line(type_text(type) + name + " = " + content + ";");
        return name;
    }

    /// The same for what may fail.
    std::string checked(Type type, const std::string& content) {
        const std::string name = named(type, content);
        line("if (memory->failed) return false;");
        return name;
    }

    std::string element(const Expression& expression) { return as_element(type_of(expression), value(expression)); }

    std::string literal(const Expression& expression) {
        if (expression.arguments.empty()) return "(&rope_empty)";
        std::vector<std::string> elements;
        for (const Expression& each : expression.arguments) elements.push_back(element(each));
        const std::string at = room(number_text(static_cast<std::int64_t>(elements.size())));
        for (std::size_t i = 0; i < elements.size(); ++i) line(fmt::format("{}[{}] = {};", at, i, elements[i]));
        return made(at, std::to_string(elements.size()));
    }

    std::string room(const std::string& length) {
        const std::string at = fresh();
        line(fmt::format("rope_value *{} = rope_room(memory, {});", at, length));
        line("if (memory->failed) return false;");
        return at;
    }

    std::string made(const std::string& at, const std::string& length) {
        return checked({values::Kind::integer, 1}, fmt::format("rope_make(memory, {}, {})", at, length));
    }

    std::string chosen(const Expression& expression) {
        const std::string condition = value(expression.arguments[0]), name = fresh();
        line(type_text(type_of(expression)) + name + ";");
        for (const std::size_t branch : {1, 2}) {
            line(branch == 1 ? "if (" + condition + ") {" : "} else {");
            indent_ += 4;
            const std::string result = value(expression.arguments[branch]);
            line(name + " = " + result + ";");
            indent_ -= 4;
        }
        line("}");
        return name;
    }

    std::string called(const Expression& expression) {
        using enum Operator;
        const auto& arguments = expression.arguments;
        std::vector<std::string> v;
        for (const Expression& each : arguments) v.push_back(value(each));
        const Type type = type_of(expression), first_type = type_of(arguments[0]);
        const auto plain = [&](const std::string& content) { return named(type, content); };
        const auto may_fail = [&](const std::string& content) { return checked(type, content); };
        // The second or third argument as an element of the first, and how deep such elements are.
        const auto item = [&](std::size_t i) { return as_element(type_of(arguments[i]), v[i]); };
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
        case first: return plain(from_element(type, fmt::format("rope_get({}, 0, {})", v[0], type.depth)));
        case last: return plain(from_element(type, fmt::format("rope_get({}, -1, {})", v[0], type.depth)));
        case get: return plain(from_element(type, fmt::format("rope_get({}, {}, {})", v[0], v[1], type.depth)));
        case sum:
        case product: return may_fail(fmt::format("rope_{}(memory, {})", name, v[0]));
        case maximum:
        case minimum: return plain(fmt::format("rope_{}({})", name, v[0]));
        case count:
        case index: return plain(fmt::format("rope_{}({}, {}, {})", name, v[0], item(1), depth));
        case contains: return plain(fmt::format("rope_index({}, {}, {}) >= 0", v[0], item(1), depth));
        case prepend:
        case append: return may_fail(fmt::format("rope_{}(memory, {}, {})", name, v[0], item(1)));
        case sort: return may_fail(fmt::format("rope_sorted(memory, {0}, {0})", v[0]));
        case tail: return may_fail(fmt::format("rope_slice(memory, {0}, {0}->length > 0, {0}->length)", v[0]));
        case init: return may_fail(fmt::format("rope_slice(memory, {0}, 0, {0}->length - ({0}->length > 0))", v[0]));
        case take: return may_fail(fmt::format("rope_slice(memory, {0}, 0, rope_prefix({0}, {1}))", v[0], v[1]));
        case drop: return may_fail(fmt::format("rope_slice(memory, {0}, rope_prefix({0}, {1}), {0}->length)", v[0], v[1]));
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

    /// Opens a loop over 0..length-1 and gives the name of the place.
    std::string open_loop(const std::string& length, const std::string& from = "0") {
        const std::string place = "i" + std::to_string(++names_);
        line(fmt::format("for (size_t {0} = {1}; {0} < {2}; ++{0}) {{", place, from, length));
        indent_ += 4;
        return place;
    }

    void close_loop() {
        indent_ -= 4;
        line("}");
    }

    /// The function's value, for these parameters.
    std::string body(const Expression& expression, const std::vector<std::string>& parameters) {
        const std::size_t outside = variables_.size();
        variables_.insert(variables_.end(), parameters.begin(), parameters.end());
        std::string result = value(expression.arguments.back());
        variables_.resize(outside);
        return result;
    }

    std::string loop(const Expression& expression) {
        using enum Operator;
        const std::string x = value(expression.arguments[0]);
        switch (expression.op) {
        case iterate: return repeated(expression, x);
        case fold:
        case scan:
        case accumulate: return states(expression, x);
        case zip_with:
        case pairwise: return joined(expression, x);
        case any:
        case all:
        case count_if: return asked(expression, x);
        case filter:
        case take_while:
        case drop_while: return kept(expression, x);
        case max_by:
        case min_by: return chosen_by(expression, x);
        case cancel: return cancelled(expression, x);
        default: return mapped(expression, x);
        }
    }

    std::string element_at(const Expression& list, const std::string& x, const std::string& place) const {
        return "(" + from_element(type_of(list).element(), fmt::format("{}->at[{}]", x, place)) + ")";
    }

    static std::string place_value(const std::string& place) { return "(int64_t)" + place; }

    std::string mapped(const Expression& expression, const std::string& x) {
        const Expression& list = expression.arguments[0];
        const std::string at = room(x + "->length"), place = open_loop(x + "->length");
        const std::string result = body(expression, {element_at(list, x, place), place_value(place)});
        line(fmt::format("{}[{}] = {};", at, place, as_element(type_of(expression.arguments.back()), result)));
        close_loop();
        const std::string all = made(at, x + "->length");
        if (expression.op == Operator::map) return all;
        if (expression.op == Operator::flat_map)
            return checked(type_of(expression), fmt::format("rope_flatten(memory, {})", all));
        return checked(type_of(expression), fmt::format("rope_sorted(memory, {}, {})", x, all));
    }

    std::string asked(const Expression& expression, const std::string& x) {
        const bool counts = expression.op == Operator::count_if;
        const std::string name = fresh();
        line(counts ? "int64_t " + name + " = 0;"
                    : "bool " + name + (expression.op == Operator::all ? " = true;" : " = false;"));
        const std::string place = open_loop(x + "->length");
        const std::string result = body(expression, {element_at(expression.arguments[0], x, place), place_value(place)});
        line(counts ? fmt::format("{} += {} ? 1 : 0;", name, result)
                    : fmt::format("{0} = {0} {1} {2};", name, expression.op == Operator::all ? "&&" : "||", result));
        close_loop();
        return name;
    }

    std::string kept(const Expression& expression, const std::string& x) {
        const std::string length = fresh(), at = room(x + "->length");
        line("size_t " + length + " = 0;");
        std::string open;
        if (expression.op != Operator::filter) {
            open = fresh();
            line(fmt::format("bool {} = true;", open));
        }
        const std::string place = open_loop(x + "->length");
        const std::string result = body(expression, {element_at(expression.arguments[0], x, place), place_value(place)});
        if (!open.empty()) line(fmt::format("{0} = {0} && {1};", open, result));
        const std::string keeps = open.empty() ? result : (expression.op == Operator::take_while ? "" : "!") + open;
        line(fmt::format("if ({}) {}[{}++] = {}->at[{}];", keeps, at, length, x, place));
        close_loop();
        return made(at, length);
    }

    std::string chosen_by(const Expression& expression, const std::string& x) {
        const Type type = type_of(expression);
        const std::string at = fresh(), best = fresh();
        line(fmt::format("size_t {} = 0;", at));
        line(fmt::format("int64_t {} = 0;", best));
        const std::string place = open_loop(x + "->length");
        const std::string key = body(expression, {element_at(expression.arguments[0], x, place), place_value(place)});
        line(fmt::format("if ({0} == 0 || {1} {2} {3}) {{ {3} = {1}; {4} = {0}; }}", place, key,
                         expression.op == Operator::max_by ? ">" : "<", best, at));
        close_loop();
        return named(type, from_element(type, fmt::format("rope_get({}, (int64_t){}, {})", x, at, type.depth)));
    }

    std::string cancelled(const Expression& expression, const std::string& x) {
        const Type element = type_of(expression.arguments[0]).element();
        const std::string length = fresh(), at = room(x + "->length");
        line("size_t " + length + " = 0;");
        const std::string place = open_loop(x + "->length"), meets = fresh();
        line(fmt::format("bool {} = {} > 0;", meets, length));
        line(fmt::format("if ({}) {{", meets));
        indent_ += 4;
        const std::string top = "(" + from_element(element, fmt::format("{}[{} - 1]", at, length)) + ")";
        line(meets + " = " + body(expression, {top, element_at(expression.arguments[0], x, place)}) + ";");
        indent_ -= 4;
        line("}");
        line(fmt::format("if ({}) --{};", meets, length));
        line(fmt::format("else {}[{}++] = {}->at[{}];", at, length, x, place));
        close_loop();
        return made(at, length);
    }

    std::string joined(const Expression& expression, const std::string& x) {
        const bool neighbours = expression.op == Operator::pairwise;
        const Expression& list = expression.arguments[0];
        const std::string y = neighbours ? x : value(expression.arguments[1]), length = fresh();
        line(fmt::format("const size_t {} = {};", length,
                         neighbours ? fmt::format("{0}->length - ({0}->length > 0)", x)
                                    : fmt::format("{0}->length < {1}->length ? {0}->length : {1}->length", x, y)));
        const std::string at = room(length), place = open_loop(length);
        const std::string a = element_at(list, x, place);
        const std::string b = neighbours ? element_at(list, x, place + " + 1") : element_at(expression.arguments[1], y, place);
        const std::string result = body(expression, {a, b, place_value(place)});
        line(fmt::format("{}[{}] = {};", at, place, as_element(type_of(expression.arguments.back()), result)));
        close_loop();
        return made(at, length);
    }

    std::string states(const Expression& expression, const std::string& x) {
        const bool from_first = expression.op == Operator::accumulate, all = expression.op != Operator::fold;
        const Expression& list = expression.arguments[0];
        const Type type = type_of(expression.arguments.back());
        const std::string start =
            from_first ? from_element(type, fmt::format("rope_get({}, 0, {})", x, type.depth)) : value(expression.arguments[1]);
        const std::string state = named(type, start);
        const std::string at = all ? room(x + "->length") : "";
        if (from_first) line(fmt::format("if ({}->length > 0) {}[0] = {};", x, at, as_element(type, state)));
        const std::string place = open_loop(x + "->length", from_first ? "1" : "0");
        const std::string result = body(expression, {state, element_at(list, x, place), place_value(place)});
        line(state + " = " + result + ";");
        if (all) line(fmt::format("{}[{}] = {};", at, place, as_element(type, state)));
        close_loop();
        return all ? made(at, x + "->length") : state;
    }

    std::string repeated(const Expression& expression, const std::string& times) {
        const std::string state = named(type_of(expression.arguments[2]), value(expression.arguments[1]));
        const std::string place = open_loop(fmt::format("(size_t)rope_maximum_of({}, 0)", times));
        line(state + " = " + body(expression, {state, place_value(place)}) + ";");
        close_loop();
        return state;
    }

    std::unordered_map<const Expression*, Type> types_;
    std::vector<std::string> variables_;
    std::size_t indent_ = 4;
    int names_ = 0;
};

/// Statements that make a value of an example in `memory`, and its name.
class ExampleWriter {
public:
    std::string text;

    std::string made(const Value& value) {
        if (!value.type.is_list()) return fmt::format("INT64_C({})", value.number);
        std::vector<std::string> elements;
        for (const Value& each : value.elements) elements.push_back(as_element(each.type, made(each)));
        const std::string name = "e" + std::to_string(++names_);
        text += fmt::format("        rope_value {}_at[{}];\n", name, elements.size() + 1);
        text += fmt::format("        {}_at[{}] = rope_number(0);\n", name, elements.size());
        for (std::size_t i = 0; i < elements.size(); ++i)
            text += fmt::format("        {}_at[{}] = {};\n", name, i, elements[i]);
        text += fmt::format("        const rope_list {0} = {{{1}, {0}_at}};\n", name, elements.size());
        return "(&" + name + ")";
    }

private:
    int names_ = 0;
};

std::string self_test(const functional::Program& program, const synthesis::Examples& examples) {
    std::string text = "\n#ifdef ROPE_SELF_TEST\nint main(void) {\n    rope_memory memory = {NULL, false};\n";
    for (const synthesis::Example& each : examples.rows) {
        ExampleWriter writer;
        std::string arguments;
        for (const Value& input : each.inputs) arguments += writer.made(input) + ", ";
        const std::string expected = writer.made(each.output);
        text += "    {\n" + writer.text + "        " + type_text(program.result) + "result;\n";
        text += fmt::format("        if (!solve({}&memory, &result) || !rope_equal({}, {}, {})) return 1;\n", arguments,
                            as_element(program.result, "result"), as_element(program.result, expected), program.result.depth);
        text += "        rope_free(&memory);\n    }\n";
    }
    return text + "    return 0;\n}\n#endif\n";
}

} // namespace

std::string to_c(const functional::Program& program, const synthesis::Examples& examples) {
    Writer writer(program);
    const std::vector<std::string> names = writer.variables();
    const std::string result = writer.value(program.body);
    std::string head, shown, unused;
    for (std::size_t i = 0; i < names.size(); ++i) {
        head += type_text(program.parameters[i].type) + names[i] + ", ";
        unused += "    (void)" + names[i] + ";\n";
    }
    constexpr std::size_t most_shown = 5;
    for (std::size_t i = 0; i < std::min(most_shown, examples.rows.size()); ++i) {
        std::string arguments;
        for (const Value& each : examples.rows[i].inputs) arguments += (arguments.empty() ? "" : ", ") + values::to_text(each);
        shown += fmt::format("     solve({}) = {}\n", arguments, values::to_text(examples.rows[i].output));
    }
    // A comment must not end inside of what it shows.
    for (std::size_t at = 0; (at = shown.find("*/", at)) != std::string::npos;) shown.replace(at, 2, "* /");
    return std::string(c_runtime) +
           fmt::format("\n/* The function that these examples show:\n\n{}\n   Lists are made in the memory. False where there "
                       "is no value. */\nbool solve({}rope_memory *memory, {}*result);\nbool solve({}rope_memory *memory, "
                       "{}*result) {{\n{}{}    *result = {};\n    return !memory->failed;\n}}\n",
                       shown, head, type_text(program.result), head, type_text(program.result), unused, writer.text, result) +
           self_test(program, examples);
}

} // namespace ropewalk::exports
