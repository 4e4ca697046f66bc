// Tasks with images of their own: a symbol table of each task alone, and one alphabet for all of them.
#pragma once

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/learning/reading.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::learning {

/// What the tables of all tasks say together.
struct PrivateTables {
    std::vector<double> alphabet; ///< symbols that at least half of the tasks that determine theirs have
    /// [tasks], formulas that explain the outputs with symbols of the alphabet, the likeliest first; none
    /// where a task has no table.
    std::vector<std::vector<std::size_t>> candidates;
    std::vector<identification::Determined> of_tasks;         ///< [tasks]; `no` unless there is one candidate
    std::vector<std::vector<std::uint32_t>> images_of_letter; ///< [letters], training images that show it
    double seconds = 0;                                       ///< that finding them took

    bool open(std::size_t task) const { return candidates[task].size() != 1; }
    /// Says that the network has chosen where the tables left something open.
    void decided_by_network();
    std::size_t count(identification::Determined determined) const;
    std::size_t images() const; ///< whose letter is known
};

/// Finds the table of every task, the alphabet, and the letters of the images. The result is the same at any
/// number of threads (0: all). Fails when fewer than half of the tasks have a candidate: outputs that are not
/// exact, formulas outside of the pool, or too few images.
base::Result<PrivateTables> find_private_tables(const perception::Problem& problem,
                                                const perception::ExampleSource& source,
                                                identification::AlphabetPrior prior, int threads);

/// Errors of all formulas on all rows of the alphabet, as Decisions takes them in: [tasks, pool]. The
/// likeliest candidate has none; a task without one has 1 throughout.
std::vector<float> alphabet_errors(const perception::Problem& problem, const PrivateTables& tables,
                                   int threads);

/// The decisions with those of open tasks made by averaged errors, among the candidates where there are some.
std::vector<identification::Decision> decide_open_tasks(const PrivateTables& tables,
                                                        std::vector<identification::Decision> decisions,
                                                        const identification::Decisions& scored);

/// How the letters are read, in the form in which other readings are reported.
Reading private_reading(const PrivateTables& tables);

/// Images of a step and their letters: letters uniform, images uniform among those that show the letter.
Reader::Page private_page(const perception::ExampleSource& source, const PrivateTables& tables,
                          const perception::BatchOptions& options, std::uint64_t step);

} // namespace ropewalk::learning
