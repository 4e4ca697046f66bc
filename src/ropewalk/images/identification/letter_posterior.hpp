// The posterior over formulas where images are read as letters, each with a probability.
#pragma once

#include <span>
#include <vector>

#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::identification {

/// Rows of images and what is read in them.
struct LetterRows {
    std::size_t rows = 0;
    std::size_t variables = 0;
    std::vector<double> alphabet;      ///< symbols that the letters stand for
    std::vector<double> probabilities; ///< [rows, variables, letters]
};

/// The likeliest formula of the pool for each task, `y` [tasks, rows] being exact: the likelihood of an
/// output is the probability of all letters under which the formula gives it, and at least 1e-6, for a
/// network can be sure and wrong. Letters with a probability below 1e-4 are left out. The same at any number
/// of threads. After a stop it means nothing.
std::vector<std::size_t> likeliest_formulas(const formula::Pool& pool, const LetterRows& rows,
                                            std::span<const double> y, int threads,
                                            const base::Stop& stop = {});

/// The same plainly: the log likelihood of one formula, with all letters.
double log_likelihood(const formula::Program& formula, const LetterRows& rows, std::span<const double> y);

} // namespace ropewalk::identification
