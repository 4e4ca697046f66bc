// Settings as options of a command.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "ropewalk/base/settings.hpp"

namespace ropewalk::cli {

/// `--padding-at` for the setting `padding_at`.
std::string flag_of(std::string_view setting);

/// One setting as an option: a flag where it is true or false, with `--no-` to switch off what is on
/// initially.
template<class Field, class T>
CLI::Option* add_field(CLI::App& command, const Field& field, T& value) {
    const std::string flag = flag_of(field.name);
    if constexpr (std::is_same_v<T, bool>) {
        const std::string off = "!--no-" + flag.substr(2);
        return command.add_flag(flag + "," + off, value,
                                std::string(field.about) + (value ? " (default on)" : ""));
    } else {
        const std::string expected = base::expected_of<T>(field);
        const auto refuse = [expected](const std::string& text) {
            return "found " + text + "; expected " + expected;
        };
        if constexpr (base::is_named<std::remove_cvref_t<decltype(field.check)>>) {
            return command
                .add_option_function<std::string>(
                    flag, [&value, field](const std::string& text) { value = *field.check.value(text); },
                    fmt::format("{}: {}", field.about, expected))
                ->default_str(base::setting_text(field, value))
                ->check([field, refuse](const std::string& text) {
                    return field.check.value(text) ? std::string{} : refuse(base::quoted(text));
                });
        } else {
            CLI::Option* const option = command.add_option(flag, value, field.about);
            if constexpr (requires { value.push_back(value.front()), value.c_str(); }) {
                return option;
            } else if constexpr (requires { value.push_back(value.front()); }) {
                return option->delimiter(',');
            } else {
                if constexpr (!base::is_optional<T>) option->capture_default_str();
                return option->check(
                    [field, refuse](const std::string& text) {
                        base::Number<T> number{};
                        // What is no number at all, the command refuses by itself.
                        return !CLI::detail::lexical_cast(text, number) || field.check.holds(number)
                                   ? std::string{}
                                   : refuse(text);
                    },
                    expected);
            }
        }
    }
}

/// The setting of that name as an option of the command.
template<class Options>
CLI::Option* add_setting(CLI::App& command, Options& options, std::string_view name) {
    CLI::Option* added = nullptr;
    base::for_each_setting(options, [&](const auto& field, auto& value) {
        if (name == field.name) added = add_field(command, field, value);
    });
    return added;
}

/// All settings but those that are named, in the order of their description.
template<class Options>
void add_settings(CLI::App& command, Options& options, std::initializer_list<std::string_view> but = {}) {
    base::for_each_setting(options, [&](const auto& field, auto& value) {
        if (std::find(but.begin(), but.end(), field.name) == but.end()) add_field(command, field, value);
    });
}

} // namespace ropewalk::cli
