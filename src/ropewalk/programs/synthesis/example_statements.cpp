#include "ropewalk/programs/synthesis/example_statements.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ropewalk/base/base.hpp"
#include "ropewalk/programs/synthesis/example_keys.hpp"

namespace ropewalk::synthesis {

namespace {

using Pieces = std::vector<Piece>;

bool is_object(const Piece& piece) { return piece.text.starts_with('{'); }

bool is_pair(const Piece& piece) { return piece.text.starts_with('[') && elements_of(piece).size() == 2; }

std::string shown(std::string_view text) {
    constexpr std::size_t longest = 40;
    return base::printable(text.size() <= longest ? text : text.substr(0, longest)) + (text.size() <= longest ? "" : "...");
}

std::string found(const Piece& piece) {
    return piece.text.starts_with('[') ? fmt::format("a list of {}", elements_of(piece).size()) : base::quoted(piece.text);
}

void read_pair(const Piece& at, const Piece& argument, const Piece& value, ExampleReading& reading) {
    auto input = reading.value(argument, "the argument");
    if (!input) return;
    auto output = reading.value(value, "the value");
    if (output) reading.rows.push_back({.at = at.at, .inputs = {{"x", std::move(*input)}}, .output = std::move(*output)});
}

void read_element(const Piece& element, ExampleReading& reading) {
    if (is_object(element)) return read_object(element, reading);
    if (!is_pair(element))
        return reading.wrong(element.at, found(element) + " among examples",
                             "a pair of argument and value, such as [[3,1,2],[1,2,3]], or an object");
    const Pieces sides = elements_of(element);
    read_pair(element, sides[0], sides[1], reading);
}

bool are_alike(const Piece& left, const Piece& right) {
    const auto a = values::parse_value(left.text, ""), b = values::parse_value(right.text, "");
    return a && b && values::common_type(*a, *b);
}

/// Whether a list of two lists is two examples rather than one. Where it may be either, lists inside of lists of lists are
/// taken for pairs, as files of pairs look so, and lists of numbers are not.
bool are_two_examples(const Piece& left, const Piece& right, ExampleReading& reading) {
    if (is_object(left) || is_object(right)) return true;
    if (!is_pair(left) || !is_pair(right)) return false;
    const Pieces first = elements_of(left), second = elements_of(right);
    if (!are_alike(first[0], second[0]) || !are_alike(first[1], second[1])) return false;
    if (!values::parse_value(left.text, "") || !values::parse_value(right.text, "")) return true;
    const bool two = first[0].text.starts_with('[');
    if (two)
        reading.note(fmt::format("read as two examples, {} -> {} and another; for one, write {} -> {}", shown(first[0].text),
                                 shown(first[1].text), shown(left.text), shown(right.text)));
    else
        reading.note(fmt::format("read as one example, {} -> {}; for two, write {} -> {} and the other on a line of its own",
                                 shown(left.text), shown(right.text), shown(first[0].text), shown(first[1].text)));
    return two;
}

/// A list that is the whole file, or all of what it calls its examples.
void read_list(const Piece& list, ExampleReading& reading) {
    const Pieces elements = elements_of(list);
    const bool any =
        std::any_of(elements.begin(), elements.end(), [](const Piece& each) { return is_object(each) || is_pair(each); });
    if (!any && elements.size() != 2) return reading.wrong(list.at, found(list), example_forms);
    if (elements.size() == 2 && !are_two_examples(elements[0], elements[1], reading))
        return read_pair(list, elements[0], elements[1], reading);
    for (const Piece& each : elements) read_element(each, reading);
}

void read_alone(const Piece& piece, ExampleReading& reading) {
    if (!is_object(piece)) return read_list(piece, reading);
    const auto inside = examples_inside(piece, reading);
    if (!inside) return read_object(piece, reading);
    const Pieces elements = elements_of(*inside);
    if (elements.empty()) reading.wrong(inside->at, "a list without examples", example_forms);
    for (const Piece& each : elements) read_element(each, reading);
}

/// One of several values of a file.
void read_value(const Piece& piece, ExampleReading& reading) {
    const auto objects = [](const Pieces& all) { return !all.empty() && std::all_of(all.begin(), all.end(), is_object); };
    if (is_object(piece)) return read_object(piece, reading);
    const Pieces elements = piece.text.starts_with('[') ? elements_of(piece) : Pieces{};
    if (objects(elements))
        for (const Piece& each : elements) read_object(each, reading);
    else if (elements.size() == 2)
        read_pair(piece, elements[0], elements[1], reading);
    else
        reading.wrong(piece.at, found(piece), example_forms);
}

/// `3, [1] -> 7`
void read_arrow(const Piece& statement, const Piece& arrow, ExampleReading& reading) {
    const std::size_t before = arrow.at - statement.at, behind = before + arrow.text.size();
    const Pieces arguments = parts_of({statement.text.substr(0, before), statement.at});
    const Pieces values = parts_of({statement.text.substr(behind), statement.at + behind});
    const auto refused = [&](const Piece& piece) {
        const char* form = "values on both sides of the arrow, as in [3,1,2] -> [1,2,3]";
        if (piece.text.empty()) {
            reading.wrong({piece.at, "nothing where a value was to be", form});
            return true;
        }
        const auto fault = syntax_fault(piece);
        if (fault) reading.wrong(*fault);
        return fault.has_value();
    };
    for (const Pieces* side : {&arguments, &values})
        if (std::any_of(side->begin(), side->end(), refused)) return;
    if (values.size() > 1)
        return reading.wrong(
            {values[1].at, fmt::format("{} values behind the arrow", values.size()), "one; in brackets where it is a list"});
    ExampleRow row{.at = statement.at};
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        auto input = reading.value(arguments[i], "an argument");
        if (!input) return;
        row.inputs.emplace_back(name_of_argument(i, arguments.size()), std::move(*input));
    }
    auto output = reading.value(values[0], "the value");
    if (!output) return;
    row.output = std::move(*output);
    reading.rows.push_back(std::move(row));
}

void read_statement(const Statement& statement, bool alone, ExampleReading& reading) {
    if (statement.fault) return reading.wrong(*statement.fault);
    const auto arrows = arrows_of(statement.piece);
    if (arrows.size() > 1) return reading.wrong({arrows[1].at, "a second arrow", "one arrow a line, as in [3,1,2] -> [1,2,3]"});
    if (arrows.size() == 1) return read_arrow(statement.piece, arrows[0], reading);
    if (const auto fault = syntax_fault(statement.piece, example_forms)) return reading.wrong(*fault);
    if (alone && (is_object(statement.piece) || statement.piece.text.starts_with('[')))
        return read_alone(statement.piece, reading);
    read_value(statement.piece, reading);
}

} // namespace

void read_statements(std::string_view source, std::string_view json, ExampleReading& reading) {
    const auto statements = statements_of(json);
    reading.one_object_a_line = source == json;
    for (const Statement& each : statements) {
        read_statement(each, statements.size() == 1, reading);
        const bool on_a_line = is_object(each.piece) && each.piece.text.find('\n') == std::string_view::npos;
        reading.one_object_a_line = reading.one_object_a_line && on_a_line && !each.comma;
    }
    reading.one_object_a_line = reading.one_object_a_line && reading.rows.size() == statements.size();
}

} // namespace ropewalk::synthesis
