// The folder a run leaves behind.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/learning/answer.hpp"
#include "ropewalk/images/learning/learn.hpp"
#include "ropewalk/images/learning/settings.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::learning {

inline constexpr const char *programs_name = "programs.json", *weights_name = "weights.safetensors",
                            *checkpoint_name = "checkpoint.safetensors", *run_name = "run.json",
                            *symbols_name = "symbols.csv", *settings_name = "settings.json";

/// Writes settings.json, with which a run that is stopped goes on, replacing that of an earlier run. Returns
/// its name.
base::Result<std::string> save_settings(const std::string& folder, const Settings& settings);

/// What it says, or nothing where there is no such file.
base::Result<std::optional<Settings>> load_settings(const std::string& folder);

/// What reading an image takes beside the weights and the settings.
struct StoredReader {
    datasets::ImageForm form;
    datasets::PixelStatistics statistics; ///< of the images the run learned from
    double scale = 1;                     ///< a symbol is this times what the network gives
    std::vector<std::string> columns;     ///< of images in the manifest; none where there was no manifest
};

/// An output that a run explains.
struct StoredOutput {
    std::string name;
    std::string text; ///< of the rule
    std::string next; ///< of the rule that came next
    rules::Rule rule;
    std::vector<std::string> words; ///< see perception::Given
};

/// A finished run: all that reading new images takes.
struct StoredRun {
    Settings settings;
    std::vector<identification::Decision> decisions;
    std::vector<StoredOutput> outputs;
    bool beside_pool = false; ///< whether rules are no formulas of the pool, see is_beside_pool
    StoredReader reader;
    perception::TensorFile weights;
};

/// Writes programs.json (formulas as text and as indices into the pool, with runner-up, error, margin and
/// what settles them, see table_report.hpp),
/// weights.safetensors (with the settings and what StoredReader has as metadata) and run.json, replacing those of an earlier run.
/// Returns the folder.
base::Result<std::string> save_run(const std::string& folder, const Settings& settings,
                                   const perception::Problem& problem, const Learned& learned,
                                   const std::string& run_json);

/// Fails when a file is missing or damaged. Whether its formulas are in the pool is for engine_of to check.
base::Result<StoredRun> load_run(const std::string& folder);

/// Its answers, see answers_of.
std::vector<Answer> answers_of(const StoredRun& run);

/// An engine for the problem with the run's weights, which sees pixels as it did in the run. Fails where the
/// problem's images are of another form than the run's.
base::Result<std::unique_ptr<perception::Engine>>
engine_of(const StoredRun& run, const perception::Problem& problem, int threads, const std::string& device);

/// The same to read images with, without a problem: it cannot learn.
base::Result<std::unique_ptr<perception::Engine>> reading_engine_of(const StoredRun& run, int threads,
                                                                    const std::string& device);

} // namespace ropewalk::learning
