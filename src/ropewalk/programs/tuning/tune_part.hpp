// Some of the restarts of a run, which are the same whatever else runs, and what all of them come to.
#pragma once

#include <string>
#include <vector>

#include "ropewalk/base/part.hpp"
#include "ropewalk/programs/tuning/tune.hpp"

namespace ropewalk::tuning {

/// Restarts of a run, each at its best moment, judged, repaired and certified.
struct TunePart {
    base::UnitRange range;         ///< restarts asked for
    std::vector<Restart> restarts; ///< those of them that began, in order
    bool stopped_early = false;
    bool out_of_memory = false;
};

/// Restarts that stay together: 1, or a group where restarts are copied from each other.
int restarts_per_unit(const TuneOptions& options);

/// The restarts of one of several parts.
base::UnitRange restarts_of(const base::Part& part, const TuneOptions& options);

/// Tunes the restarts of the range alone, which begins with a unit: initialise -> descend -> harden -> judge -> repair ->
/// certify. They come to what they come to in `tune` with all restarts. Fails as `tune` does.
base::Result<TunePart> tune_part(const tasks::Task& task, const std::optional<assembly::Program>& initial,
                                 const TuneOptions& options, base::UnitRange range);

/// What `tune` gives, from the parts of its restarts in any order. Where the parts were read from text, only the
/// restart that was found has weights. Fails when restarts are missing or come twice.
base::Result<TuneResult> join(const tasks::Task& task, const std::optional<assembly::Program>& initial,
                              const TuneOptions& options, std::vector<TunePart> parts);

/// A part as JSON, and back. Of weights it has those that an answer may need: of the first restart that ended in each
/// certified program. `file` names the text in diagnostics.
std::string to_json(const TunePart& part);
base::Result<TunePart> parse_tune_part(std::string_view json, const std::string& file);

} // namespace ropewalk::tuning
