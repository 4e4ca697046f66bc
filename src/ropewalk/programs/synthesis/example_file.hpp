#pragma once

#include <string>
#include <string_view>

#include "ropewalk/programs/synthesis/examples.hpp"

namespace ropewalk::synthesis {

/// Examples as people write them, one a line:
///
///     {"in": [3,1,2], "out": [1,2,3]}           one argument; also "input", "output", "expected", "result", "answer"
///     {"args": [[1,2],[3]], "out": 7}           several, by position
///     {"x": [1,2], "k": 3, "out": 7}            several, by name, in any order
///     [[3,1,2], [1,2,3]]                        argument and value
///     [3,1,2] -> [1,2,3]                        the same; [1,2], 3 -> 7 has two arguments
///
/// and examples of machines, {"memory": [3,1,2], "expect": {"memory": [1,2,3]}} or "expect": 7, without nulls and registers;
/// or one list of such objects or pairs, alone or under "examples" or "train"; or a table with a column an argument and one for
/// the value. Comments start with `#` or `//`. Fails, with line, column where it helps, what was found and what is expected,
/// where a line is none of these, where a name stands twice, where types or names differ between lines, where two lines
/// contradict each other, and where there is no example. What may be meant otherwise than it was read is in the notes.
base::Result<Examples> parse_examples(std::string_view text, const std::string& file);

/// True where the first example is of a form above, and where nothing can be read and nothing speaks of machines; false for
/// examples of machines, which speak of `memory`, where a machine can take them as they stand: one object a line, equally
/// many cells everywhere, numbers 0 to 63.
bool are_list_examples(std::string_view text);

} // namespace ropewalk::synthesis
