#include "app/reports/record.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "app/reports/page.hpp"

namespace ropewalk::cli {

const Json& field_of(const Json& object, const char* key) {
    static const Json none;
    if (!object.is_object()) return none;
    const auto found = object.find(key);
    return found == object.end() ? none : *found;
}

std::string text_of(const Json& object, const char* key) {
    const Json& field = field_of(object, key);
    if (field.is_null()) return {};
    return field.is_string() ? field.get<std::string>() : base::json_text(field);
}

double number_of(const Json& object, const char* key) {
    const Json& field = field_of(object, key);
    return field.is_number() ? field.get<double>() : std::nan("");
}

std::int64_t count_of(const Json& object, const char* key) {
    const double number = number_of(object, key);
    return std::isfinite(number) ? static_cast<std::int64_t>(std::clamp(number, 0.0, 1e9)) : 0;
}

bool flag_of(const Json& object, const char* key) {
    const Json& field = field_of(object, key);
    return field.is_boolean() && field.get<bool>();
}

std::string short_number(double value) { return std::isfinite(value) ? fmt::format("{:.4g}", value) : "-"; }

std::string file_in(const std::string& folder, const char* name) {
    return folder.empty() ? std::string() : (std::filesystem::path(folder) / name).string();
}

base::Result<Json> read_json(const std::string& path) {
    constexpr std::size_t largest = std::size_t{1} << 27;
    const auto text = base::read_file(path, largest);
    if (!text) return base::failure(text.error());
    auto json = base::parse_json<Json>(*text);
    if (json.is_discarded() || json.is_null())
        return base::failure(path, "no JSON", "what a command wrote into its folder, or printed with --json");
    return json;
}

base::Result<Json> read_record(const std::string& path) {
    return read_json(path).and_then([&](Json json) -> base::Result<Json> {
        if (json.is_object()) return json;
        return base::failure(path, "no JSON object",
                             "what a command wrote into its folder, or printed with --json");
    });
}

namespace {

/// Fields that hold nothing are left out; those of objects within objects stand below each other, each with the names that lead to it.
void add_rows(HtmlTable& table, const Json& object, const std::string& before) {
    for (const auto& [key, value] : object.items()) {
        const std::string name = before + key;
        if (value.is_object())
            add_rows(table, value, name + " ");
        else if (!value.is_null())
            table.rows.push_back(
                {html(name), "<span class=\"long\">" +
                                 html(value.is_number_float() ? fmt::format("{:.6g}", value.get<double>())
                                                              : text_of(object, key.c_str())) +
                                 "</span>"});
    }
}

} // namespace

std::string settings_table(const Json& object) {
    HtmlTable table{.head = {"name", "value"}, .rows = {}, .numbers = {}};
    if (object.is_object()) add_rows(table, object, "");
    return table.rows.empty() ? std::string{} : to_html(table);
}

} // namespace ropewalk::cli
