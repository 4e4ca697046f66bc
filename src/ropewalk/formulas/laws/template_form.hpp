// A form with functions that are not known: `sin(f(x1, x2)) + g(x3)`.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// A function that is looked for, and names for its arguments: those of the columns where it is called once, of
/// columns, otherwise u1, u2, ...
struct TemplatePart {
    std::string name;
    std::vector<std::string> arguments;
};

/// One place where a part stands: its arguments are programs of the columns.
struct TemplateCall {
    std::size_t part = 0;
    std::string text; ///< as it was given, without blanks
    std::vector<Program> arguments;
};

/// A form: `skeleton` is a program of the columns and, behind them, of one variable for each call.
struct TemplateForm {
    std::size_t columns = 0;
    std::vector<TemplatePart> parts;
    std::vector<TemplateCall> calls;
    Program skeleton;

    /// The only call of a part; nothing where it has several or the skeleton reads it at several places.
    std::optional<std::size_t> only_call(std::size_t part) const;
};

/// Reads a formula over the names in which a name before a parenthesis that is no function of formulas is a part, the
/// same one wherever it stands. Fails as parse_formula does, and where there is no part, where a part has no argument,
/// different numbers of them, or another part among them.
base::Result<TemplateForm> parse_template(std::string_view text, std::span<const std::string> names);

/// A template with a body for each part, a program of that part's arguments.
struct FilledTemplate {
    Program program;                               ///< of the columns
    std::vector<std::vector<std::size_t>> numbers; ///< the lines that hold the numbers of each body, in their order
    std::vector<char> frozen;                      ///< lines that hold other numbers
};

/// A number of a body is one line, however often its part is called.
FilledTemplate filled(const TemplateForm& form, const std::vector<Program>& bodies);

/// The bodies with the numbers that a filled template has now.
std::vector<Program> bodies_of(const FilledTemplate& form, std::vector<Program> bodies, const Program& program);

/// The unit that each part must have; nothing where the units of the columns and of the target do not say it.
std::vector<std::optional<Unit>> part_units(const TemplateForm& form, const Problem& problem);

} // namespace ropewalk::formula
