#include "ropewalk/base/diagnostic.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "ropewalk/base/utf8.hpp"

namespace ropewalk::base {

tl::unexpected<Diagnostics> failure(std::string file, std::string found, std::string expected) {
    return failure(
        Diagnostics{{.file = std::move(file), .found = std::move(found), .expected = std::move(expected)}});
}

tl::unexpected<Diagnostics> failure(Diagnostics diagnostics) {
    return tl::unexpected<Diagnostics>(std::move(diagnostics));
}

namespace {

/// Bytes of the UTF-8 character at the start of `text`, or 0 when a terminal cannot show it as one: invalid
/// bytes and control characters.
std::size_t character_length(std::string_view text) {
    const std::size_t length = utf8_length(text);
    if (length == 0 || length > 2 || text.front() == '\t') return length;
    const std::uint32_t code = utf8_code(text.substr(0, length));
    return code < 0x20 || (code >= 0x7f && code < 0xa0) ? 0 : length;
}

/// The part of a source line around `column`, and below it the carets: what is no text becomes `?`, and one
/// character takes one place however many bytes it has.
std::string excerpt(std::string_view source, int column, int length) {
    constexpr std::size_t widest = 160, before = 80;
    const std::size_t caret = std::min(static_cast<std::size_t>(column - 1), source.size());
    const std::size_t caret_end = caret + static_cast<std::size_t>(std::max(1, length));
    const std::size_t start = source.size() <= widest || caret <= before ? 0 : caret - before;
    const std::size_t end = std::min(source.size(), start + widest);
    std::string text = start > 0 ? "..." : "", carets(text.size(), ' ');
    for (std::size_t at = start; at < end;) {
        const std::size_t bytes = character_length(source.substr(at));
        text += bytes > 0 ? source.substr(at, bytes) : "?";
        // Tabs stay tabs before the caret, so that it lands below its word at any tab width.
        if (at < caret)
            carets += source[at] == '\t' ? '\t' : ' ';
        else if (at < caret_end)
            carets += '^';
        at += std::max<std::size_t>(1, bytes);
    }
    if (caret >= end) carets += '^';
    return "    " + text + (end < source.size() ? "..." : "") + "\n    " + carets + '\n';
}

} // namespace

std::string printable(std::string_view text, Lines lines) {
    std::string shown;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t bytes = character_length(text.substr(at));
        if (bytes > 0 || (text[at] == '\n' && lines == Lines::keep))
            shown += text.substr(at, std::max<std::size_t>(1, bytes));
        else
            shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[at]));
        at += std::max<std::size_t>(1, bytes);
    }
    return shown;
}

std::string render(const Diagnostic& diagnostic) {
    std::string place = printable(diagnostic.file);
    if (diagnostic.line > 0) place += fmt::format(":{}", diagnostic.line);
    if (diagnostic.line > 0 && diagnostic.column > 0) place += fmt::format(":{}", diagnostic.column);
    std::string text = place.empty() ? std::string{} : place + ": ";
    text += printable(diagnostic.found, Lines::keep);
    if (!diagnostic.expected.empty()) text += "; expected " + printable(diagnostic.expected, Lines::keep);
    text += '\n';
    if (diagnostic.source_line.empty() || diagnostic.column < 1) return text;
    return text + excerpt(diagnostic.source_line, diagnostic.column, diagnostic.length);
}

std::string render(const Diagnostics& diagnostics) {
    return std::accumulate(
        diagnostics.begin(), diagnostics.end(), std::string{},
        [](std::string text, const Diagnostic& diagnostic) { return std::move(text) + render(diagnostic); });
}

namespace {

/// Insertions, deletions, replacements and exchanges of neighbouring letters (optimal string alignment).
size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<size_t>> cost(a.size() + 1, std::vector<size_t>(b.size() + 1));
    for (size_t i = 0; i <= a.size(); ++i)
        for (size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            const size_t replaced = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    return cost[a.size()][b.size()];
}

} // namespace

std::string closest(std::string_view word, const std::vector<std::string>& candidates) {
    std::string best;
    size_t best_distance = std::max<size_t>(1, word.size() / 3) + 1;
    if (word.size() > 64) return best;
    for (const std::string& candidate : candidates) {
        const size_t distance = edit_distance(word, candidate);
        if (distance < best_distance) best = candidate, best_distance = distance;
    }
    return best;
}

namespace {

/// What nobody sees, or what turns around the text beside it: hard blanks, joiners, marks of direction.
bool is_unseen(std::uint32_t code) {
    return code == 0xa0 || code == 0xad || (code >= 0x2000 && code <= 0x200f) || (code >= 0x2028 && code <= 0x202f) ||
           (code >= 0x205f && code <= 0x206f) || code == 0x3000 || code == 0xfeff;
}

/// One character, or one byte that is none, as a message shows it.
std::string shown_character(std::string_view text) {
    if (character_length(text) == 0 || text == "\t") return fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
    const std::uint32_t code = utf8_code(text);
    return is_unseen(code) ? fmt::format("<U+{:04X}>", code) : std::string(text);
}

} // namespace

std::string quoted(std::string_view text) {
    constexpr size_t longest = 60;
    std::string shown = "'";
    size_t at = 0;
    for (size_t count = 0; at < text.size() && count < longest; ++count) {
        const size_t bytes = std::max<size_t>(1, character_length(text.substr(at)));
        shown += shown_character(text.substr(at, bytes));
        at += bytes;
    }
    return shown + (at < text.size() ? "...'" : "'");
}

} // namespace ropewalk::base
