// The page of a program over lists: the program, and whether the examples decide.
#include <algorithm>

#include "app/reports/kinds.hpp"

namespace ropewalk::cli {

namespace {

/// The examples, as many as one reads.
std::string examples_of(const Json& record) {
    constexpr std::size_t most = 30;
    const Json& examples = field_of(record, "examples");
    HtmlTable table{.head = {"call", "value"}, .rows = {}, .numbers = {false, false}};
    for (std::size_t i = 0; i < std::min(most, examples.size()); ++i)
        table.rows.push_back({html(text_of(examples[i], "call")), html(text_of(examples[i], "value"))});
    std::string text = to_html(table);
    if (examples.size() > most) text += paragraph(fmt::format("The first {} of {}.", most, examples.size()));
    return text;
}

} // namespace

Page list_program_page(const Json& record) {
    const bool found = flag_of(record, "found");
    Page page{.title = found ? "A program from examples" : "No program found",
              .summary = {},
              .sections = {},
              .script = {}};
    const std::string tried =
        fmt::format("{} programs tried in {} seconds; stopped: {}.", text_of(record, "candidates"),
                    short_number(number_of(record, "seconds")), text_of(record, "stop_reason"));
    if (!found) {
        page.summary = "No program within the limits is right on all examples.";
        page.sections.push_back({"What was tried", paragraph(tried)});
        return page;
    }
    page.summary = flag_of(record, "decided")
                       ? "Right on all examples, and the examples decide: no other likely program differs."
                       : "Right on all examples, but they leave open which program is meant.";
    page.sections.push_back({"The program", listing(text_of(record, "program"))});
    if (const Json& rival = field_of(record, "rival"); rival.is_object())
        page.sections.push_back(
            {"What else the examples allow",
             listing(text_of(rival, "program")) +
                 paragraph(fmt::format(
                     "{} gives {}; the program above gives {}. An example of this input decides.",
                     text_of(rival, "input"), text_of(rival, "value_of_rival"), text_of(rival, "value")))});
    else if (!flag_of(record, "decided"))
        page.sections.push_back(
            {"Why it may fit by accident",
             paragraph(
                 fmt::format("The outputs hold {:.0f} bits, and 2^{:.0f} programs were tried. More examples, "
                             "longer and less alike, make sure.",
                             number_of(record, "output_bits"), number_of(record, "tried_bits")))});
    if (field_of(record, "examples").is_array()) page.sections.push_back({"The examples", examples_of(record)});
    page.sections.push_back({"How it was found", paragraph(tried)});
    return page;
}

} // namespace ropewalk::cli
