#include "ropewalk/programs/tuning/report.hpp"

#include "ropewalk/base/interval_json.hpp"
#include "ropewalk/base/json.hpp"
#include "ropewalk/base/random.hpp"

namespace ropewalk::tuning {

using Json = nlohmann::ordered_json;

std::string found_by(const Restart& restart, const std::string& start) {
    return (start.empty() ? "tuning from random weights" : "tuning from " + start) +
           (restart.repaired ? ", then repair" : "");
}

base::Result<compiler::Model> weights_of(const Restart& restart) {
    if (!restart.repaired) return restart.model;
    base::RandomStream unused(0, base::Purpose::compile_noise);
    const machine::Configuration& c = restart.model.configuration;
    return compiler::compile(restart.program, {.instruction_set = c.instruction_set, .switches = c.switches},
                             unused);
}

std::string to_json(const TuneResult& result, const tasks::Task& task, const TuneOptions& options,
                    const std::string& start, double seconds) {
    Json object{{"task", task.name},
                {"restarts", result.restarts.size()},
                {"recovered",
                 {{"soft", base::to_json(result.recovered.soft)},
                  {"hard", base::to_json(result.recovered.hard)},
                  {"certified", base::to_json(result.recovered.certified)}}},
                {"repaired", result.recovered.repaired},
                {"program", nullptr},
                {"found_by", nullptr},
                {"restart", nullptr},
                {"steps", result.steps},
                {"seed", options.run.seed},
                {"certificate", nullptr},
                {"stopped_early", result.stopped_early},
                {"seconds", seconds}};
    if (const Restart* const found = result.found()) {
        object["program"] = to_string(found->program);
        object["found_by"] = result.best ? found_by(*found, start) : "repair of " + start;
        if (result.best) object["restart"] = found->number;
        if (!result.certificate->stopped)
            object["certificate"] = base::parse_json<Json>(to_json(*result.certificate));
    }
    return base::json_file_text(object);
}

base::Status save(const std::string& folder, const TuneResult& result, const std::string& json,
                  base::Overwrite overwrite) {
    Json run = base::parse_json<Json>(json);
    if (!run.is_object()) return base::failure("result of tuning", "no JSON object", "what `to_json` gives");
    const Json times{{"seconds", run.value("seconds", Json())}};
    run.erase("seconds");
    std::vector<std::pair<const char*, std::string>> files{{"run.json", base::json_file_text(run)},
                                                           {"times.json", base::json_text(times) + "\n"}};
    if (const Restart* const found = result.found()) {
        const auto weights = weights_of(*found);
        if (!weights) return base::failure(weights.error());
        files.emplace_back("program.asm", to_string(found->program));
        if (!result.certificate->stopped)
            files.emplace_back("certificate.json", to_json(*result.certificate));
        files.emplace_back("weights.safetensors", compiler::to_safetensors(*weights));
    }
    return base::write_files(folder, files, file_names, overwrite);
}

} // namespace ropewalk::tuning
