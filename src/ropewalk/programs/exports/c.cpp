#include <algorithm>

#include <fmt/format.h>

#include "ropewalk/programs/exports/c_runtime.hpp"
#include "ropewalk/programs/exports/c_writer.hpp"
#include "ropewalk/programs/exports/exports.hpp"

namespace ropewalk::exports {

namespace {

using values::Value;

/// Statements that make a value of an example in `memory`, and its name.
class ExampleWriter {
public:
    std::string text;

    std::string made(const Value& value) {
        if (!value.type.is_list()) return fmt::format("INT64_C({})", value.number);
        std::vector<std::string> elements;
        for (const Value& each : value.elements) elements.push_back(c_as_element(each.type, made(each)));
        const std::string name = "e" + std::to_string(++names_);
        text += fmt::format("        rope_value {}_at[{}];\n", name, elements.size() + 1);
        text += fmt::format("        {}_at[{}] = rope_number(0);\n", name, elements.size());
        for (std::size_t i = 0; i < elements.size(); ++i)
            text += fmt::format("        {}_at[{}] = {};\n", name, i, elements[i]);
        text += fmt::format("        const rope_list {0} = {{{1}, {0}_at}};\n", name, elements.size());
        return "(&" + name + ")";
    }

private:
    int names_ = 0;
};

std::string self_test(const functional::Program& program, const synthesis::Examples& examples) {
    std::string text = "\n#ifdef ROPE_SELF_TEST\nint main(void) {\n    rope_memory memory = {NULL, false};\n";
    for (const synthesis::Example& each : examples.rows) {
        ExampleWriter writer;
        std::string arguments;
        for (const Value& input : each.inputs) arguments += writer.made(input) + ", ";
        const std::string expected = writer.made(each.output);
        text += "    {\n" + writer.text + "        " + c_type_text(program.result) + "result;\n";
        text += fmt::format("        if (!solve({}&memory, &result) || !rope_equal({}, {}, {})) return 1;\n", arguments,
                            c_as_element(program.result, "result"), c_as_element(program.result, expected), program.result.depth);
        text += "        rope_free(&memory);\n    }\n";
    }
    return text + "    return 0;\n}\n#endif\n";
}

} // namespace

std::string to_c(const functional::Program& program, const synthesis::Examples& examples) {
    CWriter writer(program);
    const std::vector<std::string> names = writer.variables();
    const std::string result = writer.value(program.body);
    std::string head, shown, unused;
    for (std::size_t i = 0; i < names.size(); ++i) {
        head += c_type_text(program.parameters[i].type) + names[i] + ", ";
        unused += "    (void)" + names[i] + ";\n";
    }
    constexpr std::size_t most_shown = 5;
    for (std::size_t i = 0; i < std::min(most_shown, examples.rows.size()); ++i) {
        std::string arguments;
        for (const Value& each : examples.rows[i].inputs) arguments += (arguments.empty() ? "" : ", ") + values::to_text(each);
        shown += fmt::format("     solve({}) = {}\n", arguments, values::to_text(examples.rows[i].output));
    }
    // A comment must not end inside of what it shows.
    for (std::size_t at = 0; (at = shown.find("*/", at)) != std::string::npos;) shown.replace(at, 2, "* /");
    return std::string(c_runtime) +
           fmt::format("\n/* The function that these examples show:\n\n{}\n   Lists are made in the memory. False where there "
                       "is no value. */\nbool solve({}rope_memory *memory, {}*result);\nbool solve({}rope_memory *memory, "
                       "{}*result) {{\n{}{}    *result = {};\n    return !memory->failed;\n}}\n",
                       shown, head, c_type_text(program.result), head, c_type_text(program.result), unused, writer.text, result) +
           self_test(program, examples);
}

} // namespace ropewalk::exports
