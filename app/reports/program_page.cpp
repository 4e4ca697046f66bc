// The page of a program of machines: the code, what is claimed, its weights, and a run of both machines.
#include <algorithm>
#include <array>
#include <filesystem>

#include "app/reports/kinds.hpp"
#include "ropewalk/base/chart.hpp"

namespace ropewalk::cli {

namespace {

namespace fs = std::filesystem;

constexpr long most_steps_shown = 120;

std::string program_summary(const Json& record) {
    const std::string task = text_of(record, "task");
    const Json& certificate = field_of(record, "certificate");
    if (field_of(record, "program").is_null())
        return fmt::format("No certified program was found for {}.", task);
    std::string text = fmt::format("A program for {}, found by {}.", task, text_of(record, "found_by"));
    if (const std::string claim = text_of(certificate, "claim"); !claim.empty())
        text += " Its certificate: " + claim + ".";
    return text;
}

/// What the columns of a head are called.
std::vector<std::string> names_of(const machine::Configuration& c, int head) {
    std::vector<std::string> names;
    if (head == 0)
        for (const auto& each : c.instruction_set) names.push_back(std::string(assembly::info(each).name));
    else
        for (int i = 1; i <= (head == 4 ? c.lines : c.registers); ++i)
            names.push_back(fmt::format("{}{}", head == 4 ? "" : "r", i));
    return names;
}

/// The choices of a head that are at least a hundredth likely, darker where likelier.
std::string heat(const std::vector<double>& row, const std::vector<std::string>& names) {
    constexpr double least = 0.01;
    std::string text;
    for (std::size_t i = 0; i < row.size(); ++i)
        if (row[i] >= least)
            text +=
                fmt::format("<span class=\"cell\" title=\"{0} {1:.3f}\" style=\"background:color-mix(in srgb,"
                            "var(--given) {2:.0f}%,transparent)\">{0}</span> ",
                            html(names[i]), row[i], 15 + 50 * row[i]);
    return text;
}

std::string weights_table(const compiler::Model& model) {
    static constexpr std::array titles{"instruction", "first operand", "second operand", "destination",
                                       "jumps to line"};
    const machine::Configuration& c = model.configuration;
    const auto heads = machine::layout_of(c).heads();
    const compiler::Decompiled read = compiler::decompile(model);
    HtmlTable table{.head = {"line", "reads as"}, .rows = {}, .numbers = {true}};
    for (std::size_t h = 0; h < heads.size(); ++h)
        if (heads[h].width > 0) table.head.emplace_back(titles[h]);
    for (int l = 0; l < c.lines; ++l) {
        const auto line = static_cast<std::size_t>(l);
        std::vector<std::string> row{std::to_string(l + 1),
                                     "<code>" + html(to_string(read.lines[line].instruction, read.complete)) +
                                         "</code>"};
        for (std::size_t h = 0; h < heads.size(); ++h) {
            if (heads[h].width == 0) continue;
            row.push_back(heat(compiler::distribution(model, l, heads[h]), names_of(c, static_cast<int>(h))));
        }
        table.rows.push_back(std::move(row));
    }
    return paragraph("Every line is five choices, each a distribution; the stronger the colour, the "
                     "likelier. Hover for the "
                     "probability.") +
           "<div class=\"heat\">" + to_html(table) + "</div>";
}

/// The input to show: the one that a certificate found wrong, else the cells' own numbers counted down.
machine::Example shown_input(const Json& record, const machine::Configuration& c) {
    machine::Example example;
    const Json& memory = field_of(field_of(field_of(record, "certificate"), "counterexample"), "memory");
    for (int i = 0; i < c.cells; ++i) {
        int value = (c.cells - i) % c.base;
        if (memory.is_array() && static_cast<std::size_t>(i) < memory.size() &&
            memory[static_cast<std::size_t>(i)].is_number_integer())
            value = std::clamp(memory[static_cast<std::size_t>(i)].get<int>(), 0, c.base - 1);
        example.memory.push_back(value);
    }
    return example;
}

std::string run_section(const Json& record, const compiler::Model& model) {
    const machine::Example example = shown_input(record, model.configuration);
    const auto program = compiler::decompile(model).complete;
    const long steps = std::min(most_steps_shown, model.steps.value_or(most_steps_shown));
    const machine::Trace trace = machine::trace(program, model.configuration, model.weights, example, steps);
    std::string text = figure(instruction_register_figure(trace),
                              fmt::format("Where the instruction register is at each step, on memory {}: the "
                                          "stronger the colour, the more of its mass; "
                                          "the outline is the exact machine.",
                                          spaced(example.memory)));
    if (trace.parts)
        text += paragraph(
            fmt::format("From step {} on some register or cell gives what the exact machine holds less than "
                        "half of its mass: a line there stands for several instructions at once.",
                        *trace.parts));
    return text;
}

std::string restarts_section(const Json& recovered) {
    HtmlTable table{
        .head = {"counted as", "of all restarts", "95% interval"}, .rows = {}, .numbers = {false, true}};
    const std::array<std::pair<const char*, const char*>, 3> kinds{
        {{"soft", "the weights compute the task"},
         {"hard", "the program read from them does"},
         {"certified", "it does on every input checked"}}};
    for (const auto& [key, meaning] : kinds) {
        const Json& each = field_of(recovered, key);
        table.rows.push_back(
            {meaning,
             fmt::format("{} ({:.1f}%)", html(text_of(each, "count")), 100 * number_of(each, "rate")),
             fmt::format("{:.1f}% to {:.1f}%", 100 * number_of(each, "low"), 100 * number_of(each, "high"))});
    }
    return to_html(table);
}

std::string turns_section(const Json& turns) {
    HtmlTable table{.head = {"step", "seconds", "programs", "step-samples", "best"},
                    .rows = {},
                    .numbers = {false, true, true, true, true}};
    for (const Json& turn : turns) {
        if (flag_of(turn, "found")) table.marked_row = table.rows.size();
        table.rows.push_back({html(text_of(turn, "strategy")), short_number(number_of(turn, "seconds")),
                              html(text_of(turn, "candidates")), html(text_of(turn, "step_samples")),
                              fmt::format("{:.1f}%", 100 * number_of(turn, "score"))});
    }
    return to_html(table);
}

std::string open_section(const Json& open) {
    std::string text = paragraph("The examples allow more than one reading. This input decides: " +
                                 text_of(open, "deciding_input"));
    for (const Json& reading : field_of(open, "readings"))
        text += listing(text_of(reading, "source")) +
                paragraph(fmt::format("gives {} there", text_of(reading, "memory")));
    return text;
}

} // namespace

Page program_page(const Json& record, const std::string& folder) {
    const bool found = field_of(record, "program").is_string();
    Page page{.title = found ? "A program for " + text_of(record, "task")
                             : "No program for " + text_of(record, "task"),
              .summary = program_summary(record),
              .sections = {},
              .script = {}};
    if (const std::string source = text_of(record, "source"); !source.empty())
        page.sections.push_back({"The program", listing(source)});
    if (found) page.sections.push_back({"The program as assembly", listing(text_of(record, "program"))});
    if (const Json& open = field_of(record, "open"); open.is_object())
        page.sections.push_back({"What else the examples allow", open_section(open)});
    const auto model = compiler::load_model(file_in(folder, "weights.safetensors"));
    if (model) {
        page.sections.push_back({"A run of the weights", run_section(record, *model)});
        page.sections.push_back({"Its weights", weights_table(*model)});
    }
    if (number_of(record, "restarts") > 1)
        page.sections.push_back({"Restarts", restarts_section(field_of(record, "recovered"))});
    if (const Json& turns = field_of(record, "record"); turns.is_array())
        page.sections.push_back({"What each step did", turns_section(turns)});
    if (const Json& certificate = field_of(record, "certificate"); certificate.is_object()) {
        Json shown = certificate;
        for (const char* key : {"claim", "program"}) shown.erase(key);
        page.sections.push_back({"The certificate", settings_table(shown)});
    }
    page.sections.push_back(
        {"How it was found",
         paragraph((field_of(record, "seconds").is_number()
                        ? short_number(number_of(record, "seconds")) + " seconds, seed "
                        : "Seed ") +
                   text_of(record, "seed") + ".")});
    return page;
}

} // namespace ropewalk::cli
