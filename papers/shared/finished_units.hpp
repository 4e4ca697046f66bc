// Units of an experiment that run beside each other, kept as each is finished.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "papers/shared/finished_runs.hpp"

namespace ropewalk::papers {

/// What units of work came to, by index. The file has them in order of index, whenever each was finished.
template<class Run>
class FinishedUnits {
public:
    using ToJson = std::function<nlohmann::ordered_json(const Run&)>;
    using FromJson = std::function<Run(const nlohmann::ordered_json&)>;

    /// Those of an earlier process, as load_finished has them.
    static base::Result<FinishedUnits> load(FinishedRunsFile file, std::size_t units, ToJson to_json,
                                            const FromJson& from_json) {
        const auto stored = load_finished<Numbered>(file, [&](const nlohmann::ordered_json& run) {
            return Numbered{run.at("unit").template get<std::size_t>(), from_json(run)};
        });
        if (!stored) return base::failure(stored.error());
        FinishedUnits all(std::move(file), units, std::move(to_json));
        for (const Numbered& each : *stored)
            if (each.unit < units) all.runs_[each.unit] = each.run;
        return all;
    }

    const std::optional<Run>& operator[](std::size_t unit) const { return runs_[unit]; }

    /// Keeps a unit; asked from any thread, for each unit once. The file, which has all units, is written anew once
    /// what it lacks took much longer than writing it does, so that many short units are not written again and again;
    /// `save` writes the rest.
    base::Status keep(std::size_t unit, Run run) {
        constexpr double much_longer = 20;
        const std::scoped_lock lock(*mutex_);
        runs_[unit] = std::move(run);
        return since_written_.seconds() < much_longer * writing_ ? base::Status() : write();
    }

    base::Status save() {
        const std::scoped_lock lock(*mutex_);
        return write();
    }

private:
    struct Numbered {
        std::size_t unit;
        Run run;
    };

    FinishedUnits(FinishedRunsFile file, std::size_t units, ToJson to_json)
        : file_(std::move(file)), to_json_(std::move(to_json)), runs_(units), mutex_(std::make_unique<std::mutex>()) {}

    base::Status write() {
        const base::Stopwatch watch;
        std::vector<Numbered> finished;
        for (std::size_t u = 0; u < runs_.size(); ++u)
            if (runs_[u]) finished.push_back({u, *runs_[u]});
        const auto saved = save_finished(finished, file_, [&](const Numbered& each) {
            nlohmann::ordered_json object{{"unit", each.unit}};
            object.update(to_json_(each.run));
            return object;
        });
        if (!saved) return base::failure(saved.error());
        writing_ = watch.seconds();
        since_written_ = {};
        return {};
    }

    FinishedRunsFile file_;
    ToJson to_json_;
    std::vector<std::optional<Run>> runs_;
    base::Stopwatch since_written_;
    double writing_ = 0; ///< seconds that the file took last
    std::unique_ptr<std::mutex> mutex_;
};

} // namespace ropewalk::papers
