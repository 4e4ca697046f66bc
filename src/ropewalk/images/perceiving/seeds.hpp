// One problem learned from several seeds, each in a folder of its own, and which of them to take.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ropewalk/base/base.hpp"

namespace ropewalk::perceiving {

/// What a finished run came to.
struct SeedRun {
    std::uint64_t seed = 0;
    bool explained = false; ///< see Perceived::is_explained
    double loss = 0;        ///< of the last steps
};

/// `FOLDER/seed-5`, where the run of that seed is kept.
std::string folder_of_seed(const std::string& folder, std::uint64_t seed);

/// What the run of that seed came to. Fails when it is not finished, or damaged.
base::Result<SeedRun> seed_run(const std::string& folder, std::uint64_t seed);

/// The run to take: one that explains the outputs before one that does not, then the least loss, then the first seed.
const SeedRun& best_of(const std::vector<SeedRun>& runs);

inline constexpr const char *seeds_json_name = "seeds.json", *seeds_csv_name = "seeds.csv";

/// All runs in the order of their seeds, at least one, and the best one's folder.
std::string to_json(const std::vector<SeedRun>& runs);
std::string to_csv(const std::vector<SeedRun>& runs);

} // namespace ropewalk::perceiving
