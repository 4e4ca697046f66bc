// Settings as JSON and back. Those who read or write files of settings include this header.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "ropewalk/base/settings.hpp"

namespace ropewalk::base {

/// Objects keep the order of the description.
template<class Options>
nlohmann::ordered_json settings_to_json(const Options& options) {
    nlohmann::ordered_json object = nlohmann::ordered_json::object();
    for_each_setting(options, [&](const auto& field, const auto& value) {
        using Value = std::remove_cvref_t<decltype(value)>;
        if constexpr (is_named<std::remove_cvref_t<decltype(field.check)>>)
            object[field.name] = setting_text(field, value);
        else if constexpr (is_optional<Value>)
            object[field.name] = value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
        else
            object[field.name] = value;
    });
    return object;
}

namespace settings_json {

/// A number as it stands in JSON, without rounding or cutting.
template<class T>
bool read(const nlohmann::ordered_json& json, T& value) {
    if constexpr (is_optional<T>) {
        if (json.is_null()) return value.reset(), true;
        typename T::value_type inner{};
        if (!read(json, inner)) return false;
        value = std::move(inner);
        return true;
    } else if constexpr (std::is_same_v<T, bool>) {
        if (!json.is_boolean()) return false;
        value = json.get<bool>();
        return true;
    } else if constexpr (std::is_unsigned_v<T>) {
        if (!json.is_number_unsigned()) return false;
        value = static_cast<T>(json.get<std::uint64_t>());
        return value == json.get<std::uint64_t>();
    } else if constexpr (std::is_integral_v<T>) {
        if (!json.is_number_integer()) return false;
        if (json.is_number_unsigned() && json.get<std::uint64_t>() >> 63 != 0) return false;
        value = static_cast<T>(json.get<std::int64_t>());
        return value == json.get<std::int64_t>();
    } else if constexpr (std::is_floating_point_v<T>) {
        if (!json.is_number()) return false;
        value = json.get<T>();
        return true;
    } else if constexpr (requires { value.c_str(); }) {
        if (!json.is_string()) return false;
        value = json.get<std::string>();
        return true;
    } else {
        if (!json.is_array()) return false;
        value.clear();
        for (const auto& each : json) {
            typename T::value_type inner{};
            if (!read(each, inner)) return false;
            value.push_back(std::move(inner));
        }
        return true;
    }
}

} // namespace settings_json

/// The options that an object describes; settings that it does not name stay as they are initially. Fails
/// with everything that is wrong: names that are no settings, values of another kind or out of range. `file`
/// is where diagnostics say it comes from.
template<class Options>
Result<Options> settings_from_json(const nlohmann::ordered_json& object, const std::string& file) {
    if (!object.is_object()) return failure(file, "JSON that is no object", "an object of settings");
    Options options{};
    Diagnostics errors;
    std::vector<std::string> names;
    for_each_setting(options, [&](const auto& field, auto& value) {
        names.push_back(field.name);
        const auto stored = object.find(field.name);
        if (stored == object.end()) return;
        bool fits = false;
        if constexpr (is_named<std::remove_cvref_t<decltype(field.check)>>) {
            if (stored->is_string())
                if (const auto named = field.check.value(stored->template get<std::string>()))
                    value = *named, fits = true;
        } else {
            fits = settings_json::read(*stored, value) && field.holds(value);
        }
        if (!fits)
            errors.push_back(
                {.file = file,
                 .found = std::string(field.name) + " " +
                          (stored->is_string() ? base::quoted(stored->template get<std::string>())
                                               : stored->dump()),
                 .expected = expected_of<std::remove_cvref_t<decltype(value)>>(field)});
    });
    for (const auto& [name, value] : object.items())
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            const std::string meant = closest(name, names);
            errors.push_back(
                {.file = file,
                 .found = "unknown setting " + base::quoted(name),
                 .expected = meant.empty() ? "a setting of docs/settings.md" : "'" + meant + "'"});
        }
    if (!errors.empty()) return failure(std::move(errors));
    return options;
}

} // namespace ropewalk::base
