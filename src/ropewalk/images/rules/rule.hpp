// Rules: what an output may be of the letters of a row.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "ropewalk/formulas/text/text.hpp"
#include "ropewalk/images/rules/fold.hpp"

namespace ropewalk::rules {

/// A formula of a fixed number of letters, or a fold over rows of any length.
struct Rule {
    /// As people write it, with letters s1, s2, ...: "s1 + s2", "if s1 < s2: s1 else s1 + s2", "sum(s)".
    std::string text;
    std::variant<formula::Program, Fold> program;
};

/// Text of a formula as people write it.
Rule rule_of(const formula::Program& program);
Rule rule_of(Fold fold);

/// Letters that a formula has; 0 where rows may have any number of them.
std::size_t variables_of(const Rule& rule);

/// The rule's value on a row of letters, as many as it has variables.
double value_of(const Rule& rule, std::span<const double> letters);

/// The same on many rows; `columns` are letters, [places] of [rows].
std::vector<double> values_of(const Rule& rule, const std::vector<std::vector<double>>& columns);

/// One line of JSON, and back. Fails on text that is no rule.
std::string to_json(const Rule& rule);
base::Result<Rule> rule_from_json(const std::string& text, const std::string& file);

} // namespace ropewalk::rules
