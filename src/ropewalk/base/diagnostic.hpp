#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace ropewalk::base {

/// One thing that is wrong with an input, as a value: where it is, what stands there, what would be right.
///
/// `line` and `column` count from 1, columns in bytes; 0 means "not known" (a whole file, a command-line
/// value). `length` is the number of bytes the caret line underlines.
struct Diagnostic {
    std::string file;
    int line = 0;
    int column = 0;
    std::string found;
    std::string expected;
    std::string source_line;
    int length = 1;
};

using Diagnostics = std::vector<Diagnostic>;

/// A failure with one diagnostic that has no place inside a file.
tl::unexpected<Diagnostics> failure(std::string file, std::string found, std::string expected);

/// A failure that carries the given diagnostics.
tl::unexpected<Diagnostics> failure(Diagnostics diagnostics);

/// `file:line:column: found; expected ...`, then the source line and a caret where the place is known. A long
/// source line is cut around the caret; bytes that are no text are shown as `?`.
std::string render(const Diagnostic& diagnostic);

/// All of them, one after the other, each ending in a newline.
std::string render(const Diagnostics& diagnostics);

/// The candidate closest to `word` by edit distance, or an empty string when none is close enough to suggest.
std::string closest(std::string_view word, const std::vector<std::string>& candidates);

/// The text without what a terminal would obey: control characters other than tabs, and bytes that are no
/// UTF-8, stand as `\x1b`. Ends of lines stay with `Lines::keep`.
enum class Lines { keep, escape };
std::string printable(std::string_view text, Lines lines = Lines::escape);

/// Printable form of untrusted text for a message: control characters escaped, long text cut.
std::string quoted(std::string_view text);

} // namespace ropewalk::base
