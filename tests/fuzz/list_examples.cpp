// Files of examples over lists: what is read can be written with arrows, and says the same again.
#include "ropewalk/programs/synthesis/synthesis.hpp"
#include "tests/fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ropewalk;
    const auto text = fuzz::text_of(data, size);
    synthesis::are_list_examples(text);
    const auto examples = synthesis::parse_examples(text, "fuzz");
    if (!examples) return fuzz::refused(examples.error());
    std::string arrows;
    for (const synthesis::Example& each : examples->rows) {
        fuzz::holds(each.inputs.size() == examples->parameters.size(), "every example has a value for each argument");
        for (std::size_t i = 0; i < each.inputs.size(); ++i) arrows += (i > 0 ? ", " : "") + values::to_text(each.inputs[i]);
        arrows += " -> " + values::to_text(each.output) + "\n";
    }
    const auto again = synthesis::parse_examples(arrows, "arrows");
    fuzz::holds(again.has_value(), "examples with arrows are read");
    fuzz::holds(again->rows.size() == examples->rows.size() && again->result == examples->result, "as many, of the same type");
    for (std::size_t i = 0; i < again->rows.size(); ++i)
        fuzz::holds(again->rows[i].inputs == examples->rows[i].inputs && again->rows[i].output == examples->rows[i].output,
                    "the same examples");
    return 0;
}
