#include "ropewalk/programs/synthesis/example_file.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "ropewalk/base/json.hpp"

namespace ropewalk::synthesis {

namespace {

// Names of arguments keep the order in which they stand.
using Json = nlohmann::ordered_json;
using base::trimmed;
using values::Value;

constexpr int deepest_json = 16;
constexpr const char* forms = "an example such as {\"in\": [3,1,2], \"out\": [1,2,3]} or [3,1,2] -> [1,2,3]";

struct Row {
    int line;
    std::vector<std::pair<std::string, Value>> inputs;
    Value output;
    /// Written as an example of a machine, and whether it can be one: cells of small numbers, as many before as after.
    bool of_machine = false, in_place = false;
};

base::Diagnostic at_line(const std::string& file, int line, std::string found, std::string expected) {
    return {
        .file = file, .line = line, .column = 0, .found = std::move(found), .expected = std::move(expected)};
}

bool is_output(const std::string& key) { return key == "out" || key == "output"; }

class Reader {
public:
    explicit Reader(const std::string& file) : file_(file) {}

    std::vector<Row> rows;
    base::Diagnostics errors;

    void read_json(const Json& json, int line) {
        if (json.is_object()) return read_object(json, line);
        if (!json.is_array() || json.size() != 2)
            return wrong(line,
                         json.is_array() ? fmt::format("a list of {}", json.size())
                                         : base::quoted(base::json_text(json)),
                         forms);
        Row row{.line = line, .inputs = {}, .output = {}};
        if (value(json[0], line, "the argument", row.inputs, "x") &&
            value(json[1], line, "the value", row.output))
            rows.push_back(std::move(row));
    }

    /// `3, [1] -> 7`
    void read_arrow(std::string_view left, std::string_view right, int line) {
        const auto inputs = parsed(fmt::format("[{}]", left)), output = parsed(right);
        if (inputs.is_discarded() || output.is_discarded() || inputs.empty())
            return wrong(line, base::quoted(inputs.is_discarded() || inputs.empty() ? left : right),
                         "values on both sides, as in [3,1,2] -> [1,2,3]");
        Row row{.line = line, .inputs = {}, .output = {}};
        for (std::size_t i = 0; i < inputs.size(); ++i)
            if (!value(inputs[i], line, "an argument", row.inputs, name_of(i, inputs.size()))) return;
        if (value(output, line, "the value", row.output)) rows.push_back(std::move(row));
    }

    void wrong(int line, std::string found, std::string expected) {
        errors.push_back(at_line(file_, line, std::move(found), std::move(expected)));
    }

    static Json parsed(std::string_view text) { return base::parse_json<Json>(text, deepest_json); }

    static std::string name_of(std::size_t position, std::size_t count) {
        static const char* const names[] = {"x", "y", "z", "u", "v", "w"};
        if (count == 1) return "x";
        return position < std::size(names) ? names[position] : fmt::format("x{}", position + 1);
    }

private:
    bool value(const Json& json, int line, const std::string& what, Value& into) {
        auto value = values::parse_value(base::json_text(json), what);
        if (!value) {
            wrong(line, what + ": " + value.error()[0].found, value.error()[0].expected);
            return false;
        }
        into = std::move(*value);
        return true;
    }

    bool value(const Json& json, int line, const std::string& what,
               std::vector<std::pair<std::string, Value>>& inputs, std::string name) {
        Value input;
        if (!value(json, line, what, input)) return false;
        inputs.emplace_back(std::move(name), std::move(input));
        return true;
    }

    static bool is_name(const std::string& key) {
        const auto letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; };
        return !key.empty() && letter(key[0]) && std::all_of(key.begin(), key.end(), [&](char c) {
            return letter(c) || (c >= '0' && c <= '9');
        });
    }

    static bool are_cells(const Json& json) {
        constexpr std::int64_t largest = 63;
        return json.is_array() && std::all_of(json.begin(), json.end(), [](const Json& each) {
                   return each.is_number_integer() && each >= 0 && each <= largest;
               });
    }

    /// {"memory": [3,1,2], "expect": {"memory": [1,2,3]}}
    void read_memory(const Json& object, int line) {
        const Json& expect = object["expect"];
        const Json& before = object["memory"];
        const Json& after = expect.is_object() && expect.size() == 1 && expect.contains("memory") ? expect["memory"] : expect;
        Row row{.line = line, .inputs = {}, .output = {}, .of_machine = true};
        row.in_place = are_cells(before) && are_cells(after) && before.size() == after.size();
        if (value(before, line, "key 'memory'", row.inputs, "x") && value(after, line, "key 'expect'", row.output))
            rows.push_back(std::move(row));
    }

    void read_object(const Json& object, int line) {
        if (object.size() == 2 && object.contains("memory") && object.contains("expect")) return read_memory(object, line);
        Row row{.line = line, .inputs = {}, .output = {}};
        bool has_output = false;
        for (const auto& [key, content] : object.items()) {
            const std::string what = "key " + base::quoted(key);
            if (is_output(key)) {
                has_output = true;
                if (!value(content, line, what, row.output)) return;
            } else if ((key == "args" || key == "inputs") && content.is_array()) {
                for (std::size_t i = 0; i < content.size(); ++i)
                    if (!value(content[i], line, what, row.inputs, name_of(i, content.size()))) return;
            } else if (key == "in" || key == "input") {
                if (!value(content, line, what, row.inputs, "x")) return;
            } else if (!is_name(key)) {
                return wrong(line, what, "a name of letters and digits for an argument");
            } else if (!value(content, line, what, row.inputs, key)) {
                return;
            }
        }
        if (!has_output || row.inputs.empty())
            return wrong(line, has_output ? "an example without arguments" : "an example without \"out\"",
                         forms);
        rows.push_back(std::move(row));
    }

    const std::string& file_;
};

bool says_nothing(std::string_view line) { return line.empty() || line[0] == '#' || line.starts_with("//"); }

std::vector<std::string> cells_of(std::string_view line) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    int brackets = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '"' && brackets == 0) {
            if (quoted && i + 1 < line.size() && line[i + 1] == '"')
                cells.back() += line[i++];
            else
                quoted = !quoted;
            continue;
        }
        if (!quoted) brackets += c == '[' ? 1 : c == ']' ? -1 : 0;
        if (c == ',' && !quoted && brackets <= 0)
            cells.emplace_back();
        else
            cells.back() += c;
    }
    return cells;
}

/// A header of names, then a line an example.
void read_csv(const std::vector<std::pair<int, std::string_view>>& lines, Reader& reader) {
    std::vector<std::string> names = cells_of(lines[0].second);
    for (std::string& name : names) name = trimmed(name);
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const auto cells = cells_of(lines[i].second);
        if (cells.size() != names.size()) {
            reader.wrong(lines[i].first, fmt::format("{} cells", cells.size()),
                         fmt::format("{}, as in the header", names.size()));
            continue;
        }
        Json object = Json::object();
        for (std::size_t column = 0; column < names.size(); ++column) {
            const bool last = column + 1 == names.size();
            const auto cell = trimmed(cells[column]);
            Json content = Reader::parsed(cell);
            object[last ? "out" : names[column]] = content.is_discarded() ? Json(std::string(cell)) : content;
        }
        reader.read_json(object, lines[i].first);
    }
}

std::vector<std::pair<int, std::string_view>> lines_of(std::string_view text) {
    std::vector<std::pair<int, std::string_view>> lines;
    int number = 0;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto line = trimmed(text.substr(0, end));
        ++number;
        if (!says_nothing(line)) lines.emplace_back(number, line);
        text = end == std::string_view::npos ? "" : text.substr(end + 1);
    }
    return lines;
}

bool is_header(std::string_view line) {
    return line.find_first_of("[{") == std::string_view::npos && line.find(',') != std::string_view::npos &&
           Reader::parsed("[" + std::string(line) + "]").is_discarded();
}

void read_lines(const std::vector<std::pair<int, std::string_view>>& lines, Reader& reader) {
    for (const auto& [number, line] : lines) {
        const auto arrow = line.find("->");
        const Json json = Reader::parsed(line);
        if (!json.is_discarded())
            reader.read_json(json, number);
        else if (arrow != std::string_view::npos)
            reader.read_arrow(trimmed(line.substr(0, arrow)), trimmed(line.substr(arrow + 2)), number);
        else
            reader.wrong(number, base::quoted(line), forms);
    }
}

Reader read(std::string_view text, const std::string& file) {
    Reader reader(file);
    const auto lines = lines_of(text);
    if (lines.empty()) {
        reader.wrong(0, "no example", forms);
        return reader;
    }
    // One array of objects, or one object over several lines.
    const Json whole = Reader::parsed(text);
    const bool objects =
        whole.is_array() && !whole.empty() &&
        std::all_of(whole.begin(), whole.end(), [](const Json& each) { return each.is_object(); });
    if (objects)
        for (const Json& each : whole) reader.read_json(each, 0);
    else if (whole.is_object())
        reader.read_json(whole, lines[0].first);
    else if (is_header(lines[0].second))
        read_csv(lines, reader);
    else
        read_lines(lines, reader);
    return reader;
}

/// The value among those so far whose type holds them all, now `value` as well; what does not fit becomes a diagnostic.
void unite(Value& sample, const Value& value, int line, const std::string& what, Reader& reader) {
    const auto common = values::common_type(sample, value);
    if (!common)
        reader.wrong(line, fmt::format("{}, {}, for {}", values::to_text(value), to_string(value.type), what),
                     to_string(sample.type) + ", as on the lines before");
    else if (*common != sample.type || sample.elements.empty())
        sample = value;
}

} // namespace

base::Result<Examples> parse_examples(std::string_view text, const std::string& file) {
    constexpr std::size_t largest = std::size_t{1} << 26;
    const auto source = base::source_text(text, file, "examples", largest);
    if (!source) return base::failure(source.error());
    Reader reader = read(*source, file);
    if (reader.rows.empty()) {
        if (reader.errors.empty()) reader.wrong(0, "no example", forms);
        return base::failure(std::move(reader.errors));
    }
    Examples examples;
    Row samples = reader.rows.front();
    std::map<std::string, const Row*> seen;
    for (const Row& row : reader.rows) {
        const Row& first = reader.rows.front();
        const bool same_names =
            std::equal(row.inputs.begin(), row.inputs.end(), first.inputs.begin(), first.inputs.end(),
                       [](const auto& a, const auto& b) { return a.first == b.first; });
        if (!same_names) {
            std::string names;
            for (const auto& [name, value] : first.inputs) names += (names.empty() ? "" : ", ") + name;
            reader.wrong(row.line, "other arguments than on the lines before", names);
            continue;
        }
        Example example{.inputs = {}, .output = row.output};
        std::string key;
        for (std::size_t i = 0; i < row.inputs.size(); ++i) {
            unite(samples.inputs[i].second, row.inputs[i].second, row.line, "argument " + row.inputs[i].first, reader);
            example.inputs.push_back(row.inputs[i].second);
            key += values::to_text(row.inputs[i].second) + ' ';
        }
        unite(samples.output, row.output, row.line, "the value", reader);
        const auto [known, fresh] = seen.emplace(key, &row);
        if (!fresh && !(known->second->output == row.output))
            reader.wrong(row.line, fmt::format("{} for {}", values::to_text(row.output), key.substr(0, key.size() - 1)),
                         fmt::format("{}, as on line {}: one of the two lines is wrong", values::to_text(known->second->output),
                                     known->second->line));
        examples.rows.push_back(std::move(example));
    }
    if (!reader.errors.empty()) return base::failure(std::move(reader.errors));
    for (const auto& [name, sample] : samples.inputs) examples.parameters.push_back({name, sample.type});
    examples.result = samples.output.type;
    return examples;
}

bool are_list_examples(std::string_view text) {
    const Reader reader = read(text, "");
    const auto says = [text](const char* word) { return text.find(word) != std::string_view::npos; };
    // Where every line is wrong, what they look like tells which reader explains it better.
    const auto first = text.find_first_not_of(" \t\r\n");
    const bool value = first == std::string_view::npos || std::string_view("[(-\"0123456789").find(text[first]) != std::string_view::npos;
    if (reader.rows.empty()) return !says("\"memory\"") && (value || says("\"out") || says("\"in") || says("->"));
    const auto of_machine = [](const Row& row) { return row.of_machine; };
    if (std::any_of(reader.rows.begin(), reader.rows.end(), of_machine)) {
        if (!reader.errors.empty()) return false;
        const auto lines = lines_of(text);
        const bool one_a_line = reader.rows.size() == lines.size() && lines[0].second[0] == '{' &&
                                text.find('#') == std::string_view::npos && text.find("//") == std::string_view::npos;
        const std::size_t cells = reader.rows[0].output.elements.size();
        const bool in_place = std::all_of(reader.rows.begin(), reader.rows.end(), [cells](const Row& row) {
            return row.in_place && row.output.elements.size() == cells;
        });
        return !one_a_line || !in_place;
    }
    return std::none_of(reader.rows[0].inputs.begin(), reader.rows[0].inputs.end(),
                        [](const auto& each) { return each.first == "memory" || each.first == "registers"; });
}

} // namespace ropewalk::synthesis
