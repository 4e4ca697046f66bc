// Functions of one's own, given as formulas, that laws may hold.
#pragma once

#include <string>
#include <string_view>

#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// A function of one or two numbers: `body` is over that many variables.
struct DefinedFunction {
    std::string name;
    Program body;
};

/// Reads "relu(x) = max(x, 0)". Fails, naming what is wrong, where that is no name with one or two names in
/// parentheses, an equals sign and a formula of these.
base::Result<DefinedFunction> parse_definition(std::string_view text);

} // namespace ropewalk::formula
