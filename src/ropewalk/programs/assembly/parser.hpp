#pragma once

#include <string>
#include <string_view>

#include "ropewalk/base/base.hpp"
#include "ropewalk/programs/assembly/program.hpp"

namespace ropewalk::assembly {

/// Values that take precedence over the program's own directives, for the same program on another machine.
struct ParseOverrides {
    std::optional<int> base;
    std::optional<int> cells;
    std::optional<int> registers;
};

/// Text to program, or the errors in the text, up to 50 of them, with file:line:column, what was found and
/// what was expected.
///
/// One instruction a line: `read r1 r2`, or with bare register numbers counted from 1 as in Listing 1 of the
/// paper, `read 1 2`; commas between operands are optional. `label:` stands on its own line or before an
/// instruction; a comment runs from `;` or `#` to the end of the line. Directives: `.base 10`, `.cells 10`,
/// `.registers 4`, `.steps 50`, `.let r4 2`. `file` only names the text in diagnostics.
base::Result<Program> parse(std::string_view text, const std::string& file,
                            const ParseOverrides& overrides = {});

/// Reads and parses a file.
base::Result<Program> parse_file(const std::string& path, const ParseOverrides& overrides = {});

} // namespace ropewalk::assembly
