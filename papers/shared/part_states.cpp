#include "papers/shared/part_states.hpp"

#include <algorithm>
#include <filesystem>

#include "ropewalk/base/json.hpp"

namespace ropewalk::papers {

using Json = nlohmann::ordered_json;

namespace {

/// A state without its list of runs, and that list.
struct State {
    Json rest;
    std::string list;
    Json runs;
};

base::Result<State> state_in(const std::string& file) {
    const auto text = base::read_file(file);
    if (!text) return base::failure(text.error());
    State state{.rest = base::parse_json<Json>(*text), .list = {}, .runs = {}};
    if (state.rest.is_object())
        for (auto& [name, value] : state.rest.items())
            if (value.is_array()) {
                state.list = name;
                state.runs = std::exchange(value, Json::array());
                return state;
            }
    return base::failure(file, "no state of an experiment", "what `reproduce --part` keeps");
}

} // namespace

base::Result<std::string> join_states(const std::vector<std::string>& files) {
    std::vector<State> states;
    std::size_t most = 0;
    for (const std::string& file : files) {
        std::error_code error;
        if (!std::filesystem::exists(file, error)) {
            states.push_back({.rest = {}, .list = {}, .runs = Json::array()});
            continue;
        }
        auto state = state_in(file);
        if (!state) return base::failure(state.error());
        const auto first = std::find_if(states.begin(), states.end(), [](const State& each) { return !each.list.empty(); });
        if (first != states.end() && first->rest != state->rest)
            return base::failure(file, "the state of a run with other options", "the options of the other parts");
        most = std::max(most, state->runs.size());
        states.push_back(std::move(*state));
    }
    Json runs = Json::array();
    for (std::size_t turn = 0; turn < most; ++turn)
        for (State& state : states)
            if (turn < state.runs.size()) runs.push_back(std::move(state.runs[turn]));
    for (State& state : states) {
        if (state.list.empty()) continue;
        state.rest[state.list] = std::move(runs);
        return base::json_text(state.rest, 1) + "\n";
    }
    return std::string{};
}

} // namespace ropewalk::papers
