// Settings described once: the name, the words and the range of every field of a struct of options. From that
// come the checks, JSON (settings_json.hpp), options of commands (app/shared/settings.hpp) and
// docs/settings.md. Those who describe or read settings include this header.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "ropewalk/base/diagnostic.hpp"
#include "ropewalk/base/result.hpp"
#include "ropewalk/base/run.hpp"

namespace ropewalk::base {

/// The shortest text that reads back as the number.
std::string number_text(double value);
std::string number_text(std::int64_t value);
std::string number_text(std::uint64_t value);

template<class T>
std::string text_of(const T& value) {
    if constexpr (std::is_floating_point_v<T>)
        return number_text(static_cast<double>(value));
    else if constexpr (std::is_unsigned_v<T>)
        return number_text(static_cast<std::uint64_t>(value));
    else if constexpr (std::is_integral_v<T>)
        return number_text(static_cast<std::int64_t>(value));
    else
        return std::string(value);
}

/// Any value that is a number, where it is one.
struct Anything {
    template<class T>
    constexpr bool holds(const T& value) const {
        if constexpr (std::is_floating_point_v<T>) return !std::isnan(value);
        return true;
    }
    std::string expected() const { return "a number"; }
};

/// Numbers from low to high, both included unless the lower end is open.
template<class T>
struct Within {
    T low, high;
    bool open = false;

    template<class V>
    constexpr bool holds(const V& value) const {
        const auto number = static_cast<long double>(value);
        const auto least = static_cast<long double>(low), most = static_cast<long double>(high);
        return (open ? number > least : number >= least) && number <= most;
    }
    std::string expected() const {
        if (high == std::numeric_limits<T>::max()) return text_of(low) + " or more";
        return open ? "above " + text_of(low) + ", at most " + text_of(high)
                    : text_of(low) + " to " + text_of(high);
    }
};

template<class T>
constexpr Within<T> within(T low, T high) {
    return {low, high};
}

template<class T>
constexpr Within<T> at_least(T low) {
    return {low, std::numeric_limits<T>::max()};
}

/// The same as `within` without `low` itself.
template<class T>
constexpr Within<T> above(T low, T high) {
    return {low, high, true};
}

/// Values that have names: those of an enumeration, or texts.
template<class T, std::size_t count>
struct Named {
    std::array<std::pair<const char*, T>, count> names;

    constexpr bool holds(const T& value) const { return name(value) != nullptr; }
    constexpr const char* name(const T& value) const {
        for (const auto& [text, named] : names)
            if (named == value) return text;
        return nullptr;
    }
    std::optional<T> value(std::string_view text) const {
        for (const auto& [name, named] : names)
            if (text == name) return named;
        return std::nullopt;
    }
    std::string expected() const {
        std::string text;
        for (std::size_t i = 0; i < count; ++i)
            text += (i == 0 ? "" : i + 1 == count ? " or " : ", ") + std::string(names[i].first);
        return text;
    }
};

template<class T, std::size_t count>
constexpr Named<T, count> named(const std::pair<const char*, T> (&names)[count]) {
    Named<T, count> all{};
    for (std::size_t i = 0; i < count; ++i) all.names[i] = names[i];
    return all;
}

/// Texts, each its own name.
template<class... Texts>
constexpr Named<std::string_view, sizeof...(Texts)> one_of(Texts... texts) {
    return {{std::pair<const char*, std::string_view>{texts, texts}...}};
}

template<class>
inline constexpr bool is_named = false;
template<class T, std::size_t count>
inline constexpr bool is_named<Named<T, count>> = true;

template<class>
inline constexpr bool is_optional = false;
template<class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// One setting. Names are words with underscores between them; options of commands have hyphens there.
template<auto member, class Check>
struct Field {
    const char* name;
    const char* about;
    Check check;

    template<class Options>
    static constexpr auto& of(Options& options) {
        return options.*member;
    }
    template<class T>
    constexpr bool holds(const T& value) const {
        if constexpr (is_optional<T>)
            return !value || check.holds(*value);
        else
            return check.holds(value);
    }
};

template<auto member, class Check = Anything>
constexpr Field<member, Check> field(const char* name, const char* about, Check check = {}) {
    return {name, about, check};
}

/// The settings of a struct within a struct, which count as the outer one's.
template<auto member>
struct Group {
    template<class Options>
    static constexpr auto& of(Options& options) {
        return options.*member;
    }
};

template<auto member>
constexpr Group<member> group() {
    return {};
}

template<class... Each>
constexpr std::tuple<Each...> fields(Each... each) {
    return {each...};
}

template<class>
inline constexpr bool is_group = false;
template<auto member>
inline constexpr bool is_group<Group<member>> = true;

/// The description of a struct: its `fields`, unless it is described here.
template<class Options>
inline constexpr auto settings_of = Options::fields;

template<>
inline constexpr auto settings_of<Run> = fields(
    field<&Run::seed>("seed", "Seed of everything random"),
    field<&Run::threads>("threads", "Threads; 0: all. The result does not depend on it", within(0, 1024)),
    field<&Run::seconds>("seconds", "Time; 0: no limit", within(0.0, 1e7)));

/// Calls `body(field, value)` for every setting of the options, in the order of their description.
template<class Options, class Body>
void for_each_setting(Options& options, const Body& body) {
    std::apply(
        [&](const auto&... each) {
            const auto visit = [&](const auto& entry) {
                if constexpr (is_group<std::remove_cvref_t<decltype(entry)>>)
                    for_each_setting(entry.of(options), body);
                else
                    body(entry, entry.of(options));
            };
            (visit(each), ...);
        },
        settings_of<std::remove_const_t<Options>>);
}

/// A value as text: names of named values, `none` for what is not there.
template<class Field, class T>
std::string setting_text(const Field& field, const T& value) {
    if constexpr (is_optional<T>)
        return value ? setting_text(field, *value) : "none";
    else if constexpr (is_named<decltype(field.check)>) {
        const char* const name = field.check.name(value);
        return name != nullptr ? name : "a value without a name";
    } else if constexpr (std::is_same_v<T, bool>)
        return value ? "true" : "false";
    else if constexpr (requires { value.begin(), value.c_str(); })
        return value.empty() ? "none" : base::quoted(value);
    else if constexpr (requires { value.begin(); }) {
        std::string text;
        for (const auto& each : value) text += (text.empty() ? "" : ",") + text_of(each);
        return text.empty() ? "none" : text;
    } else
        return text_of(value);
}

template<class T>
struct NumberOf {
    using type = T;
};
template<class T>
struct NumberOf<std::optional<T>> {
    using type = T;
};
/// What is in a setting where it is there.
template<class T>
using Number = typename NumberOf<T>::type;

/// What a value of the setting may be.
template<class T, class Field>
std::string expected_of(const Field& field) {
    using Value = Number<T>;
    constexpr bool checked = !std::is_same_v<std::remove_cvref_t<decltype(field.check)>, Anything>;
    if constexpr (std::is_same_v<Value, bool>)
        return "true or false";
    else if constexpr (std::is_unsigned_v<Value> && !checked)
        return "0 or more";
    else if constexpr (std::is_arithmetic_v<Value> || checked)
        return field.check.expected();
    else
        return requires(Value text) { text.c_str(); }
    ? "text" : "a list";
}

/// Everything that is wrong with the options.
template<class Options>
Diagnostics violations(const Options& options) {
    Diagnostics found;
    for_each_setting(options, [&](const auto& field, const auto& value) {
        if (!field.holds(value))
            found.push_back({.file = std::string("setting `") + field.name + "`",
                             .found = setting_text(field, value),
                             .expected = expected_of<std::remove_cvref_t<decltype(value)>>(field)});
    });
    return found;
}

/// Fails with all of it.
template<class Options>
Status check_settings(const Options& options) {
    if (auto found = violations(options); !found.empty()) return failure(std::move(found));
    return {};
}

/// What one row of docs/settings.md says.
struct SettingRow {
    std::string name, initially, range, about;
};

template<class Options>
std::vector<SettingRow> setting_rows() {
    std::vector<SettingRow> rows;
    const Options initial{};
    for_each_setting(initial, [&](const auto& field, const auto& value) {
        using Value = std::remove_cvref_t<decltype(value)>;
        rows.push_back({field.name, setting_text(field, value), expected_of<Value>(field), field.about});
    });
    return rows;
}

} // namespace ropewalk::base
