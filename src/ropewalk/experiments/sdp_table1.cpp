#include "ropewalk/experiments/sdp_table1.hpp"

#include <fmt/format.h>

#include "ropewalk/experiments/sdp_table1_cells.hpp"
#include "ropewalk/experiments/sdp_table1_state.hpp"

namespace ropewalk::experiments {

namespace {

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

base::Result<Table1Cell> run_cell(const Table1Row& row, std::size_t column, const Table1Options& options) {
    auto task = tasks::find_task(table1_tasks[column]);
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

} // namespace

base::Result<Table1> sdp_table1(const Table1Options& options) {
    auto cells = load_state(options);
    if (!cells) return base::failure(std::move(cells.error()));
    Table1 table{.cells = std::move(*cells)};
    while (table.cells.size() < table1_cell_count && !options.stop.stop_requested()) {
        const std::size_t next = table.cells.size();
        const Table1Row& row = table1_rows[next / table1_tasks.size()];
        const std::size_t column = next % table1_tasks.size();
        if (options.progress)
            options.progress(static_cast<long>(next), static_cast<long>(table1_cell_count),
                             fmt::format("{} on {}", row.name, table1_tasks[column]));
        auto cell = run_cell(row, column, options);
        if (!cell) return base::failure(std::move(cell.error()));
        // A cell that was interrupted half-way would not be the same after --resume: it is run again instead.
        if (options.stop.stop_requested()) break;
        table.cells.push_back(std::move(*cell));
        if (auto saved = save_state(table.cells, options); !saved)
            return base::failure(std::move(saved.error()));
    }
    table.complete = table.cells.size() == table1_cell_count;
    return table;
}

} // namespace ropewalk::experiments
