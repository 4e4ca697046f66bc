#include "papers/sdp/sdp_table1.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>

#include <fmt/format.h>

#include "papers/sdp/sdp_table1_cells.hpp"
#include "papers/sdp/sdp_table1_state.hpp"
#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/induction/induction.hpp"

namespace ropewalk::papers {

namespace {

/// Settings of a task, the same for every row; docs/tuning.md says what they give.
tuning::TuneOptions settings_of(const std::string& task, const Table1Options& options) {
    tuning::TuneOptions settings{
        .run = {.seed = options.seed, .threads = options.run.threads, .stop = options.run.stop},
        .restarts = options.restarts,
        .iterations = options.iterations,
        .population_interval = options.population_interval};
    if (task == "fibonacci") settings.batch = 1;
    return settings;
}

base::Result<tuning::Recovered> tuned(const Table1Row& row, const tasks::Task& task,
                                      const Table1Options& options) {
    std::optional<assembly::Program> initial;
    if (row.program != nullptr) {
        auto program = assembly::parse(row.program, row.name, {.base = task.base, .cells = task.cells});
        if (!program) return base::failure(std::move(program.error()));
        initial = assembly::padded_with_nops(*program, task.lines);
    }
    return tuning::tune(task, initial, settings_of(task.name, options))
        .map([](const tuning::TuneResult& result) { return result.recovered; });
}

/// Programs a run of the search may try.
constexpr std::uint64_t search_programs = std::uint64_t{1} << 23;

/// Examples on which the compiled program is judged soft.
constexpr int soft_examples = 64;

/// One run of the search, or of search and tuning together, for every restart of the other rows. Runs differ
/// in the examples they draw.
base::Result<tuning::Recovered> searched(const Table1Row& row, const tasks::Task& task,
                                         const Table1Options& options) {
    const auto runs = static_cast<std::size_t>(options.restarts);
    std::vector<char> soft(runs, 0), certified(runs, 0);
    base::parallel_for(runs, options.run.threads, [&](std::size_t run) {
        if (options.run.stop()) return;
        const std::uint64_t seed = options.seed + (static_cast<std::uint64_t>(run) << 32);
        const auto found =
            induction::induce(task, {.run = {.seed = seed, .threads = 1, .seconds = 0, .stop = options.run.stop},
                                     .programs = search_programs,
                                     .tune = row.method == Table1Method::both});
        if (!found || !found->program) return;
        certified[run] = 1;
        base::RandomStream random(seed, base::Purpose::held_out_examples);
        soft[run] = found->weights &&
                    tuning::recovered_soft(*found->weights, draw_examples(task, soft_examples, random),
                                           found->certificate->steps);
    });
    const auto share = [&](const std::vector<char>& marks) {
        return base::wilson(static_cast<int>(std::count(marks.begin(), marks.end(), 1)), options.restarts);
    };
    return tuning::Recovered{share(soft), share(certified), share(certified), 0};
}

base::Result<Table1Cell> run_cell(const Table1Row& row, std::size_t column, const Table1Options& options) {
    const auto task = tasks::find_task(table1_tasks[column]);
    if (!task) return base::failure(task.error());
    auto recovered =
        row.method == Table1Method::tuning ? tuned(row, *task, options) : searched(row, *task, options);
    if (!recovered) return base::failure(std::move(recovered.error()));
    const int paper = row.paper[column];
    return Table1Cell{.row = row.name,
                      .task = task->name,
                      .recovered = *recovered,
                      .paper = paper < 0 ? std::nullopt : std::optional(paper)};
}

bool wanted(std::size_t place, const Table1Options& options) {
    return options.rows.empty() ||
           std::find(options.rows.begin(), options.rows.end(),
                     table1_rows[place / table1_tasks.size()].name) != options.rows.end();
}

/// The cells that are asked for, row by row.
std::vector<std::size_t> cells_of(const Table1Options& options) {
    std::vector<std::size_t> cells;
    std::size_t unit = 0;
    for (std::size_t cell = 0; cell < table1_cell_count; ++cell)
        if (wanted(cell, options) && options.run.part.holds(unit++)) cells.push_back(cell);
    return cells;
}

/// The cells that are asked for and not there yet. Long ones come first, so that threads end together.
base::Result<std::vector<std::size_t>> open_cells(const Table1Slots& slots, const Table1Options& options) {
    std::vector<std::size_t> open;
    for (const std::size_t cell : cells_of(options))
        if (!slots[cell]) open.push_back(cell);
    std::vector<long> work;
    for (const char* name : table1_tasks) {
        const auto task = tasks::find_task(name);
        if (!task) return base::failure(task.error());
        work.push_back(task->steps * task->base);
    }
    std::stable_sort(open.begin(), open.end(), [&](std::size_t a, std::size_t b) {
        return work[a % work.size()] > work[b % work.size()];
    });
    return open;
}

base::Result<std::string> known_rows(const Table1Options& options) {
    std::string names;
    for (const Table1Row& row : table1_rows) names += (names.empty() ? "" : ", ") + std::string(row.name);
    for (const std::string& name : options.rows)
        if (std::none_of(table1_rows.begin(), table1_rows.end(),
                         [&](const Table1Row& row) { return row.name == name; }))
            return base::failure("sdp-table1", "row " + base::quoted(name), "one of " + names);
    return std::string{};
}

} // namespace

base::Result<Table1> sdp_table1(const Table1Options& options) {
    if (auto known = known_rows(options); !known) return base::failure(std::move(known.error()));
    auto loaded = load_state(options);
    if (!loaded) return base::failure(std::move(loaded.error()));
    Table1Slots slots = std::move(*loaded);
    const auto open = open_cells(slots, options);
    if (!open) return base::failure(open.error());
    // Cells beside each other keep every thread busy to the end; restarts of one cell beside each other do
    // not.
    Table1Options alone = options;
    alone.run.threads = 1;
    std::mutex mutex;
    base::Diagnostics errors;
    const auto finish = [&](std::size_t place) {
        const Table1Row& row = table1_rows[place / table1_tasks.size()];
        const std::size_t column = place % table1_tasks.size();
        auto cell = run_cell(row, column, alone);
        const std::scoped_lock lock(mutex);
        // A cell that was interrupted half-way would not be the same after --resume: it is run again instead.
        if (options.run.stop() || !errors.empty()) return;
        if (!cell) {
            errors = std::move(cell.error());
            return;
        }
        slots[place] = std::move(*cell);
        if (auto saved = save_state(slots, options); !saved) errors = std::move(saved.error());
        if (options.run.progress)
            options.run.progress(
                std::count_if(slots.begin(), slots.end(), [](const auto& slot) { return slot.has_value(); }),
                static_cast<long>(table1_cell_count),
                fmt::format("{} on {}", row.name, table1_tasks[column]));
    };
    const int threads = options.run.threads > 0 ? options.run.threads : base::available_threads();
    std::atomic<std::size_t> next = 0;
    base::parallel_for(static_cast<std::size_t>(threads), threads, [&](std::size_t) {
        for (std::size_t i = next++; i < open->size() && !options.run.stop(); i = next++) finish((*open)[i]);
    });
    if (!errors.empty()) return base::failure(std::move(errors));
    Table1 table{.complete = true};
    for (const std::size_t cell : cells_of(options)) table.complete &= slots[cell].has_value();
    for (auto& slot : slots)
        if (slot) table.cells.push_back(std::move(*slot));
    return table;
}

} // namespace ropewalk::papers
