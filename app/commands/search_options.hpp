// Options and output that `synthesize` and `induce` share.
#pragma once

#include "app/shared/shared.hpp"
#include "ropewalk/programs/induction/induction.hpp"

namespace ropewalk::cli {

struct SearchCommandOptions {
    induction::InduceOptions induce;
    int near_misses = 8;
    std::string sketches, library;
    std::vector<std::string> fit;
};

void add_search_options(CLI::App& command, SearchCommandOptions& options);

/// What the options say, with the sketches and the library they name.
base::Result<search::SearchOptions> search_options_of(const SearchCommandOptions& options,
                                                      const CommonOptions& common);

/// Whether two examples of the task contradict each other; then says so on standard error.
bool contradictory(const tasks::Task& task);

/// For people: that a number in the program may mean the number of cells as well.
void show_size_or_number(const induction::Induced& result, const tasks::Task& task);

/// For people: what else the examples may mean, and which example decides. Nothing where nothing is open.
void show_choice(const search::Choice& choice, const tasks::Task& task);

/// The best of them for people, or advice where there is none.
void show_near_misses(const std::vector<search::Candidate>& near_misses, const tasks::Task& task);

} // namespace ropewalk::cli
