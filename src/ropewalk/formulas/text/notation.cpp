#include "ropewalk/formulas/text/notation.hpp"

#include <algorithm>

#include "ropewalk/base/json.hpp"
#include "ropewalk/formulas/text/code_text.hpp"
#include "ropewalk/formulas/text/reading_text.hpp"

namespace ropewalk::formula {

namespace {

/// One name for each variable of the program.
std::vector<std::string> all_names(const Program& program, std::span<const std::string> names) {
    std::vector<std::string> all(names.begin(), names.end());
    all.resize(static_cast<std::size_t>(program.variables));
    for (std::size_t v = names.size(); v < all.size(); ++v) all[v] = name_of_variable(v);
    return all;
}

/// The lines as they stand, operands by the number of their slot: variables first, then lines.
std::string json_text(const Program& program, const Labels& labels) {
    const Program tidied = tidy(program);
    nlohmann::ordered_json lines = nlohmann::ordered_json::array();
    for (const Line& line : tidied.lines) {
        const OperatorInfo& row = info(line.operation);
        nlohmann::ordered_json object{{"operator", row.name}};
        if (row.arity >= 1) object["left"] = line.left;
        if (row.arity >= 2) object["right"] = line.right;
        if (row.operation == Operator::constant) object["value"] = line.value;
        lines.push_back(object);
    }
    const nlohmann::ordered_json object{{"target", labels.target},
                                        {"formula", to_infix(tidied, labels.inputs)},
                                        {"variables", labels.inputs},
                                        {"lines", lines},
                                        {"result", tidied.result()}};
    return base::json_file_text(object);
}

} // namespace

std::optional<Notation> notation_named(std::string_view name) {
    const auto place = std::find(notation_names.begin(), notation_names.end(), name);
    if (place == notation_names.end()) return std::nullopt;
    return static_cast<Notation>(place - notation_names.begin());
}

std::string to_infix(const Program& program, std::span<const std::string> names) {
    base::expects([&] { return valid(program); });
    return reading_text(program, all_names(program, names), "", Notation::infix);
}

std::string to_text(const Program& program, const Labels& labels, Notation notation) {
    base::expects([&] { return valid(program); });
    Labels all{all_names(program, labels.inputs), labels.target};
    switch (notation) {
    case Notation::infix: return to_infix(program, all.inputs);
    case Notation::python:
    case Notation::c: return code_text(program, all, notation);
    case Notation::latex: return reading_text(program, all.inputs, all.target, notation);
    case Notation::json: return json_text(program, all);
    case Notation::sympy: break;
    }
    all.inputs.push_back(all.target);
    std::vector<std::string> names = identifiers(all.inputs, notation);
    const std::string target = names.back();
    names.pop_back();
    return reading_text(program, names, target, notation);
}

} // namespace ropewalk::formula
