#pragma once

#include <string>
#include <string_view>

#include "ropewalk/programs/synthesis/examples.hpp"

namespace ropewalk::synthesis {

/// Examples as people write them, one a line:
///
///     {"in": [3,1,2], "out": [1,2,3]}           one argument; also "input", "output"
///     {"args": [[1,2],[3]], "out": 7}           several, by position
///     {"x": [1,2], "k": 3, "out": 7}            several, by name
///     [[3,1,2], [1,2,3]]                        argument and value
///     [3,1,2] -> [1,2,3]                        the same; [1,2], 3 -> 7 has two arguments
///
/// and examples of machines, {"memory": [3,1,2], "expect": {"memory": [1,2,3]}} or "expect": 7, without nulls and registers;
/// or one JSON array of such objects, or CSV with a column an argument and the value in the last one. Lines that
/// start with `#` or `//` say nothing. Fails, with line, key, what was found and what is expected, where a line is
/// none of these, where types or names differ between lines, where two lines contradict each other, and where
/// there is no example.
base::Result<Examples> parse_examples(std::string_view text, const std::string& file);

/// True where the first example is of a form above, or is meant to be; false for those of machines, which speak of
/// `memory`, where a machine can take them as they stand: one object a line, equally many cells everywhere, numbers 0 to 63.
bool are_list_examples(std::string_view text);

} // namespace ropewalk::synthesis
