#pragma once

#include <string>
#include <string_view>

#include "ropewalk/programs/functional/program.hpp"

namespace ropewalk::functional {

/// Reads a program: a head `solve(x: [int], k: int) -> [int]:`, names given on lines of their own (`y = sort(x)`),
/// and the value on the last line. `#` starts a comment. Fails at the first place that is wrong, in the text or in
/// its types. `file` names the text in messages.
base::Result<Program> parse(std::string_view text, const std::string& file);

/// True where the text starts with the head of such a program, comments left out.
bool is_functional(std::string_view text);

} // namespace ropewalk::functional
