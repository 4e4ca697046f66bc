#include "papers/roap/roap_checkpoint.hpp"

#include <filesystem>

#include "papers/roap/roap_fields.hpp"
#include "ropewalk/images/networks/networks.hpp"

namespace ropewalk::papers {

using Json = nlohmann::ordered_json;

namespace {

constexpr const char* checkpoint_format = "ropewalk-roap-checkpoint";

const RunFields progress_fields{std::pair{"steps", &RoapProgress::steps},
                                std::pair{"skipped", &RoapProgress::skipped},
                                std::pair{"averaged", &RoapProgress::averaged},
                                std::pair{"loss", &RoapProgress::loss},
                                std::pair{"seconds", &RoapProgress::seconds},
                                std::pair{"processor_seconds", &RoapProgress::processor_seconds}};

base::Result<RoapProgress> progress_from(const std::string& text, const std::string& file) {
    try {
        const Json stored = base::parse_json<Json>(text);
        RoapProgress progress = progress_fields.from_json(stored);
        for (const Json& check : stored.at("curve")) progress.curve.push_back(check_fields().from_json(check));
        return progress;
    } catch (const Json::exception&) {
        return base::failure(file, "a checkpoint whose progress is incomplete", "a checkpoint of this version");
    }
}

} // namespace

base::Status save_roap_checkpoint(const Checkpoint& checkpoint, const RoapProgress& progress,
                                  const perception::RoapEngine& engine) {
    if (checkpoint.file.empty()) return {};
    Json stored = progress_fields.to_json(progress);
    stored["curve"] = check_fields().to_json(progress.curve);
    auto file = engine.state();
    if (!file) return base::failure(file.error());
    file->metadata["format"] = checkpoint_format;
    file->metadata["settings"] = checkpoint.settings;
    file->metadata["progress"] = base::json_text(stored);
    const auto written = base::write_file(checkpoint.file, perception::to_safetensors(*file), base::Overwrite::allow);
    if (!written) return base::failure(written.error());
    return {};
}

base::Status load_roap_checkpoint(const Checkpoint& checkpoint, RoapProgress& progress, perception::RoapEngine& engine) {
    std::error_code error;
    if (!checkpoint.resume || checkpoint.file.empty() || !std::filesystem::exists(checkpoint.file, error)) return {};
    auto file = perception::load_tensors_of(checkpoint.settings, checkpoint.file, checkpoint_format,
                                            "a checkpoint of `ropewalk reproduce`");
    if (!file) return base::failure(file.error());
    auto stored = progress_from(file->metadata["progress"], checkpoint.file);
    if (!stored) return base::failure(stored.error());
    progress = std::move(*stored);
    return engine.restore(*file);
}

} // namespace ropewalk::papers
