#pragma once

#include <string>
#include <string_view>

#include "ropewalk/base/base.hpp"
#include "ropewalk/programs/language/syntax.hpp"

namespace ropewalk::language {

struct ParseOptions {
    /// Accept holes (`?value.f(x)`), which make the text a sketch.
    bool holes = false;
};

/// Text to program, or the errors in the text, up to 50 of them, with file:line:column, what was found and
/// what was expected. Names and types are checked: a variable is assigned before it is used, a condition
/// stands where one is needed.
///
/// ```
/// def double(x) = x + x
/// for i in 0..n: M[i] = double(M[i])
/// acc = 0; for i in 0..3: acc = acc + M[i]; M[3] = acc
/// for k in 0..n:
///     for i in 0..n-1: M[i], M[i+1] = min(M[i], M[i+1]), max(M[i], M[i+1])
/// p = 1
/// while M[p] != M[0]: p = p + 1
/// swap M[0], M[1]
/// ```
/// A block is either one simple statement behind the colon (a loop or condition with its own such block
/// counts as one) or the indented lines below it. `;` separates statements of the line's own block. Comments
/// run from `#` to the end of the line.
base::Result<Program> parse(std::string_view text, const std::string& file, const ParseOptions& options = {});
base::Result<Program> parse_file(const std::string& path, const ParseOptions& options = {});

/// Text that parses to the same program; every statement on its own line, loops with a single plain statement
/// on one line. `swap a, b` is printed for an assignment of two cells to each other.
std::string to_string(const Program& program);
std::string to_string(const Expression& expression);

} // namespace ropewalk::language
