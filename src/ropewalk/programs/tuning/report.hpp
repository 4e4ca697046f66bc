#pragma once

#include <array>
#include <string>

#include "ropewalk/programs/tuning/tune.hpp"

namespace ropewalk::tuning {

/// How a restart came to its program: `tuning from START`, or `from random weights` where START is empty, and
/// whether repair followed.
std::string found_by(const Restart& restart, const std::string& start);

/// The weights that go with the program of a restart: those that were tuned, or for a repaired program its
/// own.
base::Result<compiler::Model> weights_of(const Restart& restart);

/// What a run of `tune` found, as one JSON object: how many restarts recovered the task in each meaning, the
/// best program, its certificate. `start` as for `found_by`. But for the seconds it depends on nothing but the run.
std::string to_json(const TuneResult& result, const tasks::Task& task, const TuneOptions& options,
                    const std::string& start, double seconds);

/// Files that `save` writes: run.json and times.json always, the others where there is a program.
inline constexpr std::array<const char*, 5> file_names{"run.json", "program.asm", "weights.safetensors",
                                                       "certificate.json", "times.json"};

/// Writes a result and its JSON object into a folder, the seconds of the object into times.json: all other files are the
/// same for the same run, whenever and wherever it was. The folder is made where it is not there. With
/// Overwrite::refuse it fails when a file exists already; with Overwrite::allow files of an earlier run are
/// removed first.
base::Status save(const std::string& folder, const TuneResult& result, const std::string& json,
                  base::Overwrite overwrite = base::Overwrite::refuse);

} // namespace ropewalk::tuning
