#include "ropewalk/images/perceiving/seeds.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <tuple>

#include <fmt/format.h>

#include "ropewalk/base/json.hpp"
#include "ropewalk/images/learning/learning.hpp"

namespace ropewalk::perceiving {

namespace {

std::string seed_name(std::uint64_t seed) { return fmt::format("seed-{}", seed); }

} // namespace

std::string folder_of_seed(const std::string& folder, std::uint64_t seed) {
    return (std::filesystem::path(folder) / seed_name(seed)).string();
}

base::Result<SeedRun> seed_run(const std::string& folder, std::uint64_t seed) {
    const std::string file = (std::filesystem::path(folder_of_seed(folder, seed)) / learning::run_name).string();
    const auto text = base::read_file(file);
    if (!text) return base::failure(text.error());
    const auto run = base::parse_json<nlohmann::json>(*text);
    const auto settled = run.is_object() ? run.value("settled", nlohmann::json()) : nlohmann::json();
    const auto loss = run.is_object() ? run.value("loss", nlohmann::json(false)) : nlohmann::json(false);
    if (!settled.is_boolean() || !(loss.is_number() || loss.is_null()))
        return base::failure(file, "no record of a run", "what `perceive` writes");
    const auto unexplained = run.value("unexplained", nlohmann::json::array());
    return SeedRun{.seed = seed,
                   .explained = settled.get<bool>() && unexplained.empty(),
                   .loss = loss.is_null() ? std::numeric_limits<double>::infinity() : loss.get<double>()};
}

const SeedRun& best_of(const std::vector<SeedRun>& runs) {
    base::expects(!runs.empty());
    return *std::min_element(runs.begin(), runs.end(), [](const SeedRun& a, const SeedRun& b) {
        return std::tuple(!a.explained, a.loss, a.seed) < std::tuple(!b.explained, b.loss, b.seed);
    });
}

std::string to_json(const std::vector<SeedRun>& runs) {
    auto list = nlohmann::ordered_json::array();
    for (const SeedRun& run : runs)
        list.push_back({{"seed", run.seed}, {"explained", run.explained}, {"loss", run.loss}, {"folder", seed_name(run.seed)}});
    const SeedRun& best = best_of(runs);
    return base::json_text(
               nlohmann::ordered_json{{"best", {{"seed", best.seed}, {"folder", seed_name(best.seed)}}},
                                      {"runs", list}},
               2) +
           "\n";
}

std::string to_csv(const std::vector<SeedRun>& runs) {
    std::string text = "seed,explained,loss\n";
    for (const SeedRun& run : runs) text += fmt::format("{},{},{}\n", run.seed, run.explained ? 1 : 0, run.loss);
    return text;
}

} // namespace ropewalk::perceiving
