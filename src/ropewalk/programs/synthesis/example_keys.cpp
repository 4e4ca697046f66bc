#include "ropewalk/programs/synthesis/example_keys.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/json.hpp"
#include "ropewalk/programs/functional/functional.hpp"

namespace ropewalk::synthesis {

namespace {

constexpr int deepest_json = 16;

bool is_among(std::string_view name, std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), in_small_letters(name)) != names.end();
}

std::string decoded(const Piece& key) {
    const auto json = base::parse_json<nlohmann::json>(key.text);
    return json.is_string() ? json.get<std::string>() : std::string{};
}

std::string shown(const std::string& key) { return "key '" + base::printable(key) + "'"; }

/// The keys of an object; nothing, with an error, where one stands twice.
std::optional<std::vector<std::string>> keys_of(const std::vector<Member>& members, ExampleReading& reading) {
    std::vector<std::string> keys;
    std::set<std::string> seen;
    for (const Member& each : members) {
        keys.push_back(decoded(each.key));
        if (seen.insert(keys.back()).second) continue;
        reading.wrong({each.key.at, shown(keys.back()) + " twice", "each key once"});
        return std::nullopt;
    }
    return keys;
}

bool are_cells(const Piece& piece) {
    constexpr std::int64_t largest = 63;
    const auto json = base::parse_json<nlohmann::json>(piece.text, deepest_json);
    return json.is_array() && std::all_of(json.begin(), json.end(), [](const nlohmann::json& each) {
               return each.is_number_integer() && each >= 0 && each <= largest;
           });
}

/// {"memory": [3,1,2], "expect": {"memory": [1,2,3]}}
void read_memory(const Piece& object, const Piece& before, const Piece& expect, ExampleReading& reading) {
    Piece after = expect;
    if (expect.text.starts_with('{')) {
        const auto members = members_of(expect);
        if (members.size() == 1 && decoded(members[0].key) == "memory") after = members[0].value;
    }
    auto input = reading.value(before, "key 'memory'");
    if (!input) return;
    auto output = reading.value(after, "key 'expect'");
    if (!output) return;
    ExampleRow row{.at = object.at, .inputs = {{"x", std::move(*input)}}, .output = std::move(*output), .of_machine = true};
    row.in_place = are_cells(before) && are_cells(after) && row.inputs[0].second.elements.size() == row.output.elements.size();
    reading.rows.push_back(std::move(row));
}

/// What no value is: a list of objects.
bool holds_objects(const Piece& piece) {
    if (!piece.text.starts_with('[')) return false;
    const auto elements = elements_of(piece);
    return !elements.empty() && elements[0].text.starts_with('{');
}

class ObjectReader {
public:
    ObjectReader(const Piece& object, ExampleReading& reading) : reading_(reading), row_{.at = object.at} {}

    void read(const std::vector<Member>& members, const std::vector<std::string>& keys) {
        const auto outputs = output_among(keys);
        if (outputs.size() > 1)
            return reading_.wrong(row_.at, fmt::format("{} and {}", shown(keys[outputs[0]]), shown(keys[outputs[1]])),
                                  "one value; name it \"out\"");
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (!outputs.empty() && i == outputs[0]) {
                auto output = reading_.value(members[i].value, shown(keys[i]));
                if (!output) return;
                row_.output = std::move(*output);
            } else if (!argument(members[i], keys[i])) {
                return;
            }
        }
        if (outputs.empty())
            return reading_.wrong(row_.at, "an example without \"out\"", fmt::format("the value under {}", output_names));
        if (row_.inputs.empty()) return reading_.wrong(row_.at, "an example without arguments", example_forms);
        if (in_small_letters(keys[outputs[0]]) == "y")
            reading_.note("y is read as the value for x; name it \"out\" to say so, or add a key \"out\"");
        if (reading_.names_differ(row_)) reading_.rows.push_back(std::move(row_));
    }

private:
    bool add(const Piece& piece, const std::string& what, std::string name) {
        auto value = reading_.value(piece, what);
        if (value) row_.inputs.emplace_back(std::move(name), std::move(*value));
        return value.has_value();
    }

    bool argument(const Member& member, const std::string& key) {
        if (holds_objects(member.value)) {
            reading_.wrong(
                {member.key.at, shown(key) + ": a list of objects", "examples under one key, \"examples\", or the list alone"});
            return false;
        }
        if (!names_all_arguments(key)) return named(member, key);
        if (member.value.text.starts_with('{')) return all_by_name(member.value);
        if (is_among(key, {"in", "input"}) || !member.value.text.starts_with('[')) return add(member.value, shown(key), "x");
        const auto elements = elements_of(member.value);
        const auto is_list = [](const Piece& each) { return each.text.starts_with('['); };
        if (!is_among(key, {"args"}) && elements.size() > 1 && std::none_of(elements.begin(), elements.end(), is_list))
            reading_.note(
                fmt::format("each element of '{}' is read as an argument; for one list, name it \"in\"", base::printable(key)));
        for (std::size_t i = 0; i < elements.size(); ++i)
            if (!add(elements[i], shown(key), name_of_argument(i, elements.size()))) return false;
        return true;
    }

    bool all_by_name(const Piece& object) {
        const auto members = members_of(object);
        const auto keys = keys_of(members, reading_);
        if (!keys) return false;
        for (std::size_t i = 0; i < members.size(); ++i)
            if (!named(members[i], (*keys)[i])) return false;
        return true;
    }

    bool named(const Member& member, const std::string& key) {
        if (!base::trimmed(key).empty()) return add(member.value, shown(key), argument_name(key, reading_));
        reading_.wrong({member.key.at, shown(key), "a name for an argument"});
        return false;
    }

    ExampleReading& reading_;
    ExampleRow row_;
};

} // namespace

std::vector<std::size_t> output_among(const std::vector<std::string>& names) {
    const auto those = [&](std::initializer_list<std::string_view> wanted) {
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < names.size(); ++i)
            if (is_among(names[i], wanted)) places.push_back(i);
        return places;
    };
    if (auto sure = those({"out", "output", "outputs"}); !sure.empty()) return sure;
    if (auto likely = those({"expected", "expect", "result", "answer"}); !likely.empty()) return likely;
    const bool x_and_y = names.size() == 2 && those({"x"}).size() == 1;
    return x_and_y ? those({"y"}) : std::vector<std::size_t>{};
}

bool names_all_arguments(std::string_view name) { return is_among(name, {"in", "input", "inputs", "args"}); }

std::string argument_name(const std::string& key, ExampleReading& reading) {
    std::string name = functional::name_from(key);
    if (const std::string printed = functional::printed_names({{name, {}}})[0]; printed != key)
        reading.note(fmt::format("the argument '{}' is called {}", base::printable(key), printed));
    return name;
}

void read_object(const Piece& object, ExampleReading& reading) {
    const auto members = members_of(object);
    const auto keys = keys_of(members, reading);
    if (!keys) return;
    const auto place = [&](std::string_view key) {
        return static_cast<std::size_t>(std::find(keys->begin(), keys->end(), key) - keys->begin());
    };
    const std::size_t memory = place("memory"), expect = place("expect");
    if (keys->size() == 2 && memory < 2 && expect < 2)
        return read_memory(object, members[memory].value, members[expect].value, reading);
    ObjectReader(object, reading).read(members, *keys);
}

std::optional<Piece> examples_inside(const Piece& object, ExampleReading& reading) {
    const auto members = members_of(object);
    std::vector<std::string> keys;
    for (const Member& each : members) keys.push_back(decoded(each.key));
    const bool twice = std::set<std::string>(keys.begin(), keys.end()).size() < keys.size();
    if (twice || !output_among(keys).empty()) return std::nullopt;
    std::vector<std::size_t> lists;
    for (std::size_t i = 0; i < members.size(); ++i) {
        const bool is_called_so = keys[i] == "examples" || keys[i] == "train";
        if (holds_objects(members[i].value) || (is_called_so && members[i].value.text.starts_with('['))) lists.push_back(i);
    }
    const auto named = [&](const char* name) {
        return std::find_if(lists.begin(), lists.end(), [&](std::size_t i) { return keys[i] == name; });
    };
    auto chosen = named("examples");
    if (chosen == lists.end()) chosen = named("train");
    if (chosen == lists.end() && lists.size() == 1) chosen = lists.begin();
    if (chosen == lists.end()) return std::nullopt;
    for (const std::size_t other : lists)
        if (other != *chosen)
            reading.note(fmt::format("only '{}' is read; '{}' ({}) is left aside", base::printable(keys[*chosen]),
                                     base::printable(keys[other]), elements_of(members[other].value).size()));
    return members[*chosen].value;
}

} // namespace ropewalk::synthesis
