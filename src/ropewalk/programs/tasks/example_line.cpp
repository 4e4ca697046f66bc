#include "ropewalk/programs/tasks/example_line.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "ropewalk/base/json.hpp"
#include "ropewalk/programs/machine/machine.hpp"

namespace ropewalk::tasks {

namespace {

using nlohmann::json;

template<class T>
using OrProblem = tl::expected<T, base::Diagnostic>;

tl::unexpected<base::Diagnostic> problem(std::string found, std::string expected) {
    return tl::unexpected(base::Diagnostic{.found = std::move(found), .expected = std::move(expected)});
}

bool is_printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

/// A problem at a byte of the line. The line is shown with a caret only where a terminal can show it.
base::Diagnostic problem_at(std::string_view line, std::size_t column, std::string found,
                            std::string expected) {
    constexpr std::size_t widest_shown = 200;
    base::Diagnostic diagnostic{.found = std::move(found), .expected = std::move(expected)};
    diagnostic.column = static_cast<int>(std::clamp<std::size_t>(column, 1, line.size() + 1));
    if (line.size() <= widest_shown && is_printable(line)) diagnostic.source_line = line;
    return diagnostic;
}

/// Reads events instead of building values, so that deep nesting is refused before anything recurses over it,
/// and keys that stand twice are seen at all.
class SyntaxCheck : public nlohmann::json_sax<json> {
public:
    SyntaxCheck(std::string_view line, const ExampleLimits& limits) : line_(line), limits_(limits) {}

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }

    /// Seen only here as it is written: the value of 1e3 would be shown as 1000.0.
    bool number_float(number_float_t, const string_t& text) override {
        problem_ = {.found = "number " + base::quoted(text),
                    .expected = fmt::format("a whole number from 0 to {}", limits_.base - 1)};
        return false;
    }

    bool start_object(std::size_t) override { return open(); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        if (keys_.back().insert(name).second) return true;
        problem_ = {.found = "key " + base::quoted(name) + " twice", .expected = "each key once"};
        return false;
    }

    bool parse_error(std::size_t position, const std::string&, const json::exception& error) override {
        constexpr int number_out_of_range = 406;
        const bool at_end = position < 1 || position > line_.size();
        std::string found = at_end ? "the end of the line" : base::quoted(line_.substr(position - 1, 1));
        if (error.id == number_out_of_range) found = "a number too large to read";
        problem_ = problem_at(line_, position, found,
                              fmt::format("one JSON object a line, such as {}", example_line_form));
        return false;
    }

    const std::optional<base::Diagnostic>& problem() const { return problem_; }

private:
    bool open() {
        constexpr std::size_t deepest = 8;
        keys_.emplace_back();
        if (keys_.size() <= deepest) return true;
        problem_ = {.found = fmt::format("lists or objects nested more than {} deep", deepest),
                    .expected = fmt::format("an object such as {}", example_line_form)};
        return false;
    }

    bool close() {
        keys_.pop_back();
        return true;
    }

    std::string_view line_;
    const ExampleLimits& limits_;
    std::vector<std::set<std::string>> keys_; // one entry for each open object or array
    std::optional<base::Diagnostic> problem_;
};

OrProblem<json> parse_json(std::string_view line, const ExampleLimits& limits) {
    // The JSON reader takes a zero byte for the end of its input and would not see what follows.
    const auto control =
        std::find_if(line.begin(), line.end(), [](char c) { return c >= 0 && c < 0x20 && c != '\t'; });
    if (control != line.end())
        return tl::unexpected(problem_at(line, static_cast<std::size_t>(control - line.begin()) + 1,
                                         fmt::format("byte 0x{:02x}", static_cast<unsigned char>(*control)),
                                         "JSON text"));
    SyntaxCheck check(line, limits);
    const bool valid = json::sax_parse(line.begin(), line.end(), &check);
    if (check.problem()) return tl::unexpected(*check.problem());
    if (!valid) return problem("text that is not JSON", std::string(example_line_form));
    return base::parse_json<json>(line);
}

std::string shown(const json& value) {
    return base::quoted(value.dump(-1, ' ', true, json::error_handler_t::replace));
}

std::optional<base::Diagnostic> check_keys(const json& object, const std::vector<std::string>& known) {
    for (const auto& entry : object.items()) {
        if (std::find(known.begin(), known.end(), entry.key()) != known.end()) continue;
        const std::string suggestion = base::closest(entry.key(), known);
        return base::Diagnostic{.found = "unknown key " + base::quoted(entry.key()),
                                .expected = suggestion.empty()
                                                ? fmt::format("one of {}", fmt::join(known, ", "))
                                                : fmt::format("a known key; did you mean '{}'?", suggestion)};
    }
    return std::nullopt;
}

/// Whether a list may hold null for "not scored".
enum class Nulls { refuse, allow };

struct ListRules {
    std::string name;
    int base;
    int longest;
    Nulls nulls;
};

OrProblem<int> parse_value(const json& value, std::size_t place, const ListRules& rules) {
    if (value.is_null() && rules.nulls == Nulls::allow) return machine::not_scored;
    // Numbers without a sign, a point or an exponent are the ones stored as unsigned.
    if (value.is_number_unsigned()) {
        const auto number = value.get<json::number_unsigned_t>();
        if (number < static_cast<json::number_unsigned_t>(rules.base)) return static_cast<int>(number);
    }
    return problem(fmt::format("{} for number {} of {}", shown(value), place + 1, rules.name),
                   fmt::format("a whole number from 0 to {}{}", rules.base - 1,
                               rules.nulls == Nulls::allow ? ", or null" : ""));
}

OrProblem<std::vector<int>> parse_list(const json& list, const ListRules& rules) {
    if (!list.is_array())
        return problem(fmt::format("{} for {}", shown(list), rules.name),
                       fmt::format("a list of numbers{}", rules.nulls == Nulls::allow ? ", or null" : ""));
    if (list.size() > static_cast<std::size_t>(rules.longest))
        return problem(fmt::format("{} numbers for {}", list.size(), rules.name),
                       fmt::format("at most {}", rules.longest));
    std::vector<int> numbers;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const OrProblem<int> number = parse_value(list[i], i, rules);
        if (!number) return tl::unexpected(number.error());
        numbers.push_back(*number);
    }
    return numbers;
}

/// The list under a key of `expect`; without the key, or with null, nothing is scored.
OrProblem<std::vector<int>> parse_expected_list(const json& expect, const char* key, const ListRules& rules) {
    const auto list = expect.find(key);
    if (list == expect.end() || list->is_null()) return std::vector<int>{};
    return parse_list(*list, rules);
}

bool scores_something(const std::vector<int>& numbers) {
    return std::any_of(numbers.begin(), numbers.end(),
                       [](int number) { return number != machine::not_scored; });
}

std::optional<base::Diagnostic> parse_inputs(const json& object, const ExampleLimits& limits,
                                             ExampleLine& result) {
    const auto memory = object.find("memory");
    if (memory == object.end())
        return problem("no key 'memory'", fmt::format("an object such as {}", example_line_form)).value();
    auto cells = parse_list(*memory, {"memory", limits.base, limits.cells, Nulls::refuse});
    if (!cells) return cells.error();
    result.memory = std::move(*cells);
    const auto registers = object.find("registers");
    if (registers == object.end() || registers->is_null()) return std::nullopt;
    auto values = parse_list(*registers, {"registers", limits.base, limits.registers, Nulls::refuse});
    if (!values) return values.error();
    result.registers = std::move(*values);
    return std::nullopt;
}

std::optional<base::Diagnostic> parse_expect(const json& object, const ExampleLimits& limits,
                                             ExampleLine& result) {
    const auto expect = object.find("expect");
    if (expect == object.end())
        return problem("no key 'expect'", fmt::format("an object such as {}", example_line_form)).value();
    if (!expect->is_object())
        return problem(shown(*expect) + " for expect", "an object with memory, registers or both").value();
    if (auto unknown = check_keys(*expect, {"memory", "registers"})) return unknown;
    auto memory =
        parse_expected_list(*expect, "memory", {"expect.memory", limits.base, limits.cells, Nulls::allow});
    if (!memory) return memory.error();
    auto registers = parse_expected_list(*expect, "registers",
                                         {"expect.registers", limits.base, limits.registers, Nulls::allow});
    if (!registers) return registers.error();
    // Any program is right on an example that scores nothing, so one can only be a mistake.
    if (!scores_something(*memory) && !scores_something(*registers))
        return problem("no number in expect", "at least one number to score").value();
    result.expected_memory = std::move(*memory);
    result.expected_registers = std::move(*registers);
    return std::nullopt;
}

} // namespace

tl::expected<ExampleLine, base::Diagnostic> parse_example_line(std::string_view line,
                                                               const ExampleLimits& limits) {
    const OrProblem<json> object = parse_json(line, limits);
    if (!object) return tl::unexpected(object.error());
    if (!object->is_object())
        return problem(shown(*object), fmt::format("an object such as {}", example_line_form));
    if (auto unknown = check_keys(*object, {"memory", "registers", "expect"}))
        return tl::unexpected(*unknown);
    ExampleLine result;
    if (auto wrong = parse_inputs(*object, limits, result)) return tl::unexpected(*wrong);
    if (auto wrong = parse_expect(*object, limits, result)) return tl::unexpected(*wrong);
    return result;
}

} // namespace ropewalk::tasks
