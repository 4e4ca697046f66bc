// Manual pages in the macros of man(7).
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/manual/manual.hpp"
#include "app/manual/shown.hpp"

namespace ropewalk::cli {

namespace {

/// Text that man takes as it stands: a hyphen is a hyphen, a line that begins with a dot is no request.
std::string plain(std::string_view text) {
    std::string result;
    for (const char letter : text) {
        const bool begins = result.empty() || result.back() == '\n';
        if (begins && (letter == '.' || letter == '\'')) result += "\\&";
        if (letter == '\\')
            result += "\\e";
        else if (letter == '-')
            result += "\\-";
        else
            result += letter;
    }
    return result;
}

std::string file_name(const CLI::App& command) {
    std::string name = full_name(command);
    std::replace(name.begin(), name.end(), ' ', '-');
    return name;
}

std::string commands_section(const CLI::App& app) {
    std::string text;
    for (const CLI::App* each : commands_of(app))
        text += fmt::format(".TP\n.BR {} (1)\n{}\n", plain(file_name(*each)), plain(each->get_description()));
    return text.empty() ? text : ".SH COMMANDS\n" + text;
}

std::string options_section(const CLI::App& command) {
    std::string text;
    for (const ShownGroup& group : groups_of(command)) {
        text += fmt::format(".SS {}\n", plain(group.title));
        for (const ShownOption& option : group.options)
            text += fmt::format(".TP\n.B {}\n{}\n", plain(name_and_value(option)), plain(sentence_of(option)));
    }
    return text.empty() ? text : ".SH OPTIONS\n" + text;
}

std::string page_of(const CLI::App& command) {
    std::string name = file_name(command), title = name;
    std::transform(title.begin(), title.end(), title.begin(), [](unsigned char c) { return std::toupper(c); });
    std::string about = command.get_description();
    std::replace(about.begin(), about.end(), '\n', ' ');
    std::string text = fmt::format(".TH {} 1 \"\" \"ropewalk {}\" \"Ropewalk\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n.B {}\n",
                                   plain(title), ROPEWALK_VERSION, plain(name), plain(about), plain(full_name(command)));
    for (const ShownGroup& group : groups_of(command))
        for (const ShownOption& option : group.options)
            if (option.positional()) text += fmt::format(".I {}\n", plain(option.names.front()));
    text += commands_of(command).empty() ? "[OPTIONS]\n" : "COMMAND [OPTIONS]\n";
    text += commands_section(command) + options_section(command);
    if (const std::string footer = command.get_footer(); !footer.empty())
        text += ".SH NOTES\n.nf\n" + plain(footer) + "\n.fi\n";
    if (const CLI::App* above = command.get_parent(); above != nullptr)
        text += fmt::format(".SH SEE ALSO\n.BR {} (1)\n", plain(file_name(*above)));
    return text;
}

} // namespace

std::vector<std::pair<std::string, std::string>> manual_pages(const CLI::App& app) {
    std::vector<std::pair<std::string, std::string>> pages;
    for (const CLI::App* each : all_commands(app)) pages.emplace_back(file_name(*each) + ".1", page_of(*each));
    return pages;
}

} // namespace ropewalk::cli
