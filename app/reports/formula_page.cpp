// The page of a formula: what it is, how well it fits, and what else there was to choose.
#include "app/reports/kinds.hpp"
#include "ropewalk/base/chart.hpp"
#include "ropewalk/formulas/laws/laws.hpp"

namespace ropewalk::cli {

namespace {

std::string front_table(const Json& front, const std::string& best) {
    HtmlTable table{
        .head = {"operators", "R<sup>2</sup>", "error (RMSE)", "largest error", "bits", "formula"},
        .rows = {},
        .numbers = {true, true, true, true, true, false}};
    for (const Json& each : front) {
        const std::string formula = text_of(each, "formula");
        if (formula == best) table.marked_row = table.rows.size();
        table.rows.push_back(
            {html(text_of(each, "operators")), short_number(number_of(each, "r2")),
             short_number(number_of(each, "rmse")), short_number(number_of(each, "max_error")),
             fmt::format("{:.0f}", number_of(each, "bits")), "<code>" + html(formula) + "</code>"});
    }
    return to_html(table);
}

std::string front_figure(const Json& front, const std::string& best) {
    std::vector<formula::Found> found;
    std::size_t place = 0;
    for (const Json& each : front) {
        if (text_of(each, "formula") == best) place = found.size();
        formula::Found point;
        point.operators = count_of(each, "operators");
        point.fit.rmse = number_of(each, "rmse");
        found.push_back(std::move(point));
    }
    return figure(base::to_svg(formula::front_chart(found, place)),
                  "The front: no formula found is both smaller and more exact. The answer stands out.");
}

/// The data under the formula, where the table is still to be found.
std::string fit_figure(const Json& record, const std::string& best) {
    const Json& source = field_of(record, "table");
    formula::TableOptions options{.target = text_of(record, "target"),
                                  .units = flag_of(source, "units"),
                                  .skip_missing = flag_of(source, "skip_missing")};
    for (const Json& mark : field_of(source, "missing"))
        if (mark.is_string()) options.missing.push_back(mark.get<std::string>());
    for (const Json& name : field_of(record, "inputs"))
        if (name.is_string()) options.inputs.push_back(name.get<std::string>());
    const auto table = formula::read_table(text_of(source, "file"), options);
    if (!table) return {};
    const auto program = formula::parse_formula(best, table->names);
    if (!program) return {};
    return figure(
        base::to_svg(formula::fit_chart(table->problem, {table->names, table->target_name}, *program)),
        "The table's rows, and the formula as a line.");
}

std::string formula_summary(const Json& record, const Json& best) {
    const std::string target = text_of(record, "target");
    if (!flag_of(record, "found"))
        return fmt::format(
            "No formula that was tried explains {} better than its mean does by more than chance.", target);
    const std::string how_well =
        flag_of(best, "exact")
            ? "exact on every row"
            : fmt::format("approximate: {}% of the spread of {} is left{}",
                          short_number(100 * number_of(record, "noise")), target,
                          flag_of(record, "only_noise_left") ? ", which looks like noise" : "");
    return fmt::format("{} = {}: {}. It is {}.", target, text_of(best, "formula"), how_well,
                       text_of(record, "reason"));
}

} // namespace

Page formula_page(const Json& record) {
    const Json& best = field_of(record, "best");
    const std::string formula = text_of(best, "formula");
    const Json& front = field_of(record, "front");
    Page page{.title = "A formula for " + text_of(record, "target"),
              .summary = formula_summary(record, best),
              .sections = {},
              .script = {}};
    if (!front.empty()) {
        std::vector<std::string> figures{front_figure(front, formula)};
        if (std::string fit = fit_figure(record, formula); !fit.empty())
            figures.insert(figures.begin(), std::move(fit));
        page.sections.push_back({"How well it fits", beside(figures)});
        page.sections.push_back({"What else there was to choose", front_table(front, formula)});
    }
    std::string how =
        fmt::format("{} rows, {} inputs; {} formulas looked at in {} seconds; stopped: {}.",
                    text_of(record, "rows"), field_of(record, "inputs").size(), text_of(record, "candidates"),
                    short_number(number_of(record, "seconds")), text_of(record, "stop_reason"));
    if (const double size = number_of(record, "completed_operators"); size >= 0)
        how += fmt::format(" Every formula without fitted numbers of up to {:.0f} operators was looked at.",
                           size);
    page.sections.push_back({"How it was found", paragraph(how)});
    return page;
}

} // namespace ropewalk::cli
