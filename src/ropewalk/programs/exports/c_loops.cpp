// Operators that take a function, as loops in C.
#include <algorithm>

#include <fmt/format.h>

#include "ropewalk/programs/exports/c_writer.hpp"

namespace ropewalk::exports {

using functional::Expression;
using functional::Operator;
using values::Type;

std::string CWriter::open_loop(const std::string& length, const std::string& from) {
    const std::string place = "i" + std::to_string(++names_);
    line(fmt::format("for (size_t {0} = {1}; {0} < {2}; ++{0}) {{", place, from, length));
    indent_ += 4;
    return place;
}

void CWriter::close_loop() {
    indent_ -= 4;
    line("}");
}

std::string CWriter::body(const Expression& expression, const std::vector<std::string>& parameters) {
    const std::size_t outside = variables_.size();
    variables_.insert(variables_.end(), parameters.begin(), parameters.end());
    std::string result = value(expression.arguments.back());
    variables_.resize(outside);
    return result;
}

std::string CWriter::loop(const Expression& expression) {
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

std::string CWriter::element_at(const Expression& list, const std::string& x, const std::string& place) const {
    return "(" + c_from_element(type_of(list).element(), fmt::format("{}->at[{}]", x, place)) + ")";
}

std::string CWriter::mapped(const Expression& expression, const std::string& x) {
    const Expression& list = expression.arguments[0];
    const std::string at = room(x + "->length"), place = open_loop(x + "->length");
    const std::string result = body(expression, {element_at(list, x, place), place_value(place)});
    line(fmt::format("{}[{}] = {};", at, place, c_as_element(type_of(expression.arguments.back()), result)));
    close_loop();
    std::string all = made(at, x + "->length");
    if (expression.op == Operator::map) return all;
    if (expression.op == Operator::flat_map)
        return checked(type_of(expression), fmt::format("rope_flatten(memory, {})", all));
    return checked(type_of(expression), fmt::format("rope_sorted(memory, {}, {})", x, all));
}

std::string CWriter::asked(const Expression& expression, const std::string& x) {
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

std::string CWriter::kept(const Expression& expression, const std::string& x) {
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

std::string CWriter::chosen_by(const Expression& expression, const std::string& x) {
    const Type type = type_of(expression);
    const std::string at = fresh(), best = fresh();
    line(fmt::format("size_t {} = 0;", at));
    line(fmt::format("int64_t {} = 0;", best));
    const std::string place = open_loop(x + "->length");
    const std::string key = body(expression, {element_at(expression.arguments[0], x, place), place_value(place)});
    line(fmt::format("if ({0} == 0 || {1} {2} {3}) {{ {3} = {1}; {4} = {0}; }}", place, key,
                     expression.op == Operator::max_by ? ">" : "<", best, at));
    close_loop();
    return named(type, c_from_element(type, fmt::format("rope_get({}, (int64_t){}, {})", x, at, type.depth)));
}

std::string CWriter::cancelled(const Expression& expression, const std::string& x) {
    const Type element = type_of(expression.arguments[0]).element();
    const std::string length = fresh(), at = room(x + "->length");
    line("size_t " + length + " = 0;");
    const std::string place = open_loop(x + "->length"), meets = fresh();
    line(fmt::format("bool {} = {} > 0;", meets, length));
    line(fmt::format("if ({}) {{", meets));
    indent_ += 4;
    const std::string top = "(" + c_from_element(element, fmt::format("{}[{} - 1]", at, length)) + ")";
    line(meets + " = " + body(expression, {top, element_at(expression.arguments[0], x, place)}) + ";");
    indent_ -= 4;
    line("}");
    line(fmt::format("if ({}) --{};", meets, length));
    line(fmt::format("else {}[{}++] = {}->at[{}];", at, length, x, place));
    close_loop();
    return made(at, length);
}

std::string CWriter::joined(const Expression& expression, const std::string& x) {
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
    line(fmt::format("{}[{}] = {};", at, place, c_as_element(type_of(expression.arguments.back()), result)));
    close_loop();
    return made(at, length);
}

std::string CWriter::states(const Expression& expression, const std::string& x) {
    const bool from_first = expression.op == Operator::accumulate, all = expression.op != Operator::fold;
    const Expression& list = expression.arguments[0];
    const Type type = type_of(expression.arguments.back());
    const std::string start =
        from_first ? c_from_element(type, fmt::format("rope_get({}, 0, {})", x, type.depth)) : value(expression.arguments[1]);
    const std::string state = named(type, start);
    const std::string at = all ? room(x + "->length") : "";
    if (from_first) line(fmt::format("if ({}->length > 0) {}[0] = {};", x, at, c_as_element(type, state)));
    const std::string place = open_loop(x + "->length", from_first ? "1" : "0");
    const std::string result = body(expression, {state, element_at(list, x, place), place_value(place)});
    line(state + " = " + result + ";");
    if (all) line(fmt::format("{}[{}] = {};", at, place, c_as_element(type, state)));
    close_loop();
    return all ? made(at, x + "->length") : state;
}

std::string CWriter::repeated(const Expression& expression, const std::string& times) {
    const std::string state = named(type_of(expression.arguments[2]), value(expression.arguments[1]));
    const std::string place = open_loop(fmt::format("(size_t)rope_maximum_of({}, 0)", times));
    line(state + " = " + body(expression, {state, place_value(place)}) + ";");
    close_loop();
    return state;
}

} // namespace ropewalk::exports
