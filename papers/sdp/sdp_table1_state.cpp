#include "papers/sdp/sdp_table1_state.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "papers/sdp/sdp_table1_cells.hpp"
#include "ropewalk/base/json.hpp"

namespace ropewalk::papers {

using nlohmann::json;

namespace {

json counts(const Table1Cell& cell) {
    return {{"row", cell.row},
            {"task", cell.task},
            {"soft", cell.recovered.soft.count},
            {"hard", cell.recovered.hard.count},
            {"certified", cell.recovered.certified.count},
            {"repaired", cell.recovered.repaired}};
}

/// What a state file must agree on to be continued.
json key_of(const Table1Options& options) {
    return {{"experiment", "sdp-table1"},
            {"version", 4},
            {"restarts", options.restarts},
            {"iterations", options.iterations},
            {"population", options.population_interval},
            {"seed", options.seed}};
}

/// Where a row and a task meet; the number of cells when they do not.
std::size_t place_of(const json& row, const json& task) {
    for (std::size_t place = 0; place < table1_cell_count; ++place)
        if (row == table1_rows[place / table1_tasks.size()].name &&
            task == table1_tasks[place % table1_tasks.size()])
            return place;
    return table1_cell_count;
}

} // namespace

base::Result<std::string> save_state(const Table1Slots& slots, const Table1Options& options) {
    if (options.run.state_file.empty()) return std::string{};
    json state = key_of(options);
    state["cells"] = json::array();
    for (const auto& cell : slots)
        if (cell) state["cells"].push_back(counts(*cell));
    return base::write_file(options.run.state_file, base::json_text(state, 1) + "\n", base::Overwrite::allow);
}

base::Result<Table1Slots> load_state(const Table1Options& options) {
    std::error_code error;
    if (options.run.state_file.empty() || !options.run.resume || !std::filesystem::exists(options.run.state_file, error))
        return Table1Slots(table1_cell_count);
    const auto text = base::read_file(options.run.state_file);
    if (!text) return base::failure(text.error());
    const json state = base::parse_json<json>(*text);
    const auto foreign = [&] {
        return base::failure(
            options.run.state_file, "the state of another run, or no state at all",
            fmt::format("a state with --restarts {}, --iterations {}, --population {} and --seed {}",
                        options.restarts, options.iterations, options.population_interval, options.seed));
    };
    if (!state.is_object()) return foreign();
    const json expected = key_of(options);
    for (const auto& [key, value] : expected.items())
        if (state.value(key, json()) != value) return foreign();
    const json cells = state.value("cells", json());
    if (!cells.is_array() || cells.size() > table1_cell_count) return foreign();
    Table1Slots slots(table1_cell_count);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (!cells[i].is_object()) return foreign();
        const std::size_t place = place_of(cells[i].value("row", json()), cells[i].value("task", json()));
        if (place == table1_cell_count) return foreign();
        const Table1Row& row = table1_rows[place / table1_tasks.size()];
        const std::size_t column = place % table1_tasks.size();
        const auto count = [&](const char* name) {
            const json value = cells[i].value(name, json());
            // Larger numbers than any count would wrap around.
            return value.is_number_unsigned() && value.get<std::uint64_t>() < 1'000'000'000 ? value.get<int>()
                                                                                            : -1;
        };
        const auto possible = [&](const char* name) {
            return count(name) >= 0 && count(name) <= options.restarts;
        };
        const auto proportion = [&](const char* name) { return base::wilson(count(name), options.restarts); };
        if (!possible("soft") || !possible("hard") || !possible("certified") || !possible("repaired"))
            return foreign();
        slots[place] = Table1Cell{
            .row = row.name,
            .task = table1_tasks[column],
            .recovered = {proportion("soft"), proportion("hard"), proportion("certified"), count("repaired")},
            .paper = row.paper[column] < 0 ? std::nullopt : std::optional(row.paper[column])};
    }
    return slots;
}

} // namespace ropewalk::papers
