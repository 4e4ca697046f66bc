#include "ropewalk/programs/values/type.hpp"

namespace ropewalk::values {

std::string to_string(Type type) {
    if (type.kind == Kind::character && type.depth > 0) {
        const auto brackets = static_cast<std::size_t>(type.depth - 1);
        return std::string(brackets, '[') + "text" + std::string(brackets, ']');
    }
    const char* name = type.kind == Kind::integer ? "int" : type.kind == Kind::boolean ? "bool" : "char";
    const auto brackets = static_cast<std::size_t>(type.depth);
    return std::string(brackets, '[') + name + std::string(brackets, ']');
}

std::optional<Type> type_named(std::string_view text) {
    int depth = 0;
    while (text.size() > 2 && text.front() == '[' && text.back() == ']') {
        text = text.substr(1, text.size() - 2);
        ++depth;
    }
    if (depth > deepest_type) return std::nullopt;
    if (text == "int") return Type{Kind::integer, depth};
    if (text == "bool") return Type{Kind::boolean, depth};
    if (text == "char") return Type{Kind::character, depth};
    if (text == "text") return Type{Kind::character, depth + 1};
    return std::nullopt;
}

bool accepts(Type wanted, Type given) {
    const auto is_number = [](Kind kind) { return kind != Kind::boolean; };
    return wanted.depth == given.depth && is_number(wanted.kind) == is_number(given.kind);
}

} // namespace ropewalk::values
