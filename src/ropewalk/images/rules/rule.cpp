#include "ropewalk/images/rules/rule.hpp"

#include <algorithm>

#include "ropewalk/base/json.hpp"

namespace ropewalk::rules {

namespace {

bool is_polynomial(const formula::Program& program) {
    using enum formula::Operator;
    return std::all_of(program.lines.begin(), program.lines.end(), [](const formula::Line& line) {
        return line.operation == add || line.operation == subtract || line.operation == multiply;
    });
}

} // namespace

Rule rule_of(const formula::Program& program) {
    return {is_polynomial(program) ? formula::written_text(program) : formula::to_infix(program, {}), program};
}

Rule rule_of(Fold fold) {
    std::string text = text_of(fold);
    return {std::move(text), std::move(fold)};
}

std::size_t variables_of(const Rule& rule) {
    if (const auto* program = std::get_if<formula::Program>(&rule.program))
        return static_cast<std::size_t>(program->variables);
    return std::get<Fold>(rule.program).weights.size();
}

double value_of(const Rule& rule, std::span<const double> letters) {
    if (const auto* program = std::get_if<formula::Program>(&rule.program))
        return formula::evaluate(*program, letters);
    return value_of(std::get<Fold>(rule.program), letters);
}

std::vector<double> values_of(const Rule& rule, const std::vector<std::vector<double>>& columns) {
    if (const auto* program = std::get_if<formula::Program>(&rule.program))
        return formula::evaluate(*program, columns);
    const Fold& fold = std::get<Fold>(rule.program);
    std::vector<double> values, row(columns.size());
    for (std::size_t n = 0; n < columns.front().size(); ++n) {
        for (std::size_t v = 0; v < columns.size(); ++v) row[v] = columns[v][n];
        values.push_back(value_of(fold, row));
    }
    return values;
}

std::string to_json(const Rule& rule) {
    nlohmann::ordered_json json{{"text", rule.text}};
    if (const auto* program = std::get_if<formula::Program>(&rule.program)) {
        json["variables"] = program->variables;
        json["formula"] = formula::to_infix(*program, formula::names_of_variables(static_cast<std::size_t>(program->variables)));
    } else {
        json["fold"] = base::parse_json<nlohmann::ordered_json>(to_json(std::get<Fold>(rule.program)));
    }
    return base::json_text(json);
}

base::Result<Rule> rule_from_json(const std::string& text, const std::string& file) {
    constexpr int most_variables = 1000; // columns of images of a table
    const auto no_rule = [&] { return base::failure(file, "no rule", "one that `ropewalk perceive` wrote"); };
    try {
        const auto json = base::parse_json<nlohmann::json>(text);
        Rule rule;
        json.at("text").get_to(rule.text);
        if (json.contains("fold"))
            return fold_from_json(base::json_text(json.at("fold")), file).map([&](Fold fold) {
                rule.program = std::move(fold);
                return rule;
            });
        const int variables = json.at("variables").get<int>();
        if (variables < 1 || variables > most_variables) return no_rule();
        return formula::parse_formula(json.at("formula").get<std::string>(),
                                      formula::names_of_variables(static_cast<std::size_t>(variables)))
            .map([&](formula::Program program) {
                rule.program = std::move(program);
                return rule;
            });
    } catch (const nlohmann::json::exception&) {
        return no_rule();
    }
}

} // namespace ropewalk::rules
