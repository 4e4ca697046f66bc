#include "ropewalk/programs/induction/report.hpp"

#include "ropewalk/base/interval_json.hpp"
#include "ropewalk/base/json.hpp"

namespace ropewalk::induction {

using Json = nlohmann::ordered_json;

namespace {

Json json_of(const tuning::Certificate& certificate) {
    return certificate.stopped ? Json(nullptr) : base::parse_json<Json>(tuning::to_json(certificate));
}

Json json_of(const std::vector<Turn>& record) {
    Json list = Json::array();
    for (const Turn& turn : record)
        list.push_back({{"strategy", turn.strategy},
                        {"seconds", turn.seconds},
                        {"candidates", turn.candidates},
                        {"step_samples", turn.step_samples},
                        {"score", turn.score},
                        {"found", turn.found}});
    return list;
}

Json json_of(const std::vector<search::Candidate>& near_misses) {
    Json list = Json::array();
    for (const search::Candidate& miss : near_misses)
        list.push_back(
            {{"source", language::to_string(miss.program)}, {"score", miss.score}, {"sketch", miss.sketch}});
    return list;
}

Json json_of(const search::Choice& choice, const tasks::Task& task) {
    if (!search::leaves_open(choice)) return nullptr;
    Json readings = Json::array();
    for (const search::Reading& reading : search::likely_readings(choice)) {
        const auto memory = search::outcome(reading, {task.base, task.cells}, *choice.deciding_input);
        readings.push_back({{"source", language::to_string(reading.program.program)},
                            {"weight", reading.weight},
                            {"memory", memory ? Json(*memory) : Json(nullptr)}});
    }
    return {{"deciding_input", *choice.deciding_input}, {"readings", readings}};
}

Json json_of(std::span<const Rebased> bases) {
    Json list = Json::array();
    for (const Rebased& each : bases)
        list.push_back({{"base", each.base},
                        {"program", to_string(each.program)},
                        {"certificate", json_of(each.certificate)}});
    return list;
}

} // namespace

std::string near_misses_to_json(const std::vector<search::Candidate>& near_misses) {
    return base::json_text(json_of(near_misses));
}

std::string open_to_json(const search::Choice& choice, const tasks::Task& task) {
    return base::json_text(json_of(choice, task));
}

std::string to_json(const Induced& result, const tasks::Task& task, const InduceOptions& options,
                    std::span<const Rebased> bases) {
    int restarts = 0;
    for (const Turn& turn : result.record) restarts += turn.step_samples > 0 ? options.restarts : 0;
    // One run of the algorithm: recovered or not.
    const bool found = result.program.has_value();
    const Json recovered = base::to_json(base::wilson(found, 1));
    Json object{{"task", task.name},
                {"restarts", restarts},
                {"recovered", {{"soft", recovered}, {"hard", recovered}, {"certified", recovered}}},
                {"program", found ? Json(to_string(*result.program)) : Json(nullptr)},
                {"source", result.source ? Json(language::to_string(*result.source)) : Json(nullptr)},
                {"size_or_number", result.size_or_number},
                {"found_by", found ? Json(result.found_by) : Json(nullptr)},
                {"candidates", result.candidates},
                {"stop_reason", to_string(result.stop_reason)},
                {"seed", options.run.seed},
                {"certificate", found ? json_of(*result.certificate) : Json(nullptr)},
                {"record", json_of(result.record)},
                {"open", json_of(result.choice, task)},
                {"near_misses", json_of(result.near_misses)},
                {"seconds", result.seconds}};
    if (!bases.empty()) object["rebased"] = json_of(bases);
    return base::json_file_text(object);
}

base::Status save(const std::string& folder, const Induced& result, const std::string& json,
                  base::Overwrite overwrite) {
    const Json run = base::parse_json<Json>(json);
    std::vector<std::pair<const char*, std::string>> files{
        {"run.json", json},
        {"search.json",
         base::json_file_text(Json{{"record", run["record"]}, {"near_misses", run["near_misses"]}})}};
    if (result.source) files.emplace_back("program.rope", language::to_string(*result.source));
    if (result.program) files.emplace_back("program.asm", to_string(*result.program));
    if (result.certificate) files.emplace_back("certificate.json", tuning::to_json(*result.certificate));
    if (result.weights) files.emplace_back("weights.safetensors", compiler::to_safetensors(*result.weights));
    return base::write_files(folder, files, file_names, overwrite);
}

} // namespace ropewalk::induction
