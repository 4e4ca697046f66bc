#include "ropewalk/images/proposing/amortise_checkpoint.hpp"

#include <filesystem>

#include "ropewalk/base/json.hpp"
#include "ropewalk/images/networks/networks.hpp"

namespace ropewalk::proposing {

using nlohmann::json;

namespace {

constexpr const char* checkpoint_format = "ropewalk-synthesizer-checkpoint";

} // namespace

base::Result<std::string> save_amortise_checkpoint(const AmortiseState& state, const Lessons& lessons,
                                                   const perception::Proposer& proposer,
                                                   const std::string& settings, const std::string& path) {
    perception::TensorFile file = proposer.state();
    const std::vector<float>& losses = lessons.losses();
    file.tensors["losses"] = {{static_cast<std::int64_t>(losses.size())}, losses};
    file.metadata["format"] = checkpoint_format;
    file.metadata["settings"] = settings;
    file.metadata["state"] = base::json_text(json{{"step", state.step}, {"loss", state.loss}});
    return base::write_file(path, perception::to_safetensors(file), base::Overwrite::allow);
}

base::Status load_amortise_checkpoint(AmortiseState& state, Lessons& lessons, perception::Proposer& proposer,
                                      perception::ProcessGroup& group, const std::string& settings,
                                      const std::string& path) {
    std::error_code error;
    auto loaded = perception::load_tensors_together(
        group, settings, std::filesystem::exists(path, error) ? path : std::string(), checkpoint_format,
        "a checkpoint of `ropewalk perceive` with setting `amortise`");
    if (!loaded) return base::failure(loaded.error());
    if (!*loaded) return {};
    perception::TensorFile* const file = &**loaded;
    std::vector<float>& losses = file->tensors["losses"].values;
    const json stored = base::parse_json<json>(file->metadata["state"]);
    if (losses.size() != lessons.losses().size() || !stored.is_object() || !stored.contains("step") ||
        !stored["step"].is_number_unsigned() || !stored.contains("loss") || !stored["loss"].is_number())
        return base::failure(path, "a checkpoint whose state is incomplete", "a checkpoint of this version");
    state.step = stored["step"];
    state.loss = stored["loss"];
    lessons.restore(std::move(losses));
    return proposer.restore(*file);
}

} // namespace ropewalk::proposing
