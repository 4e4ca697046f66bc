#include "ropewalk/experiments/sdp_table1.hpp"

#include <array>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ropewalk::experiments {

using nlohmann::json;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::array task_names{"inc", "map-inc", "map-dec", "reduce", "parity", "fibonacci"};

/// Listing 1 of the paper, its twin, and its loop without a body.
struct Row {
    const char* name;
    const char* program;      ///< assembly, or null for random weights
    std::array<int, 6> paper; ///< percent; -1 where the paper has a dash
};

constexpr std::array rows{
    Row{"Optimization", nullptr, {19, 86, 56, 41, 95, 4}},
    Row{"map inc", "loop: read 1 2\ninc 2 2\nwrite 1 2\ninc 1 1\njump 3 loop\n", {-1, 100, 7, -1, 7, 26}},
    Row{"map dec", "loop: read 1 2\ndec 2 2\nwrite 1 2\ninc 1 1\njump 3 loop\n", {-1, 45, 100, -1, 6, 41}},
    Row{"loop no-op", "loop: nop\nnop\nnop\nnop\njump 3 loop\n", {100, 100, 100, 100, 49, 75}},
};

constexpr std::size_t cell_count = rows.size() * task_names.size();

/// Settings of a task, the same for every row; docs/tuning.md says what they give.
tuning::TuneOptions settings_of(const std::string& task, const Table1Options& options) {
    tuning::TuneOptions settings{.restarts = options.restarts,
                                 .iterations = options.iterations,
                                 .population_interval = options.population_interval,
                                 .seed = options.seed,
                                 .threads = options.threads,
                                 .stop = options.stop};
    if (task == "fibonacci") settings.batch = 4;
    return settings;
}

base::Result<Table1Cell> run_cell(const Row& row, std::size_t column, const Table1Options& options) {
    auto task = tasks::find_task(task_names[column]);
    if (!task) return base::failure(std::move(task.error()));
    std::optional<assembly::Program> initial;
    if (row.program != nullptr) {
        auto program = assembly::parse(row.program, row.name, {.base = task->base, .cells = task->cells});
        if (!program) return base::failure(std::move(program.error()));
        initial = assembly::padded_with_nops(*program, task->lines);
    }
    const auto result = tuning::tune(*task, initial, settings_of(task->name, options));
    if (!result) return base::failure(result.error());
    const int paper = row.paper[column];
    return Table1Cell{.row = row.name,
                      .task = task->name,
                      .recovered = result->recovered,
                      .paper = paper < 0 ? std::nullopt : std::optional(paper)};
}

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
            {"version", 1},
            {"restarts", options.restarts},
            {"iterations", options.iterations},
            {"population", options.population_interval},
            {"seed", options.seed}};
}

base::Result<std::string> save_state(const std::vector<Table1Cell>& cells, const Table1Options& options) {
    if (options.state_file.empty()) return std::string{};
    json state = key_of(options);
    state["cells"] = json::array();
    for (const Table1Cell& cell : cells) state["cells"].push_back(counts(cell));
    return base::write_file(options.state_file, state.dump(1) + "\n", base::Overwrite::allow);
}

/// The finished cells of an earlier run, in order.
base::Result<std::vector<Table1Cell>> load_state(const Table1Options& options) {
    std::error_code error;
    if (options.state_file.empty() || !options.resume || !std::filesystem::exists(options.state_file, error))
        return std::vector<Table1Cell>{};
    const auto text = base::read_file(options.state_file);
    if (!text) return base::failure(text.error());
    const json state = json::parse(*text, nullptr, false);
    const auto foreign = [&] {
        return base::failure(
            options.state_file, "the state of another run, or no state at all",
            fmt::format("a state with --restarts {}, --iterations {}, --population {} and --seed {}",
                        options.restarts, options.iterations, options.population_interval, options.seed));
    };
    if (!state.is_object()) return foreign();
    const json expected = key_of(options);
    for (const auto& [key, value] : expected.items())
        if (state.value(key, json()) != value) return foreign();
    const json cells = state.value("cells", json());
    if (!cells.is_array() || cells.size() > cell_count) return foreign();
    std::vector<Table1Cell> finished;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (!cells[i].is_object()) return foreign();
        const Row& row = rows[i / task_names.size()];
        const std::size_t column = i % task_names.size();
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
        if (cells[i].value("row", json()) != row.name ||
            cells[i].value("task", json()) != task_names[column] || !possible("soft") || !possible("hard") ||
            !possible("certified") || !possible("repaired"))
            return foreign();
        finished.push_back(
            {.row = row.name,
             .task = task_names[column],
             .recovered = {proportion("soft"), proportion("hard"), proportion("certified"),
                           count("repaired")},
             .paper = row.paper[column] < 0 ? std::nullopt : std::optional(row.paper[column])});
    }
    return finished;
}

} // namespace

base::Result<Table1> sdp_table1(const Table1Options& options) {
    auto cells = load_state(options);
    if (!cells) return base::failure(std::move(cells.error()));
    Table1 table{.cells = std::move(*cells)};
    while (table.cells.size() < cell_count && !options.stop.stop_requested()) {
        const std::size_t next = table.cells.size();
        const Row& row = rows[next / task_names.size()];
        const std::size_t column = next % task_names.size();
        if (options.progress)
            options.progress(static_cast<long>(next), static_cast<long>(cell_count),
                             fmt::format("{} on {}", row.name, task_names[column]));
        auto cell = run_cell(row, column, options);
        if (!cell) return base::failure(std::move(cell.error()));
        // A cell that was interrupted half-way would not be the same after --resume: it is run again instead.
        if (options.stop.stop_requested()) break;
        table.cells.push_back(std::move(*cell));
        if (auto saved = save_state(table.cells, options); !saved)
            return base::failure(std::move(saved.error()));
    }
    table.complete = table.cells.size() == cell_count;
    return table;
}

std::string to_json(const Table1& table) {
    Json list = Json::array();
    for (const Table1Cell& cell : table.cells) {
        const tuning::Recovered& r = cell.recovered;
        const auto measures = [&](double base::Proportion::*member) {
            return Json{
                {"soft", r.soft.*member}, {"hard", r.hard.*member}, {"certified", r.certified.*member}};
        };
        list.push_back({{"row", cell.row},
                        {"column", cell.task},
                        {"measured", measures(&base::Proportion::rate)},
                        {"low", measures(&base::Proportion::low)},
                        {"high", measures(&base::Proportion::high)},
                        {"repaired", r.repaired},
                        {"paper", cell.paper ? Json(*cell.paper / 100.0) : Json(nullptr)}});
    }
    return Json{{"experiment", "sdp-table1"}, {"complete", table.complete}, {"rows", list}}.dump(2) + "\n";
}

std::string to_csv(const Table1& table) {
    std::string text = "row,task,restarts,soft,soft_low,soft_high,hard,hard_low,hard_high,certified,"
                       "certified_low,certified_high,repaired,paper\n";
    for (const Table1Cell& cell : table.cells) {
        const tuning::Recovered& r = cell.recovered;
        text += fmt::format("{},{},{}", cell.row, cell.task, r.soft.total);
        for (const base::Proportion& p : {r.soft, r.hard, r.certified})
            text += fmt::format(",{:.4f},{:.4f},{:.4f}", p.rate, p.low, p.high);
        text +=
            fmt::format(",{},{}\n", r.repaired, cell.paper ? fmt::format("{:.2f}", *cell.paper / 100.0) : "");
    }
    return text;
}

std::string to_markdown(const Table1& table) {
    std::string text = "| initialisation | task | soft % | hard % | certified % | of these repaired | paper "
                       "(soft) % |\n|---|---|---|---|---|---|---|\n";
    const auto percent = [](const base::Proportion& p) {
        return fmt::format("{:.0f} ({:.0f}-{:.0f})", 100 * p.rate, 100 * p.low, 100 * p.high);
    };
    for (const Table1Cell& cell : table.cells)
        text += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", cell.row, cell.task,
                            percent(cell.recovered.soft), percent(cell.recovered.hard),
                            percent(cell.recovered.certified), cell.recovered.repaired,
                            cell.paper ? std::to_string(*cell.paper) : "-");
    return text;
}

} // namespace ropewalk::experiments
