#include "ropewalk/base/json.hpp"

#include "ropewalk/base/json_nesting.hpp"

namespace ropewalk::base {
namespace {

template<class Json>
std::string text_of(const Json& value, int indent) {
    return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

} // namespace

std::string json_text(const nlohmann::json& value, int indent) { return text_of(value, indent); }

std::string json_text(const nlohmann::ordered_json& value, int indent) { return text_of(value, indent); }

std::string json_file_text(const nlohmann::json& value) { return json_text(value, 2) + "\n"; }

std::string json_file_text(const nlohmann::ordered_json& value) { return json_text(value, 2) + "\n"; }

template<class Json>
Json parse_json(std::string_view text, int deepest) {
    return json_nesting(text) > deepest ? Json(Json::value_t::discarded) : Json::parse(text, nullptr, false);
}

template nlohmann::json parse_json(std::string_view, int);
template nlohmann::ordered_json parse_json(std::string_view, int);

} // namespace ropewalk::base
