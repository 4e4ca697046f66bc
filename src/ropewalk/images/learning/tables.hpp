// Learning from symbol tables: formulas and letters from exact outputs of images that occur often.
#pragma once

#include <functional>
#include <optional>

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/learning/run.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::learning {

/// Images of a step of reading and their letters, by its number.
using Pages = std::function<Reader::Page(const perception::BatchOptions& options, std::uint64_t step)>;

/// The tables of a run. They are not kept in checkpoints: a run that goes on finds the same again.
class LearningTables {
public:
    /// Finds formulas by symbol tables, if that is wanted and there are some: at the start where tasks are
    /// few or alone with their images, later where the search is stuck.
    base::Status look_up(LearningRun& run);

    /// Whether formulas are from tables.
    bool found() const { return shared_ || each_; }

    /// Whether they left some formulas to the network.
    bool open_tasks() const { return each_ && each_->count(identification::Determined::no) > 0; }

    /// How the letters of the tables are read.
    base::Result<Reading> reading(const perception::ExampleSource& source) const;

    /// Which outlive neither tables nor source.
    Pages pages(const perception::ExampleSource& source) const;

    /// The decisions before, with those of open tasks by the errors that have been scored since.
    std::vector<identification::Decision> decide_open_tasks(std::vector<identification::Decision> before,
                                                            const identification::Decisions& scored) const;

    void decided_by_network();

    const std::optional<identification::SymbolTable>& shared() const { return shared_; }
    const std::optional<PrivateTables>& of_each_task() const { return each_; }

private:
    base::Result<std::vector<float>> errors(const LearningRun& run);

    std::optional<identification::SymbolTable> shared_;
    std::optional<PrivateTables> each_;
};

} // namespace ropewalk::learning
