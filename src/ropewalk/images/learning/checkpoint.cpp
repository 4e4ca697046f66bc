#include "ropewalk/images/learning/checkpoint.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ropewalk/base/json.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/networks/networks.hpp"

namespace ropewalk::learning {

using nlohmann::json;

namespace {

constexpr const char* format_name = "ropewalk-perception-checkpoint";

json to_json(const std::optional<Reading>& reading) {
    if (!reading) return {};
    return {{"tasks", reading->tasks},
            {"alphabet", reading->alphabet},
            {"explained", reading->explained},
            {"residual", reading->residual},
            {"uncertainty", reading->uncertainty}};
}

json to_json(const std::optional<Agreement>& agreement) {
    if (!agreement) return {};
    return {agreement->step, agreement->tasks, agreement->residual};
}

json to_json(const std::optional<LetterSearchState>& letters) {
    if (!letters) return {};
    return {{"alphabet", letters->alphabet},  {"trial", letters->trial},
            {"start", letters->start},        {"steps", letters->steps},
            {"read", letters->read},          {"marked_read", letters->marked_read},
            {"marked_at", letters->marked_at}};
}

json to_json(const std::vector<identification::Decision>& decisions) {
    json stored = json::array();
    for (const identification::Decision& each : decisions)
        stored.push_back({each.formula, each.runner_up, each.error, each.margin, each.since});
    return stored;
}

json to_json(const std::optional<EndedSearch>& best) {
    if (!best) return {};
    return {{"decisions", to_json(best->decisions)}, {"error", best->error}, {"settled", best->settled}};
}

json to_json(const LearnState& state) {
    return {{"phase", static_cast<int>(state.phase)},
            {"letter_steps", state.letter_steps},
            {"searches", state.searches},
            {"search_start", state.search_start},
            {"settled", state.settled},
            {"best", to_json(state.best)},
            {"search_steps", state.search_steps},
            {"refine_steps", state.refine_steps},
            {"refine_planned", state.refine_planned ? json(*state.refine_planned) : json()},
            {"mirrored", state.mirrored},
            {"skipped", state.skipped},
            {"images", state.images},
            {"loss", state.loss},
            {"added", state.decisions.added()},
            {"decisions", to_json(state.decisions.tasks())},
            {"marked_error", state.marked_error},
            {"marked_at", state.marked_at},
            {"agreement", to_json(state.agreement)},
            {"reading", to_json(state.reading)},
            {"no_table", state.no_table},
            {"unread", state.unread},
            {"letters", to_json(state.letters)},
            {"best_letters", to_json(state.best_letters)},
            {"always_rules", state.always_rules},
            {"no_letters", state.no_letters}};
}

/// Of as many tasks, with formulas below `formulas`; else nothing. Throws as from_json does.
std::optional<std::vector<identification::Decision>> decisions_of(const json& stored, std::size_t tasks,
                                                                  std::size_t formulas) {
    std::vector<identification::Decision> decisions;
    for (const json& each : stored)
        decisions.push_back({each.at(0), each.at(1), each.at(2), each.at(3), each.at(4)});
    if (decisions.size() != tasks ||
        std::any_of(decisions.begin(), decisions.end(), [&](const identification::Decision& each) {
            return std::max(each.formula, each.runner_up) >= formulas;
        }))
        return std::nullopt;
    return decisions;
}

/// Throws as from_json does.
std::optional<LetterSearchState> letters_of(const json& stored) {
    if (stored.is_null()) return std::nullopt;
    LetterSearchState letters;
    stored.at("alphabet").get_to(letters.alphabet);
    stored.at("trial").get_to(letters.trial);
    stored.at("start").get_to(letters.start);
    stored.at("steps").get_to(letters.steps);
    stored.at("read").get_to(letters.read);
    stored.at("marked_read").get_to(letters.marked_read);
    stored.at("marked_at").get_to(letters.marked_at);
    return letters;
}

/// Throws as from_json does.
std::optional<Reading> reading_of(const json& stored) {
    if (stored.is_null()) return std::nullopt;
    Reading reading;
    stored.at("tasks").get_to(reading.tasks);
    stored.at("alphabet").get_to(reading.alphabet);
    stored.at("explained").get_to(reading.explained);
    stored.at("residual").get_to(reading.residual);
    stored.at("uncertainty").get_to(reading.uncertainty);
    return reading;
}

/// What a run that goes on must agree with: all settings but how far the refinement goes.
std::string to_agree_with(const std::string& settings) {
    json stored = base::parse_json<json>(settings);
    if (!stored.is_object()) return settings;
    stored.erase("refine_steps");
    return base::json_text(stored);
}

constexpr const char* best_prefix = "best.";

/// Tensors and metadata under names with a prefix.
perception::TensorFile with_prefix(const perception::TensorFile& file, const std::string& prefix) {
    perception::TensorFile result;
    for (const auto& [name, tensor] : file.tensors) result.tensors[prefix + name] = tensor;
    for (const auto& [name, text] : file.metadata) result.metadata[prefix + name] = text;
    return result;
}

/// Those whose names have the prefix, under the names without it.
perception::TensorFile without_prefix(const perception::TensorFile& file, const std::string& prefix) {
    perception::TensorFile result;
    for (const auto& [name, tensor] : file.tensors)
        if (name.starts_with(prefix)) result.tensors[name.substr(prefix.size())] = tensor;
    for (const auto& [name, text] : file.metadata)
        if (name.starts_with(prefix)) result.metadata[name.substr(prefix.size())] = text;
    return result;
}

/// Throws json::exception where a field is missing or of another type; false where a number is out of range.
bool from_json(const json& stored, std::vector<float> average, LearnState& state) {
    const std::size_t tasks = state.decisions.tasks().size();
    const std::size_t formulas = average.size() / std::max<std::size_t>(tasks, 1);
    auto decisions = decisions_of(stored.at("decisions"), tasks, formulas);
    const auto phase = stored.at("phase").get<unsigned>();
    if (phase > static_cast<unsigned>(Phase::done) || !decisions) return false;
    if (const json& best = stored.at("best"); !best.is_null()) {
        auto of_best = decisions_of(best.at("decisions"), tasks, formulas);
        if (!of_best) return false;
        state.best.emplace();
        state.best->decisions = std::move(*of_best);
        best.at("error").get_to(state.best->error);
        best.at("settled").get_to(state.best->settled);
    }
    state.phase = static_cast<Phase>(phase);
    state.letter_steps = stored.at("letter_steps");
    state.searches = stored.at("searches");
    state.search_start = stored.at("search_start");
    state.settled = stored.at("settled");
    state.search_steps = stored.at("search_steps");
    state.refine_steps = stored.at("refine_steps");
    if (!stored.at("refine_planned").is_null())
        state.refine_planned = stored.at("refine_planned").get<std::size_t>();
    state.mirrored = stored.at("mirrored");
    state.skipped = stored.at("skipped");
    state.images = stored.at("images");
    state.loss = stored.at("loss");
    state.marked_error = stored.at("marked_error");
    state.marked_at = stored.at("marked_at");
    if (const json& agreement = stored.at("agreement"); !agreement.is_null())
        state.agreement = {agreement.at(0), agreement.at(1), agreement.at(2)};
    state.reading = reading_of(stored.at("reading"));
    state.no_table = stored.at("no_table");
    state.unread = stored.at("unread");
    state.letters = letters_of(stored.at("letters"));
    state.best_letters = letters_of(stored.at("best_letters"));
    state.no_letters = stored.at("no_letters");
    state.always_rules = stored.value("always_rules", false);
    state.decisions.restore(std::move(average), stored.at("added").get<std::vector<std::size_t>>(),
                            std::move(*decisions));
    return true;
}

} // namespace

base::Result<std::string> save_checkpoint(const LearnState& state, const perception::Engine& engine,
                                          const std::string& settings, const std::string& path) {
    perception::TensorFile file = engine.state();
    const std::vector<float>& average = state.decisions.average();
    file.tensors["average_errors"] = {{static_cast<std::int64_t>(average.size())}, average};
    if (state.best) {
        perception::TensorFile best = with_prefix(state.best->network, best_prefix);
        file.tensors.merge(best.tensors);
        file.metadata.merge(best.metadata);
    }
    file.metadata["format"] = format_name;
    file.metadata["settings"] = to_agree_with(settings);
    file.metadata["state"] = base::json_text(to_json(state));
    return base::write_file(path, perception::to_safetensors(file), base::Overwrite::allow);
}

base::Result<bool> load_checkpoint(LearnState& state, perception::Engine& engine, perception::ProcessGroup& group,
                                   const std::string& settings, const std::string& path) {
    auto loaded = perception::load_tensors_together(group, to_agree_with(settings), path, format_name,
                                                    "a checkpoint of `ropewalk perceive`");
    if (!loaded) return base::failure(loaded.error());
    if (!*loaded) return false;
    perception::TensorFile* const file = &**loaded;
    const json stored = base::parse_json<json>(file->metadata["state"]);
    std::vector<float>& average = file->tensors["average_errors"].values;
    if (average.size() != state.decisions.average().size())
        return base::failure(path, fmt::format("{} averaged errors", average.size()),
                             fmt::format("{}", state.decisions.average().size()));
    const std::size_t tasks = state.decisions.tasks().size();
    try {
        if (!from_json(stored, std::move(average), state))
            return base::failure(path, "a checkpoint whose state is out of range",
                                 "a checkpoint of this version");
    } catch (const json::exception&) {
        return base::failure(path, "a checkpoint whose state is incomplete", "a checkpoint of this version");
    }
    if (state.decisions.tasks().size() != tasks || state.decisions.added().size() != tasks)
        return base::failure(path, fmt::format("{} tasks", state.decisions.tasks().size()),
                             std::to_string(tasks));
    if (state.best) state.best->network = without_prefix(*file, best_prefix);
    return engine.restore(*file).map([] { return true; });
}

} // namespace ropewalk::learning
