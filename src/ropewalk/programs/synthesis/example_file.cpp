#include "ropewalk/programs/synthesis/example_file.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "ropewalk/base/base.hpp"
#include "ropewalk/programs/synthesis/example_statements.hpp"
#include "ropewalk/programs/synthesis/example_table.hpp"

namespace ropewalk::synthesis {

namespace {

using values::Value;

ExampleReading read(std::string_view source, const std::string& json, const std::string& file) {
    ExampleReading reading(source, file);
    if (const TableLines lines = table_lines(source); is_table(lines))
        read_table(lines, reading);
    else
        read_statements(source, json, reading);
    if (reading.rows.empty() && reading.errors.empty()) reading.wrong_file("no example", example_forms);
    return reading;
}

/// The value among those so far whose type holds them all, now `value` as well; what does not fit becomes a diagnostic.
void unite(Value& sample, const Value& value, std::size_t at, const std::string& what, ExampleReading& reading) {
    const auto common = values::common_type(sample, value);
    if (!common)
        reading.wrong(at, fmt::format("{}, {}, for {}", values::to_text(value), to_string(value.type), what),
                      to_string(sample.type) + ", as on the lines before");
    else if (*common != sample.type || sample.elements.empty())
        sample = value;
}

std::string names_of(const ExampleRow& row) {
    std::string names;
    for (const auto& [name, value] : row.inputs) names += (names.empty() ? "" : ", ") + name;
    return names;
}

/// The arguments of a row in the order of the first row; false, with an error, where they are others.
bool arrange(ExampleRow& row, const ExampleRow& first, ExampleReading& reading) {
    const auto is_first = [](const std::string& name) { return [&name](const auto& each) { return each.first == name; }; };
    std::vector<std::pair<std::string, Value>> inputs;
    for (const auto& [name, value] : first.inputs) {
        const auto given = std::find_if(row.inputs.begin(), row.inputs.end(), is_first(name));
        if (given != row.inputs.end()) inputs.push_back(*given);
    }
    if (inputs.size() < first.inputs.size() || inputs.size() < row.inputs.size()) {
        reading.wrong(row.at, "arguments " + names_of(row), names_of(first) + ", as on the lines before");
        return false;
    }
    row.inputs = std::move(inputs);
    return true;
}

std::string key_of(const ExampleRow& row) {
    std::string key;
    for (const auto& [name, value] : row.inputs) key += (key.empty() ? "" : " ") + values::to_text(value);
    return key;
}

/// An error where the examples so far give another value for the same arguments.
void check_contradiction(const ExampleRow& row, std::map<std::string, const ExampleRow*>& seen, ExampleReading& reading) {
    const std::string key = key_of(row);
    const auto [known, fresh] = seen.emplace(key, &row);
    if (fresh || known->second->output == row.output) return;
    const int line = reading.line(row.at), other = reading.line(known->second->at);
    reading.wrong(row.at, fmt::format("{} for {}", values::to_text(row.output), key),
                  line == other ? fmt::format("{}, as before it: one of the two is wrong", values::to_text(known->second->output))
                                : fmt::format("{}, as on line {}: one of the two lines is wrong",
                                              values::to_text(known->second->output), other));
}

/// The examples of all rows, where their names and types agree and none contradicts another.
Examples united(ExampleReading& reading) {
    Examples examples{.parameters = {}, .result = {}, .rows = {}, .notes = reading.notes};
    const ExampleRow first = reading.rows.front();
    ExampleRow samples = first;
    std::map<std::string, const ExampleRow*> seen;
    for (ExampleRow& row : reading.rows) {
        if (!arrange(row, first, reading)) continue;
        Example example{.inputs = {}, .output = row.output};
        for (std::size_t i = 0; i < row.inputs.size(); ++i) {
            unite(samples.inputs[i].second, row.inputs[i].second, row.at, "argument " + row.inputs[i].first, reading);
            example.inputs.push_back(row.inputs[i].second);
        }
        unite(samples.output, row.output, row.at, "the value", reading);
        check_contradiction(row, seen, reading);
        examples.rows.push_back(std::move(example));
    }
    for (const auto& [name, sample] : samples.inputs) examples.parameters.push_back({name, sample.type});
    examples.result = samples.output.type;
    return examples;
}

/// The encoding that Windows calls Unicode.
bool is_utf16(std::string_view text) { return text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"); }

/// The text of a file with its lines ended by \n, as long as before; fails where it is no text.
base::Result<std::string> lines_of(std::string_view text, const std::string& file) {
    constexpr std::size_t largest = std::size_t{1} << 26;
    return base::source_text(text, file, "examples", largest).map([](std::string_view source) {
        std::string lines(source);
        if (lines.find('\n') == std::string::npos) std::replace(lines.begin(), lines.end(), '\r', '\n');
        return lines;
    });
}

} // namespace

base::Result<Examples> parse_examples(std::string_view text, const std::string& file) {
    if (is_utf16(text)) return base::failure(file, "text in UTF-16", "UTF-8: save the file in that encoding");
    const auto source = lines_of(text, file);
    if (!source) return base::failure(source.error());
    const std::string json = as_json(*source);
    ExampleReading reading = read(*source, json, file);
    if (reading.rows.empty()) return base::failure(std::move(reading.errors));
    Examples examples = united(reading);
    if (!reading.errors.empty()) return base::failure(std::move(reading.errors));
    return examples;
}

bool are_list_examples(std::string_view text) {
    // Where nothing can be read, what it speaks of tells which reader explains it better.
    const auto says = [&](const char* word) { return text.find(word) != std::string_view::npos; };
    const bool explained_as_list = !says("\"memory") && !says("\"registers") && !says("\"expect\"");
    const std::string file;
    const auto source = lines_of(text, file);
    if (!source) return explained_as_list;
    const std::string json = as_json(*source);
    const ExampleReading reading = read(*source, json, file);
    if (reading.rows.empty()) return explained_as_list;
    const auto of_machine = [](const ExampleRow& row) { return row.of_machine; };
    if (std::any_of(reading.rows.begin(), reading.rows.end(), of_machine)) {
        if (!reading.errors.empty()) return false;
        const std::size_t cells = reading.rows[0].output.elements.size();
        const bool in_place = std::all_of(reading.rows.begin(), reading.rows.end(), [cells](const ExampleRow& row) {
            return row.in_place && row.output.elements.size() == cells;
        });
        return !reading.one_object_a_line || !in_place;
    }
    if (!says("\"expect")) return true;
    return std::none_of(reading.rows[0].inputs.begin(), reading.rows[0].inputs.end(),
                        [](const auto& each) { return each.first == "memory" || each.first == "registers"; });
}

} // namespace ropewalk::synthesis
