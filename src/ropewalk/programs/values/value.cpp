#include "ropewalk/programs/values/value.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "ropewalk/base/json.hpp"

namespace ropewalk::values {

namespace {

constexpr int deepest_json = 16;

bool is_character(std::int64_t number) {
    return number >= 0 && number <= 0x10ffff && !(number >= 0xd800 && number <= 0xdfff);
}

base::Result<Value> value_from(const nlohmann::json& json, const std::string& place);

base::Result<Value> list_from(const nlohmann::json& json, const std::string& place) {
    Value list{.type = {Kind::integer, 1}, .number = 0, .elements = {}};
    std::optional<Type> element;
    for (const auto& item : json) {
        auto value = value_from(item, place);
        if (!value) return value;
        if (!element) element = value->type;
        const bool first = list.elements.empty();
        const auto common = first ? value->type : common_type(list.elements.front(), *value);
        if (!common)
            return base::failure(place,
                                 fmt::format("a list with {} and {}", to_string(*element), to_string(value->type)),
                                 "elements of one type");
        // The deepest element says the type of all, also of empty lists before it.
        if (first || common->depth > element->depth || list.elements.front().type != *common) element = common;
        list.elements.push_back(std::move(*value));
        list.elements.front().type = *element;
    }
    if (element) {
        list.type = element->list();
        for (Value& value : list.elements) value.type = *element;
    }
    if (list.type.depth > deepest_type)
        return base::failure(place, "lists inside lists beyond four levels", "fewer levels");
    return list;
}

} // namespace

bool Value::operator==(const Value& other) const {
    if (type.is_list() != other.type.is_list()) return false;
    return type.is_list() ? elements == other.elements : number == other.number && type == other.type;
}

Value whole_number(std::int64_t number) { return {.type = {}, .number = number, .elements = {}}; }

Value truth(bool value) { return {.type = {Kind::boolean, 0}, .number = value, .elements = {}}; }

Value list_of(const std::vector<std::int64_t>& numbers) {
    Value list{.type = {Kind::integer, 1}, .number = 0, .elements = {}};
    for (const std::int64_t number : numbers) list.elements.push_back(whole_number(number));
    return list;
}

Value text_of(std::string_view utf8) {
    Value list{.type = {Kind::character, 1}, .number = 0, .elements = {}};
    for (std::size_t at = 0; at < utf8.size();) {
        const std::size_t length = std::max<std::size_t>(1, base::utf8_length(utf8.substr(at)));
        const std::int64_t code = base::utf8_code(utf8.substr(at, length));
        list.elements.push_back({.type = {Kind::character, 0}, .number = code, .elements = {}});
        at += length;
    }
    return list;
}

namespace {

nlohmann::json to_json(const Value& value) {
    const auto character_text = [](const Value& character) {
        std::string text;
        base::append_utf8(text, is_character(character.number) ? static_cast<std::uint32_t>(character.number) : '?');
        return text;
    };
    if (!value.type.is_list()) {
        if (value.type.kind == Kind::boolean) return value.number != 0;
        if (value.type.kind == Kind::character) return character_text(value);
        return value.number;
    }
    if (value.type == Type{Kind::character, 1}) {
        std::string text;
        for (const Value& character : value.elements) text += character_text(character);
        return text;
    }
    auto list = nlohmann::json::array();
    for (const Value& element : value.elements) list.push_back(to_json(element));
    return list;
}

} // namespace

std::string to_text(const Value& value) { return base::json_text(to_json(value)); }

namespace {

base::Result<Value> value_from(const nlohmann::json& json, const std::string& place) {
    const auto wanted = [&](std::string found) {
        return base::failure(place, std::move(found), "a whole number, true, false, text, or a list of them");
    };
    if (json.is_boolean()) return truth(json.get<bool>());
    if (json.is_string()) return text_of(json.get<std::string>());
    if (json.is_array()) return list_from(json, place);
    if (json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX)
        return wanted(fmt::format("{}, a number beyond 64 bits", base::json_text(json)));
    if (json.is_number_integer()) {
        const auto number = json.get<std::int64_t>();
        if (number == undefined) return base::failure(place, std::to_string(number), "a whole number of at least -9223372036854775807: this one stands for no value");
        return whole_number(number);
    }
    if (json.is_number_float()) {
        // 1.0 is what spreadsheets and Python write for 1.
        const auto number = json.get<double>();
        if (number == std::floor(number) && std::abs(number) < 0x1p53)
            return whole_number(static_cast<std::int64_t>(number));
        if (std::abs(number) >= 0x1p53)
            return wanted(fmt::format("{}, a number beyond 64 bits or not written in digits", base::json_text(json)));
        return wanted(base::quoted(base::json_text(json)));
    }
    return wanted(json.is_null()     ? "null"
                  : json.is_object() ? "an object"
                                     : base::quoted(base::json_text(json)));
}

} // namespace

base::Result<Value> parse_value(std::string_view text, const std::string& place) {
    const auto json = base::parse_json<nlohmann::json>(text, deepest_json);
    if (json.is_discarded() && base::json_nesting(text) > deepest_json)
        return base::failure(place, "brackets inside brackets beyond 16 levels", "a number, text, or a list");
    if (json.is_discarded()) return base::failure(place, base::quoted(text), "a value such as 7, true, \"abc\" or [3,1,2]");
    return value_from(json, place);
}

std::optional<Type> common_type(const Value& left, const Value& right) {
    const bool open_left = left.type.is_list() && left.elements.empty();
    const bool open_right = right.type.is_list() && right.elements.empty();
    if (left.type == right.type) return left.type;
    if (open_left && right.type.is_list()) return right.type;
    if (open_right && left.type.is_list()) return left.type;
    // A list of empty lists may be a list of anything deeper.
    if (!left.type.is_list() || !right.type.is_list()) return std::nullopt;
    const auto bottomless = [](const Value& value) {
        for (const Value& element : value.elements)
            if (!element.type.is_list() || !element.elements.empty()) return false;
        return true;
    };
    if (bottomless(left) && right.type.depth >= left.type.depth) return right.type;
    if (bottomless(right) && left.type.depth >= right.type.depth) return left.type;
    return std::nullopt;
}

Word to_word(const Value& value, Lists& lists) {
    if (!value.type.is_list()) return value.number;
    std::vector<Word> words;
    for (const Value& element : value.elements) words.push_back(to_word(element, lists));
    return lists.intern(words);
}

Value to_value(Word word, Type type, const Lists& lists) {
    Value value{.type = type, .number = type.is_list() ? 0 : word, .elements = {}};
    if (type.is_list())
        for (const Word element : lists[word]) value.elements.push_back(to_value(element, type.element(), lists));
    return value;
}

} // namespace ropewalk::values
