#include "app/manual/shown.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/manual/groups.hpp"

namespace ropewalk::cli {

namespace {

/// `INT:INT in [2 - 256]` in parts.
std::vector<std::string> parts_of(const std::string& type) {
    std::vector<std::string> parts;
    for (std::size_t start = 0; start <= type.size();) {
        // A list of words may hold a colon.
        const std::size_t brace = type.find('{', start);
        std::size_t end = std::min(type.find(':', start), type.size());
        if (brace < end) end = std::min(type.find(':', std::min(type.find('}', brace), type.size())), type.size());
        parts.push_back(type.substr(start, end - start));
        start = end + 1;
    }
    return parts;
}

std::string value_name(const std::string& type) {
    if (type == "INT" || type == "UINT") return "N";
    if (type == "FLOAT") return "X";
    return type;
}

std::vector<std::string> words_of(const std::string& list) {
    std::vector<std::string> words;
    for (std::size_t start = 0; start <= list.size();) {
        const std::size_t end = std::min(list.find(',', start), list.size());
        words.push_back(list.substr(start, end - start));
        start = end + 1;
    }
    return words;
}

/// What a check says of itself: a range, a list of words, or a kind of number.
void take_check(ShownOption& shown, const std::string& check) {
    const std::size_t open = check.find('['), between = check.find(" - ", open), close = check.find(']', open);
    if (check.starts_with('{') && check.ends_with('}')) {
        shown.choices = words_of(check.substr(1, check.size() - 2));
        // A comma among the words leaves no telling where one ends.
        if (std::find(shown.choices.begin(), shown.choices.end(), "") != shown.choices.end()) shown.choices.clear();
        return;
    }
    if (open != std::string::npos && between < close && close != std::string::npos)
        shown.notes.push_back(check.substr(open + 1, between - open - 1) + " to " +
                              check.substr(between + 3, close - between - 3));
    else if (check == "NONNEGATIVE")
        shown.notes.push_back("0 or more");
    else if (check == "POSITIVE")
        shown.notes.push_back("above 0");
    else if (check.find_first_of("0123456789") != std::string::npos)
        shown.notes.push_back(check);
}

std::string first_name(const CLI::Option& option) {
    if (!option.get_lnames().empty()) return "--" + option.get_lnames().front();
    return option.get_snames().empty() ? option.get_name() : "-" + option.get_snames().front();
}

std::string names_of(const std::set<CLI::Option*>& options) {
    std::vector<std::string> names;
    for (const CLI::Option* each : options) names.push_back(first_name(*each));
    std::sort(names.begin(), names.end());
    return fmt::format("{}", fmt::join(names, ", "));
}

ShownOption shown(const CLI::Option& option) {
    ShownOption result{.about = option.get_description(), .required = option.get_required()};
    for (const std::string& each : option.get_snames()) result.names.push_back("-" + each);
    for (const std::string& each : option.get_lnames()) result.names.push_back("--" + each);
    if (result.names.empty()) result.names.push_back(option.get_name(true));
    result.repeated = option.get_expected_max() == CLI::detail::expected_max_vector_size;
    if (option.get_type_size() != 0 && option.get_expected_max() != 0) {
        const std::vector<std::string> parts = parts_of(option.get_type_name());
        result.value = value_name(parts.front());
        for (std::size_t i = 1; i < parts.size(); ++i) take_check(result, parts[i]);
        // Initial values of lists are many numbers, or nothing.
        const std::string& initial = option.get_default_str();
        if (!initial.empty() && initial != "[]" && initial != "\"\"") result.notes.push_back("default " + initial);
    }
    if (!option.get_needs().empty()) result.notes.push_back("with " + names_of(option.get_needs()));
    if (!option.get_excludes().empty()) result.notes.push_back("not with " + names_of(option.get_excludes()));
    return result;
}

} // namespace

std::vector<ShownGroup> groups_of(const CLI::App& command) {
    std::vector<ShownGroup> groups;
    groups.push_back({"Arguments", {}});
    for (const std::string& title : group_titles()) groups.push_back({title, {}});
    for (const CLI::Option* option : command.get_options()) {
        if (option->get_group().empty()) continue;
        const std::string title = option->get_positional() ? "Arguments" : option->get_group();
        auto group = std::find_if(groups.begin(), groups.end(), [&](const ShownGroup& each) { return each.title == title; });
        if (group == groups.end()) group = groups.insert(groups.end(), {title, {}});
        group->options.push_back(shown(*option));
    }
    std::erase_if(groups, [](const ShownGroup& each) { return each.options.empty(); });
    return groups;
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
    return app.get_subcommands([](const CLI::App* each) { return !each->get_group().empty(); });
}

std::string full_name(const CLI::App& command) {
    return command.get_parent() == nullptr ? command.get_name() : full_name(*command.get_parent()) + " " + command.get_name();
}

std::vector<const CLI::App*> all_commands(const CLI::App& app) {
    std::vector<const CLI::App*> all{&app};
    for (const CLI::App* each : commands_of(app)) {
        const auto below = all_commands(*each);
        all.insert(all.end(), below.begin(), below.end());
    }
    return all;
}

std::string name_and_value(const ShownOption& option) {
    std::string text = fmt::format("{}", fmt::join(option.names, ", "));
    if (!option.value.empty() && !option.positional()) text += " " + option.value + (option.repeated ? " ..." : "");
    return text;
}

std::string sentence_of(const ShownOption& option) {
    std::vector<std::string> notes;
    if (option.required) notes.push_back("required");
    const bool named = std::all_of(option.choices.begin(), option.choices.end(),
                                   [&](const std::string& each) { return option.about.find(each) != std::string::npos; });
    if (!named) notes.push_back(fmt::format("one of {}", fmt::join(option.choices, ", ")));
    notes.insert(notes.end(), option.notes.begin(), option.notes.end());
    if (notes.empty()) return option.about;
    return fmt::format("{}{}({})", option.about, option.about.empty() ? "" : " ", fmt::join(notes, "; "));
}

} // namespace ropewalk::cli
