// How often letters occur, as far as the outputs of one task tell: the outputs are a mixture over rows of
// letters, which expectation maximisation takes apart (Dempster, Laird and Rubin 1977).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/images/identification/letter_values.hpp"
#include "ropewalk/images/identification/output_values.hpp"

namespace ropewalk::identification {

/// A formula that explains a task with an alphabet, by its orbit: those that differ in the names of their
/// variables only, which outputs do not tell apart.
struct Marginal {
    std::size_t orbit = 0;
    double score = 0; ///< log likelihood, less the price of the letters
    double log_likelihood = 0;
    std::vector<double> frequencies; ///< [letters], or [columns, letters], the last column first
};

/// Whether all columns of images show letters as often as each other, or each has its own.
enum class Columns { alike, apart };

/// Steps of expectation maximisation, for all orbits and for those that are not hopeless then.
struct FitSteps {
    int first, more;
    double hopeless;          ///< nats behind the best
    std::uint64_t starts = 1; ///< even frequencies first, then random ones
};

/// Most formulas end far behind the best: they are given up after a few steps.
inline constexpr FitSteps few_steps{.first = 8, .more = 40, .hopeless = 300};

/// Among many letters of which few occur, many steps from several starts.
inline constexpr FitSteps many_steps{.first = 40, .more = 300, .hopeless = 1000, .starts = 3};

/// Formulas that explain the outputs with letters of an alphabet, the best first, none far behind it.
/// `orbits` are lists of formulas; the same at any number of threads. None where `stop` says so.
std::vector<Marginal> marginals(const LetterValues& values, std::size_t letters, const Outputs& outputs,
                                const std::vector<std::vector<std::size_t>>& orbits, std::size_t variables,
                                const FitSteps& steps, Columns columns, int threads, base::StopCheck& stop);

/// Which letters occur in some column of so many rows; less than half an image is none at all.
std::vector<bool> occurring(const std::vector<double>& frequencies, std::size_t letters, std::size_t rows,
                            std::size_t variables);

/// A nat for every letter that occurs in a column (Akaike 1974), once where columns are alike.
double price(const std::vector<double>& frequencies, std::size_t letters, std::size_t rows,
             std::size_t variables);

/// Whether outputs are as frequent as a fit has them, but for chance: the deviance from how often they do
/// occur is about as large as there are outputs that letters do not account for. A letter for every output
/// fits anything, and counts as no fit.
bool fits(const Marginal& marginal, const Outputs& outputs);

/// The same, of which one in ten that are right falls short.
bool fits_well(const Marginal& marginal, const Outputs& outputs);

/// Of outputs that occur so often, `wrong_outputs` of them being anything.
double log_likelihood(std::span<const double> probabilities, std::span<const double> counts);

/// Those that rounding alone tells apart keep their order.
template<class Item>
void sort_likeliest_first(std::vector<Item>& items, double Item::*score) {
    constexpr double nat = 1e4;
    std::stable_sort(items.begin(), items.end(), [&](const Item& a, const Item& b) {
        return std::round(nat * (a.*score)) > std::round(nat * (b.*score));
    });
}

} // namespace ropewalk::identification
