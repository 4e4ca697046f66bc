#pragma once

#include <array>
#include <cstddef>

namespace ropewalk::papers {

/// Columns of Table 1: names in the catalogue of tasks.
inline constexpr std::array table1_tasks{"inc", "map-inc", "map-dec", "reduce", "parity", "fibonacci"};

/// How the program of a run is looked for.
enum class Table1Method {
    tuning, ///< gradient descent from a program or from random weights
    search, ///< enumeration alone
    both    ///< the combined algorithm
};

/// A row of Table 1: what is done, and what the paper reports.
struct Table1Row {
    const char* name;
    Table1Method method;
    const char* program;      ///< what tuning starts from: assembly, or null for random weights
    std::array<int, 6> paper; ///< percent; -1 where the paper has a dash
};

/// Listing 1 of the paper, its twin, and its loop without a body.
inline constexpr std::array table1_rows{
    Table1Row{"Optimization", Table1Method::tuning, nullptr, {19, 86, 56, 41, 95, 4}},
    Table1Row{"Synthesis", Table1Method::search, nullptr, {100, 100, 100, 100, 100, 0}},
    Table1Row{"Both", Table1Method::both, nullptr, {100, 100, 100, 100, 100, 75}},
    Table1Row{"map inc",
              Table1Method::tuning,
              "loop: read 1 2\ninc 2 2\nwrite 1 2\ninc 1 1\njump 3 loop\n",
              {-1, 100, 7, -1, 7, 26}},
    Table1Row{"map dec",
              Table1Method::tuning,
              "loop: read 1 2\ndec 2 2\nwrite 1 2\ninc 1 1\njump 3 loop\n",
              {-1, 45, 100, -1, 6, 41}},
    Table1Row{"loop no-op",
              Table1Method::tuning,
              "loop: nop\nnop\nnop\nnop\njump 3 loop\n",
              {100, 100, 100, 100, 49, 75}},
};

inline constexpr std::size_t table1_cell_count = table1_rows.size() * table1_tasks.size();

} // namespace ropewalk::papers
