// Pages of the documentation that are written from code, so that they cannot say something else.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/manual/manual.hpp"
#include "app/manual/shown.hpp"
#include "ropewalk/programs/assembly/assembly.hpp"

namespace ropewalk::cli {

namespace {

/// Text in a cell of a table of Markdown.
std::string cell(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    for (const char mark : {'|', '<', '*'})
        for (std::size_t place = 0; (place = text.find(mark, place)) != std::string::npos; place += 2)
            text.insert(place, "\\");
    return text;
}

} // namespace

std::string options_page(const CLI::App& app) {
    std::string text = "# Options of every command\n\n"
                       "What `ropewalk COMMAND --help` says, on one page. [Commands](commands.md) shows what they print.\n";
    for (const CLI::App* command : all_commands(app)) {
        if (command->get_parent() == nullptr) continue;
        text += fmt::format("\n## {}\n\n{}.\n", full_name(*command), command->get_description());
        for (const ShownGroup& group : groups_of(*command)) {
            text += fmt::format("\n| {} | |\n|---|---|\n", group.title);
            for (const ShownOption& option : group.options)
                text += fmt::format("| `{}` | {} |\n", name_and_value(option), cell(sentence_of(option)));
        }
    }
    return text;
}

std::string instructions_page() {
    std::string text = "# Instructions\n\n"
                       "Every instruction of the [assembly language](commands.md#the-assembly-language): its operands, what it "
                       "does, and which instruction\nsets have it. The destination is the last operand; `mod base` means that "
                       "counting begins again at 0.\n\n"
                       "| instruction | operands | what it does | sets |\n|---|---|---|---|\n";
    const auto has = [](const assembly::InstructionSet& set, assembly::Opcode opcode) {
        return std::find(set.begin(), set.end(), opcode) != set.end();
    };
    for (const assembly::InstructionInfo& each : assembly::instruction_table()) {
        std::vector<std::string_view> operands;
        for (const assembly::Operand& operand : each.operands()) operands.push_back(operand.name);
        std::vector<std::string> sets;
        if (has(assembly::paper13(), each.opcode)) sets.push_back("`paper13`");
        if (has(assembly::anc11(), each.opcode)) sets.push_back("`anc11`");
        sets.push_back("`all`");
        text += fmt::format("| `{}` | {} | {} | {} |\n", each.name,
                            operands.empty() ? std::string() : fmt::format("`{}`", fmt::join(operands, " ")),
                            cell(std::string(each.meaning)), fmt::join(sets, ", "));
    }
    return text + "\n`paper13` is the set of *Synthesized Differentiable Programs*, `anc11` that of *Adaptive Neural Compilation*; "
                  "`--instructions` chooses\na set or lists instructions.\n";
}

} // namespace ropewalk::cli
