// What files have of a run, said once for writing and for reading.
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "papers/shared/finished_runs.hpp"
#include "papers/shared/stored_number.hpp"

namespace ropewalk::papers {

/// Members of a run by their names, in the order in which files have them. JSON has null for numbers that are not
/// finite and for those that are not there.
template<class Run, class... Values>
class RunFields {
public:
    explicit constexpr RunFields(std::pair<const char*, Values Run::*>... fields) : fields_(fields...) {}

    nlohmann::ordered_json to_json(const Run& run) const {
        nlohmann::ordered_json object;
        const auto write = [&](const auto& field) { object[field.first] = stored(run.*field.second); };
        std::apply([&](const auto&... field) { (write(field), ...); }, fields_);
        return object;
    }

    /// An array of runs.
    nlohmann::ordered_json to_json(const std::vector<Run>& runs) const {
        auto array = nlohmann::ordered_json::array();
        for (const Run& run : runs) array.push_back(to_json(run));
        return array;
    }

    /// Throws nlohmann::ordered_json::exception where a field is missing or of another type, which load_finished expects.
    Run from_json(const nlohmann::ordered_json& object) const {
        Run run;
        const auto read = [&](const auto& field) { take(object.at(field.first), run.*field.second); };
        std::apply([&](const auto&... field) { (read(field), ...); }, fields_);
        return run;
    }

private:
    template<class Value>
    static nlohmann::ordered_json stored(const Value& value) {
        return value;
    }
    static nlohmann::ordered_json stored(const std::optional<double>& value) {
        return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
    }

    template<class Value>
    static void take(const nlohmann::ordered_json& field, Value& value) {
        field.get_to(value);
    }
    static void take(const nlohmann::ordered_json& field, double& value) { value = stored_number(field); }
    static void take(const nlohmann::ordered_json& field, std::optional<double>& value) {
        value = field.is_null() ? std::nullopt : std::optional(field.get<double>());
    }

    std::tuple<std::pair<const char*, Values Run::*>...> fields_;
};

/// `save_finished` and `load_finished` of runs that are their fields.
template<class Run, class... Values>
base::Result<std::string> save_finished(const std::vector<Run>& runs, const FinishedRunsFile& file,
                                        const RunFields<Run, Values...>& fields) {
    return save_finished(runs, file, [&](const Run& run) { return fields.to_json(run); });
}

template<class Run, class... Values>
base::Result<std::vector<Run>> load_finished(const FinishedRunsFile& file, const RunFields<Run, Values...>& fields) {
    return load_finished<Run>(file, [&](const nlohmann::ordered_json& run) { return fields.from_json(run); });
}

} // namespace ropewalk::papers
