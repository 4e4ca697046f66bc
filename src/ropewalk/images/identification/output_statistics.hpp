// Letters and formulas from outputs alone: how often each output occurs tells what it is made of, before any
// image has been looked at.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ropewalk/images/identification/monomials.hpp"
#include "ropewalk/images/rules/rules.hpp"

namespace ropewalk::identification {

/// Exact outputs of rows of images that stand for letters.
struct OutputQuestion {
    const MonomialTable* pool = nullptr; ///< the formulas that may be behind the outputs
    std::size_t tasks = 0;
    std::size_t rows = 0;
    std::span<const double> y;       ///< [tasks, rows]
    double scale = 1;                ///< a symbol is this times a letter, as in Given
    std::span<const double> letters; ///< those there may be; empty: evenly spaced ones are tried
    /// The pool as programs. Where none of its formulas explains the outputs with letters that all columns share,
    /// rules beside them are asked; empty: never.
    std::span<const formula::Program> programs;
    bool always_rules = false; ///< whether they are asked whatever the formulas explain
    int threads = 0;
    /// Whether to stop, see base::StopCheck; empty: never.
    base::Stop stop;
};

/// Letters that explain the outputs.
struct OutputExplanation {
    std::vector<double> alphabet; ///< letters that occur, or those given, in rising order
    /// Formulas that explain all tasks together, each an index into the pool per task or, beyond it, into the
    /// rules, and the likeliest first. Outputs do not tell which variable is which, so there are some that are equally likely.
    std::vector<std::vector<std::size_t>> candidates;
    double log_likelihood = 0; ///< of a row under the first candidate where images are not looked at, nats
    double score = 0;          ///< of all rows, less the price of the letters
    /// Other alphabets that explain the outputs as well and mean the same to the images: a letter of the one
    /// in place of a letter of the other, with some of the candidates.
    std::vector<std::vector<double>> same;
};

/// What explains outputs, the best first.
struct OutputExplanations {
    /// At least one; no two mean the same to the images.
    std::vector<OutputExplanation> alphabets;
    std::vector<double> tolerances;    ///< per task, within which outputs are one
    bool say_little = false; ///< whether outputs are two values of each task, which any letters make as frequent
    std::size_t possible_outputs = 0; ///< of all tasks together, those of a row being one
    std::vector<rules::Rule> rules;    ///< beside the pool, where they were asked

    /// Nats of all rows within which an alphabet explains the outputs as well as another.
    static constexpr double as_well = 1;
};

/// Share of outputs that may be wrong: the likelihood of an output is never below this over their number.
inline constexpr double wrong_outputs = 0.01;

/// The alphabets that are tried where none is given: 2 to 20 evenly spaced letters from 0 or from their
/// distance on, which end at 1 or one before, or whose distance is that of the outputs or its square or cube
/// root; at most 2^14 rows of letters. Where none of them makes the outputs as frequent as they are, but for
/// chance, letters that are not evenly spaced: those that occur among all multiples of the outputs' distance
/// up to the largest output (at most 2^18 rows of these, fewer in pools of many formulas). Where these do not
/// either, and there are two variables, the same with frequencies of its own for each column of images, and
/// rules (see rules::formula_families) with whole letters from 0 or 1 on, at most 12, or the outputs themselves;
/// with three variables also operators that an image selects (see rules::selection_families).
///
/// For every alphabet and formula, the frequencies of letters that make the outputs likeliest are fitted by
/// expectation maximisation (see marginals), less a nat for every letter that occurs (Akaike 1974), 10 where
/// the largest is not about 1, and the logarithm of a formula's place in the pool, which has short ones
/// first. Tasks are then put together: formulas of all tasks on the same letters. The same at any number of
/// threads.
///
/// Fails where outputs hardly repeat, where no formula reaches nearly all outputs of some task, and where it
/// is stopped.
base::Result<OutputExplanations> explain_outputs(const OutputQuestion& question);

} // namespace ropewalk::identification
