#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/programs/values/lists.hpp"
#include "ropewalk/programs/values/type.hpp"

namespace ropewalk::values {

/// A value as examples write it: a whole number, a truth value, a character, or a list of values of one type.
struct Value {
    Type type;
    std::int64_t number = 0;     ///< of a value that is no list
    std::vector<Value> elements; ///< of a list

    bool operator==(const Value&) const;
};

Value whole_number(std::int64_t number);
Value truth(bool value);
Value list_of(const std::vector<std::int64_t>& numbers);

/// Characters as a list; the text is UTF-8, bytes that are none stand for themselves.
Value text_of(std::string_view utf8);

/// As JSON writes it: `[3,1,2]`, `true`, `"abc"`.
std::string to_text(const Value& value);

/// The value that JSON text writes. Fails with what was found on text that is none, on numbers that are not
/// whole or go beyond 64 bits, on lists whose elements differ in type. `place` names the text in messages.
base::Result<Value> parse_value(std::string_view text, const std::string& place);

/// The type that holds values of both types: the deeper one where one is an empty list. Nothing where they differ.
std::optional<Type> common_type(const Value& left, const Value& right);

/// The value as a word of `lists`.
Word to_word(const Value& value, Lists& lists);

/// The value of a word of this type. The word must not be undefined.
Value to_value(Word word, Type type, const Lists& lists);

} // namespace ropewalk::values
