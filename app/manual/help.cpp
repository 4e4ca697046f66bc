// What --help prints.
#include <algorithm>

#include <fmt/format.h>

#include "app/manual/manual.hpp"
#include "app/manual/shown.hpp"

namespace ropewalk::cli {

namespace {

constexpr std::size_t line_width = 100;

/// Words in lines of at most `width` columns; ends of lines in the text stay.
std::vector<std::string> wrapped(const std::string& text, std::size_t width) {
    std::vector<std::string> lines{""};
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find_first_of(" \n", start), text.size());
        const std::string word = text.substr(start, end - start);
        std::string& line = lines.back();
        if (!line.empty() && line.size() + 1 + word.size() > width)
            lines.push_back(word);
        else
            line += (line.empty() ? "" : " ") + word;
        if (end < text.size() && text[end] == '\n') lines.emplace_back();
        start = end + 1;
    }
    return lines;
}

/// A name, and beside it what it is.
std::string entry(const std::string& name, const std::string& about) {
    constexpr std::size_t indent = 28;
    std::string text = "  " + name;
    bool beside = text.size() + 2 <= indent;
    if (!beside) text += '\n';
    for (const std::string& line : wrapped(about, line_width - indent)) {
        text += beside ? std::string(indent - text.size(), ' ') : std::string(indent, ' ');
        text += line + "\n";
        beside = false;
    }
    return text;
}

class Help : public CLI::FormatterBase {
public:
    explicit Help(bool bold) : bold_(bold) {}

    std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode) const override {
        std::string text = app->get_description() + "\n\n" + heading("Usage") + " " + usage(*app, name) + "\n";
        text += commands(*app);
        for (const ShownGroup& group : groups_of(*app)) {
            text += "\n" + heading(group.title) + "\n";
            for (const ShownOption& option : group.options) text += entry(name_and_value(option), sentence_of(option));
        }
        const std::string footer = app->get_footer();
        return footer.empty() ? text : text + "\n" + footer + "\n";
    }

private:
    std::string heading(const std::string& title) const {
        return bold_ ? "\x1b[1m" + title + ":\x1b[0m" : title + ":";
    }

    static std::string usage(const CLI::App& app, const std::string& name) {
        std::string text = name;
        for (const ShownGroup& group : groups_of(app))
            for (const ShownOption& option : group.options)
                if (option.positional()) {
                    const std::string shown = option.names.front() + (option.repeated ? "..." : "");
                    text += option.required ? " " + shown : " [" + shown + "]";
                }
        text += " [OPTIONS]";
        if (!commands_of(app).empty()) text += app.get_require_subcommand_min() == 0 ? " [COMMAND]" : " COMMAND";
        return text;
    }

    std::string commands(const CLI::App& app) const {
        std::vector<std::string> groups;
        for (const CLI::App* each : commands_of(app))
            if (std::find(groups.begin(), groups.end(), each->get_group()) == groups.end())
                groups.push_back(each->get_group());
        std::string text;
        for (const std::string& group : groups) {
            text += "\n" + heading(group == "Subcommands" ? "Commands" : group) + "\n";
            for (const CLI::App* each : commands_of(app))
                if (each->get_group() == group) text += entry(each->get_name(), each->get_description());
        }
        return text;
    }

    bool bold_;
};

} // namespace

void set_help(CLI::App& app, bool bold) { app.formatter(std::make_shared<Help>(bold)); }

} // namespace ropewalk::cli
