#include "ropewalk/images/learning/tables.hpp"

#include <utility>

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::learning {

namespace {

bool is_wanted(const LearningRun& run) {
    const LearnOptions& options = run.options;
    if (options.start != Start::automatic) return options.start == Start::table;
    const bool few = run.problem.task_count() <= options.few_tasks;
    const bool late = options.consensus_interval > 0 && run.state.search_steps == options.table_step &&
                      !run.state.agreement;
    return options.letters.empty() &&
           (run.problem.has_private_images() || (run.problem.can_form_rows() && (few || late)));
}

} // namespace

base::Status LearningTables::look_up(LearningRun& run) {
    if (!is_wanted(run) || !run.state.no_table.empty()) return {};
    auto found = errors(run);
    if (!found && run.options.start == Start::table) return base::failure(found.error());
    if (!found) {
        run.state.no_table = base::render(found.error());
        return {};
    }
    if (run.state.phase != Phase::search) return {};
    run.state.decisions.forget();
    run.state.decisions.add(*found, run.state.search_steps);
    run.state.settled = true;
    run.state.phase = Phase::refine;
    return {};
}

/// Finds the tables, and says what they make of all formulas.
base::Result<std::vector<float>> LearningTables::errors(const LearningRun& run) {
    const LearnOptions& options = run.options;
    if (run.problem.has_private_images()) {
        auto tables = find_private_tables(run.problem, run.source, options.alphabet, options.run.threads);
        if (!tables) return base::failure(tables.error());
        each_ = std::move(*tables);
        return alphabet_errors(run.problem, *each_, options.run.threads);
    }
    if (!run.problem.can_form_rows())
        return base::failure("setting `start` table", "rows that are given",
                             "images of which any rows can be formed");
    auto table = identification::find_symbol_table(table_question(run.problem, run.source, options.alphabet));
    if (!table) return base::failure(table.error());
    shared_ = std::move(*table);
    return decisive_errors(*shared_);
}

base::Result<Reading> LearningTables::reading(const perception::ExampleSource& source) const {
    if (each_) return private_reading(*each_);
    return table_reading(*shared_, TableReader(source, *shared_));
}

Pages LearningTables::pages(const perception::ExampleSource& source) const {
    if (each_)
        return [this, &source](const perception::BatchOptions& options, std::uint64_t step) {
            return private_page(source, *each_, options, step);
        };
    return
        [reader = TableReader(source, *shared_)](const perception::BatchOptions& options,
                                                 std::uint64_t step) { return reader.page(options, step); };
}

std::vector<identification::Decision>
LearningTables::decide_open_tasks(std::vector<identification::Decision> before,
                                  const identification::Decisions& scored) const {
    return learning::decide_open_tasks(*each_, std::move(before), scored);
}

void LearningTables::decided_by_network() {
    if (each_) each_->decided_by_network();
}

} // namespace ropewalk::learning
