#include <set>

#include "ropewalk/base/base64.hpp"
#include "ropewalk/base/json.hpp"
#include "ropewalk/programs/tuning/tune_part.hpp"

namespace ropewalk::tuning {

using Json = nlohmann::ordered_json;

namespace {

constexpr const char* part_format = "ropewalk-restarts";

Json restart_json(const Restart& restart, bool with_weights) {
    Json object{{"restart", restart.number},   {"soft", restart.soft},           {"hard", restart.hard},
                {"repaired", restart.repaired}, {"certified", restart.certified}, {"loss", restart.loss},
                {"iterations", restart.iterations}, {"program", to_string(restart.program)}};
    if (with_weights) object["weights"] = base::base64(compiler::to_safetensors(restart.model));
    return object;
}

base::Result<Restart> restart_in(const Json& object, const std::string& file) {
    auto program = assembly::parse(object.at("program").get<std::string>(), file);
    if (!program) return base::failure(program.error());
    Restart restart;
    restart.program = std::move(*program);
    object.at("loss").get_to(restart.loss);
    object.at("iterations").get_to(restart.iterations);
    object.at("restart").get_to(restart.number);
    object.at("soft").get_to(restart.soft);
    object.at("hard").get_to(restart.hard);
    object.at("repaired").get_to(restart.repaired);
    object.at("certified").get_to(restart.certified);
    if (!object.contains("weights")) return restart;
    const auto bytes = base::from_base64(object.at("weights").get<std::string>());
    auto model = compiler::from_safetensors(bytes.value_or(""), file);
    if (!model) return base::failure(model.error());
    restart.model = std::move(*model);
    return restart;
}

} // namespace

std::string to_json(const TunePart& part) {
    std::set<std::string> seen;
    Json restarts = Json::array();
    for (const Restart& restart : part.restarts)
        restarts.push_back(
            restart_json(restart, restart.certified && seen.insert(to_string(restart.program)).second));
    return base::json_text(Json{{"format", part_format},
                                {"begin", part.range.begin},
                                {"end", part.range.end},
                                {"stopped_early", part.stopped_early},
                                {"out_of_memory", part.out_of_memory},
                                {"restarts", restarts}},
                           1) +
           "\n";
}

base::Result<TunePart> parse_tune_part(std::string_view text, const std::string& file) {
    const auto foreign = [&] { return base::failure(file, "no part of a run of tune", "restarts as `tune` writes them"); };
    const auto object = base::parse_json<Json>(text);
    if (!object.is_object() || object.value("format", Json()) != part_format) return foreign();
    try {
        TunePart part;
        object.at("begin").get_to(part.range.begin);
        object.at("end").get_to(part.range.end);
        object.at("stopped_early").get_to(part.stopped_early);
        object.at("out_of_memory").get_to(part.out_of_memory);
        for (const Json& each : object.at("restarts")) {
            auto restart = restart_in(each, file);
            if (!restart) return base::failure(restart.error());
            part.restarts.push_back(std::move(*restart));
        }
        return part;
    } catch (const Json::exception&) {
        return foreign();
    }
}

} // namespace ropewalk::tuning
