// The page of images read and formulas found.
#include <algorithm>
#include <cmath>
#include <filesystem>

#include "app/reports/kinds.hpp"
#include "ropewalk/base/base64.hpp"
#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_formulas = 60;
constexpr std::size_t most_images = 48;
constexpr std::size_t largest_image = 3000;

std::string perceive_summary(const Json& record) {
    if (const Json& found = field_of(record, "found"); found.is_array()) {
        std::string text = "From images and numbers alone: ";
        for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), 3); ++i)
            text += fmt::format("{}{} = {}", i == 0 ? "" : ", ", text_of(found[i], "output"),
                                text_of(found[i], "formula"));
        return text + (found.size() > 3 ? fmt::format(" and {} more.", found.size() - 3) : ".");
    }
    return fmt::format(
        "{} of {} formulas found are right, and images are read with a symbolic loss of {} on images "
        "never seen.",
        text_of(record, "programs_right"), text_of(record, "tasks"),
        short_number(number_of(field_of(record, "symbolic_loss"), "test")));
}

std::string formulas_section(const Json& found) {
    HtmlTable table{
        .head = {"output", "formula", "error on rows kept", "on rows learned from", "margin to the next"},
        .rows = {},
        .numbers = {false, false, true, true, true}};
    for (std::size_t i = 0; i < std::min(found.size(), most_formulas); ++i)
        table.rows.push_back({html(text_of(found[i], "output")),
                              "<code>" + html(text_of(found[i], "formula")) + "</code>",
                              short_number(number_of(found[i], "validation_error")),
                              short_number(number_of(found[i], "training_error")),
                              short_number(number_of(found[i], "margin"))});
    return paragraph("Errors are shares of an output's variance: 0 is exact, 1 is no better than the mean.") +
           to_html(table);
}

std::string programs_section(const Json& programs) {
    HtmlTable table{.head = {"task", "formula", "the next best", "margin", "determined by"},
                    .rows = {},
                    .numbers = {true, false, false, true}};
    for (std::size_t i = 0; i < std::min(programs.size(), most_formulas); ++i)
        table.rows.push_back(
            {html(text_of(programs[i], "task")), "<code>" + html(text_of(programs[i], "formula")) + "</code>",
             "<code>" + html(text_of(programs[i], "runner_up")) + "</code>",
             short_number(number_of(programs[i], "margin")), html(text_of(programs[i], "determined"))});
    std::string text = to_html(table);
    if (programs.size() > most_formulas)
        text += paragraph(
            fmt::format("The first {} of {}; all are in programs.json.", most_formulas, programs.size()));
    return text;
}

/// Images of a manifest beside what they were read as, where their files are still there and small.
std::string images_section(const Json& record, const std::string& folder) {
    const auto table = formula::read_mixed_table(file_in(folder, "symbols.csv"), {"image"});
    if (!table || table->columns.size() < 2 || !table->columns.front().is_text) return {};
    const auto data = fs::path(text_of(field_of(record, "settings"), "data")).parent_path();
    std::string text;
    std::size_t shown = 0;
    const std::size_t rows = table->lines.size();
    const std::size_t step = std::max<std::size_t>(1, rows / most_images);
    for (std::size_t r = 0; r < rows && shown < most_images; r += step) {
        const std::string& name = table->columns[0].texts[r];
        const auto bytes = base::read_file((data / name).string(), largest_image);
        if (!bytes || bytes->size() < 8) continue;
        const bool png = bytes->compare(1, 3, "PNG") == 0;
        const auto& read = table->columns[1];
        text += fmt::format(
            "<figure style=\"display:inline-block;margin:.3rem;text-align:center\"><img alt=\"{0}\" "
            "title=\"{0}\" width=\"48\" "
            "src=\"data:image/{1};base64,{2}\"><figcaption>{3}</figcaption></figure>",
            html(name), png ? "png" : "jpeg", base::base64(*bytes),
            read.is_text ? html(read.texts[r]) : fmt::format("{:.4g}", read.numbers[r]));
        ++shown;
    }
    return text.empty() ? text : paragraph("A sample, each with what it was read as.") + text;
}

} // namespace

Page perceive_page(const Json& record, const std::string& folder) {
    Page page{
        .title = "Images read, formulas found", .summary = perceive_summary(record), .sections = {}, .script = {}};
    const Json& found = field_of(record, "found");
    if (found.is_array()) page.sections.push_back({"The formulas", formulas_section(found)});
    if (const auto programs = read_json(file_in(folder, "programs.json"));
        programs && !found.is_array() && programs->is_array())
        page.sections.push_back({"The formulas", programs_section(*programs)});
    if (std::string images = images_section(record, folder); !images.empty())
        page.sections.push_back({"Images and what they were read as", std::move(images)});
    Json rest = record;
    for (const char* key : {"found", "settings", "programs", "tasks_found"}) rest.erase(key);
    page.sections.push_back({"Measures", settings_table(rest)});
    page.sections.push_back({"Settings", settings_table(field_of(record, "settings"))});
    return page;
}

} // namespace ropewalk::cli
