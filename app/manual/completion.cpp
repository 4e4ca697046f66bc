// Scripts by which shells complete what is typed. Each finds out which command the line has come to, then offers the
// commands below it, its options, or what the option before may be.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/manual/manual.hpp"
#include "app/manual/shown.hpp"

namespace ropewalk::cli {

namespace {

/// `/reproduce/laws`; empty of the program itself.
std::string path_of(const CLI::App& command) {
    return command.get_parent() == nullptr ? "" : path_of(*command.get_parent()) + "/" + command.get_name();
}

std::vector<std::string> option_names(const CLI::App& command) {
    std::vector<std::string> names;
    for (const ShownGroup& group : groups_of(command))
        for (const ShownOption& option : group.options)
            if (!option.positional()) names.insert(names.end(), option.names.begin(), option.names.end());
    return names;
}

/// Text within single quotes of a shell.
std::string in_quotes(std::string text) {
    for (std::size_t place = 0; (place = text.find('\'', place)) != std::string::npos; place += 4)
        text.replace(place, 1, "'\\''");
    std::replace(text.begin(), text.end(), '\n', ' ');
    return "'" + text + "'";
}

/// Every path but the empty one, for a pattern of `case`.
std::string all_paths(const CLI::App& app) {
    std::vector<std::string> paths;
    for (const CLI::App* each : all_commands(app))
        if (each->get_parent() != nullptr) paths.push_back(path_of(*each));
    return fmt::format("{}", fmt::join(paths, "|"));
}

/// Branches of `case` for options with few words to choose from.
std::string choices_in(const CLI::App& app, const char* form) {
    std::string text;
    for (const CLI::App* each : all_commands(app))
        for (const ShownGroup& group : groups_of(*each))
            for (const ShownOption& option : group.options)
                if (!option.choices.empty() && !option.positional())
                    text += fmt::format(fmt::runtime(form), fmt::arg("path", path_of(*each)),
                                        fmt::arg("option", option.names.back()),
                                        fmt::arg("words", fmt::join(option.choices, " ")));
    return text;
}

std::string for_bash(const CLI::App& app) {
    std::string words;
    for (const CLI::App* each : all_commands(app)) {
        std::vector<std::string> all;
        for (const CLI::App* below : commands_of(*each)) all.push_back(below->get_name());
        for (const ShownGroup& group : groups_of(*each))
            for (const ShownOption& option : group.options)
                if (option.positional()) all.insert(all.end(), option.choices.begin(), option.choices.end());
        const auto options = option_names(*each);
        all.insert(all.end(), options.begin(), options.end());
        words += fmt::format("        \"{}\") words=\"{}\" ;;\n", path_of(*each), fmt::join(all, " "));
    }
    return fmt::format(R"(# Completion of ropewalk for bash: source <(ropewalk completion bash)
_ropewalk() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}" at="" word words=""
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case "$at/$word" in
        {}) at="$at/$word" ;;
        esac
    done
    COMPREPLY=()
    case "$at $previous" in
{}    esac
    if [ -n "$words" ]; then
        COMPREPLY=($(compgen -W "$words" -- "$current"))
        return
    fi
    case "$at" in
{}    esac
    # Where nothing fits, bash offers files.
    COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -F _ropewalk ropewalk
)",
                       all_paths(app), choices_in(app, "        \"{path} {option}\") words=\"{words}\" ;;\n"), words);
}

/// `name:what it is` for _describe.
std::string described(const std::string& name, const std::string& about) {
    std::string text = about;
    for (std::size_t place = 0; (place = text.find(':', place)) != std::string::npos; place += 2) text.insert(place, "\\");
    return in_quotes(name + ":" + text);
}

std::string for_zsh(const CLI::App& app) {
    std::string words;
    for (const CLI::App* each : all_commands(app)) {
        words += fmt::format("    \"{}\")\n        commands=(", path_of(*each));
        for (const CLI::App* below : commands_of(*each))
            words += "\n            " + described(below->get_name(), below->get_description());
        words += ")\n        options=(";
        for (const ShownGroup& group : groups_of(*each))
            for (const ShownOption& option : group.options)
                if (!option.positional())
                    for (const std::string& name : option.names) words += "\n            " + described(name, option.about);
        words += ") ;;\n";
    }
    return fmt::format(R"(#compdef ropewalk
# Completion of ropewalk for zsh: a file _ropewalk in a folder of $fpath.
_ropewalk() {{
    local at="" word
    local -a commands options choices
    for word in "${{words[@]:1:$((CURRENT-2))}}"; do
        case "$at/$word" in
        {}) at="$at/$word" ;;
        esac
    done
    case "$at ${{words[CURRENT-1]}}" in
{}    esac
    if (( $#choices )); then
        compadd -a choices
        return
    fi
    case "$at" in
{}    esac
    if [[ "${{words[CURRENT]}}" == -* ]]; then
        _describe -o option options
    elif (( $#commands )); then
        _describe command commands
    else
        _files
    fi
}}
_ropewalk "$@"
)",
                       all_paths(app), choices_in(app, "    \"{path} {option}\") choices=({words}) ;;\n"), words);
}

std::string for_fish(const CLI::App& app) {
    std::string text = "# Completion of ropewalk for fish: ropewalk completion fish | source\n";
    for (const CLI::App* each : all_commands(app)) {
        const bool whole = each->get_parent() == nullptr;
        std::vector<std::string> below;
        for (const CLI::App* command : commands_of(*each)) below.push_back(command->get_name());
        // Not within a command below this one.
        std::string when = whole ? "__fish_use_subcommand" : "__fish_seen_subcommand_from " + each->get_name();
        if (!whole && !below.empty()) when += fmt::format("; and not __fish_seen_subcommand_from {}", fmt::join(below, " "));
        for (const CLI::App* command : commands_of(*each))
            text += fmt::format("complete -c ropewalk -n {} -f -a {} -d {}\n", in_quotes(when), command->get_name(),
                                in_quotes(command->get_description()));
        for (const ShownGroup& group : groups_of(*each))
            for (const ShownOption& option : group.options) {
                if (option.positional()) continue;
                text += "complete -c ropewalk -n " + in_quotes(when);
                for (const std::string& name : option.names)
                    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
                if (!option.value.empty()) text += " -r";
                if (!option.choices.empty()) text += fmt::format(" -f -a '{}'", fmt::join(option.choices, " "));
                text += " -d " + in_quotes(option.about) + "\n";
            }
    }
    return text;
}

} // namespace

std::vector<std::string> completed_shells() { return {"bash", "zsh", "fish"}; }

std::string completion(const CLI::App& app, const std::string& shell) {
    return shell == "zsh" ? for_zsh(app) : shell == "fish" ? for_fish(app) : for_bash(app);
}

} // namespace ropewalk::cli
