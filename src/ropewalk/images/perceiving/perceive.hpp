// A run: images are opened, formulas found and reading learned, both judged, and the folder written.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ropewalk/base/settings.hpp"
#include "ropewalk/images/judging/judging.hpp"
#include "ropewalk/images/learning/learning.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::perceiving {

struct PerceiveOptions {
    /// `seconds` are for everything, judging too. The seed is that of the settings.
    base::Run run{.seconds = 60};
    std::string device = "cpu";
    std::string folder;      ///< where the run is kept; empty: nowhere
    bool resume = false;     ///< go on with the run in the folder
    bool replace = false;    ///< whether a run in the folder may be replaced
    bool further = true;     ///< see learning::LearnOptions
    bool generalise = true;  ///< judge by new formulas, too, where images show known labels
    double checkpoint_seconds = 60;
    /// Processes that learn together; only the one that leads has a folder, judges and tells its progress.
    std::shared_ptr<perception::ProcessGroup> group = perception::no_others();
    /// Called with the images and tasks once they are read, before anything is learned; empty: nothing.
    std::function<void(const perception::Problem&)> opened;

    static constexpr auto fields = base::fields(
        base::field<&PerceiveOptions::generalise>("generalisation",
                                                  "Judge by new formulas, found on small symbols and tested on large ones"),
        base::field<&PerceiveOptions::checkpoint_seconds>("checkpoint_seconds",
                                                          "Longest time between two checkpoints",
                                                          base::at_least(0.0)));
};

/// What a run came to.
struct Perceived {
    learning::Settings settings; ///< with the number of tasks, and the place of the data from everywhere
    perception::Problem problem;
    learning::Learned learned;
    /// One of the two, unless the run was stopped or out of time before it was judged.
    std::optional<perception::Judgement> judgement;  ///< of images that show known labels
    std::optional<perception::GivenJudgement> given; ///< of rows that are given
    std::optional<perception::Generalisation> generalisation;
    std::optional<base::StopReason> no_generalisation; ///< why it was not finished, once begun

    /// Whether the formulas have settled and explain all outputs that are given: the answer to rely on.
    bool is_explained() const;
};

/// Files of a run, some of which it may lack.
extern const std::vector<const char*> file_names;

/// The settings that the run in a folder began with; nothing where it has not come so far. Fails where there
/// is no run, or its settings are damaged.
base::Result<std::optional<learning::Settings>> settings_of_run(const std::string& folder);

/// Runs, or goes on with the run in the folder: `settings` are then those of the run (see settings_of_run) but for
/// what is to change. The folder is held against other runs, its settings are the first file written, and it
/// always holds the last checkpoint or the finished run. The same settings with `refine_steps` give the same
/// result, stopped and resumed or not.
/// Fails when images, settings, folder or device are bad; a run that ends before any formula was decided is a
/// result whose `learned.decided` is false, and writes no answer. Of several processes all learn the same, and those
/// that do not lead judge nothing.
base::Result<Perceived> perceive(learning::Settings settings, const PerceiveOptions& options);

} // namespace ropewalk::perceiving
