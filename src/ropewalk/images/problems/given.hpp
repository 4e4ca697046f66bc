// Problems whose rows are given, without known formulas behind them: a user's own data.
#pragma once

#include <string>
#include <vector>

#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/problems/problem.hpp"

namespace ropewalk::perception {

/// Images of a row that formulas of the pool are made for.
inline constexpr std::size_t most_variables = 5;

struct GivenOptions {
    int operators = 3;    ///< of the pool's largest formulas
    double holdout = 0.1; ///< share of the rows kept for validation, above 0 and below 1
    double scale = 1;     ///< symbols lie between 0 and about this, above 0
    std::uint64_t seed = 0;
};

/// Images, rows of them, and what every task makes of a row.
struct GivenData {
    datasets::Images images;
    std::vector<std::string> files; ///< of the images
    GivenRows rows;
    std::vector<std::string> outputs; ///< names of the tasks
    std::vector<std::string> columns{}; ///< of images; this and the next as in Given
    datasets::ImageForm form{};
    std::vector<std::string> notes{};
    std::vector<std::vector<std::string>> words{};
};

/// The rows of which `chosen` is `wanted`.
GivenRows part_of(const GivenRows& rows, const std::vector<bool>& chosen, bool wanted);

/// A problem with the pool of all formulas of so many variables, and no rows yet; with more than 5, or rows of
/// any length (`variables` is then any number above 5), the pool has the formula s1 alone, see Problem::has_long_rows. Fails on options out of
/// range and on a pool of more than 100,000 formulas.
base::Result<Problem> make_given_problem(std::size_t variables, const GivenOptions& options);

/// Gives the problem its rows, some of them for validation. Fails, with `place` as the place, on outputs of a
/// task that are all the same or too large, and where validation leaves fewer than 2 rows to learn from.
base::Status give_rows(Problem& problem, GivenData data, const GivenOptions& options,
                       const std::string& place);

} // namespace ropewalk::perception
