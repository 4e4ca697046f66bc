#include "ropewalk/images/proposing/synthesizer_file.hpp"

#include <filesystem>

#include "ropewalk/base/json.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::proposing {

using Json = nlohmann::ordered_json;

namespace {

constexpr const char* format_name = "ropewalk-synthesizer";

std::string in(const std::string& folder) {
    return (std::filesystem::path(folder) / synthesizer_name).string();
}

/// A number in the range that a network can be made with; throws like the library's own accessors.
int size_at(const Json& stored, const char* name, int low, int high) {
    const auto value = stored.at(name).get<std::int64_t>();
    if (value < low || value > high) throw Json::other_error::create(501, name, nullptr);
    return static_cast<int>(value);
}

StoredSynthesizer from_json(const Json& stored) {
    StoredSynthesizer synthesizer;
    synthesizer.proposer.variables = size_at(stored, "variables", 1, 8);
    synthesizer.proposer.lines = size_at(stored, "lines", 1, 6);
    synthesizer.proposer.features = size_at(stored, "features", 1, 1 << 14);
    synthesizer.proposer.hidden = size_at(stored, "hidden", 1, 1 << 14);
    synthesizer.proposer.waves = size_at(stored, "waves", 0, 24);
    synthesizer.pairs = static_cast<std::size_t>(size_at(stored, "pairs", 1, 1 << 20));
    synthesizer.steps = stored.at("steps");
    synthesizer.curriculum.operators = synthesizer.proposer.lines;
    synthesizer.curriculum.tasks = stored.at("tasks").get<std::vector<std::size_t>>();
    synthesizer.curriculum.dreamt = stored.at("dreamt").get<std::vector<std::size_t>>();
    synthesizer.curriculum.held_out = stored.at("held_out").get<std::vector<std::size_t>>();
    return synthesizer;
}

} // namespace

bool has_synthesizer(const std::string& folder) {
    std::error_code error;
    return std::filesystem::exists(in(folder), error);
}

base::Result<std::string> save_synthesizer(const std::string& folder, const perception::Problem& problem,
                                           const AmortiseOptions& options, const Amortised& amortised) {
    const perception::ProposerOptions proposer =
        proposer_options_of(problem, amortised.curriculum.operators, options);
    perception::TensorFile file = amortised.proposer->weights();
    file.metadata["format"] = format_name;
    file.metadata["settings"] = options.settings;
    file.metadata["synthesizer"] = base::json_text(Json{{"variables", proposer.variables},
                                                        {"lines", proposer.lines},
                                                        {"features", proposer.features},
                                                        {"hidden", proposer.hidden},
                                                        {"waves", proposer.waves},
                                                        {"pairs", amortised.pairs},
                                                        {"steps", amortised.steps},
                                                        {"tasks", amortised.curriculum.tasks},
                                                        {"dreamt", amortised.curriculum.dreamt},
                                                        {"held_out", amortised.curriculum.held_out}});
    return base::write_file(in(folder), perception::to_safetensors(file), base::Overwrite::allow)
        .map([&](const auto&) { return in(folder); });
}

base::Result<StoredSynthesizer> load_synthesizer(const std::string& folder) {
    const std::string path = in(folder);
    auto file = perception::load_tensors(path, format_name,
                                         "a synthesizer of `ropewalk perceive` with setting `amortise`");
    if (!file) return base::failure(file.error());
    try {
        StoredSynthesizer stored = from_json(base::parse_json<Json>(file->metadata["synthesizer"]));
        stored.weights = std::move(*file);
        return stored;
    } catch (const Json::exception&) {
        return base::failure(path, "a synthesizer whose description is incomplete",
                             "a file written by `ropewalk perceive` with setting `amortise`");
    }
}

base::Result<std::unique_ptr<perception::Proposer>> proposer_of(const StoredSynthesizer& stored, int threads,
                                                                const std::string& device) {
    perception::ProposerOptions options = stored.proposer;
    options.threads = threads;
    options.device = device;
    auto proposer = perception::make_proposer(options);
    if (!proposer) return proposer;
    if (const auto restored = (*proposer)->restore(stored.weights); !restored)
        return base::failure(restored.error());
    return proposer;
}

} // namespace ropewalk::proposing
