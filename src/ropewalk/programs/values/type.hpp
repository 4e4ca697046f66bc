#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ropewalk::values {

/// What stands at the bottom of a type. A character is the number of its Unicode code point; the two differ only
/// in how they are read and written.
enum class Kind : std::uint8_t { integer, boolean, character };

/// `int`, `bool`, `char`, lists of them, lists of lists: a kind inside `depth` pairs of brackets.
struct Type {
    Kind kind = Kind::integer;
    int depth = 0;

    bool operator==(const Type&) const = default;
    bool is_list() const { return depth > 0; }
    Type element() const { return {kind, depth - 1}; }
    Type list() const { return {kind, depth + 1}; }
};

/// Deepest nesting of lists that is read.
constexpr int deepest_type = 4;

/// `int`, `bool`, `char`, `text` (a list of characters), `[int]`, `[[bool]]`.
std::string to_string(Type type);

/// The inverse of `to_string`; nothing where the text names no type.
std::optional<Type> type_named(std::string_view text);

/// True where a value of type `given` may stand for `wanted`: the same, or numbers for characters and back.
bool accepts(Type wanted, Type given);

} // namespace ropewalk::values
