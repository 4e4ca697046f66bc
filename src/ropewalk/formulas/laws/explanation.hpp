// An answer: a front, the formula on it to believe, and why.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// A constant of a form that was given, with its standard error.
struct FittedConstant {
    std::string name;
    double value = 0, standard_error = 0;
};

/// A function that a form left open, and what was found for it: a program of its arguments.
struct NamedBody {
    std::string name;
    std::vector<std::string> arguments;
    Program body;
};

/// A front with the formula to believe. `best` is a place in the front, which may be empty.
struct Explanation {
    FormulaReport report;
    std::size_t best = 0;         ///< the formula to believe
    std::string reason;           ///< why, as "the formula with the shortest description"
    bool found = false;           ///< it is exact, or explains the target better than its mean does
    double noise = 0;             ///< the answer's root mean squared error as a share of the target's spread
    bool only_noise_left = false; ///< a polynomial of degree 3 finds nothing in what the answer leaves
    bool weighted = false;        ///< rows count by weights, given or made by a loss
    bool errors_are_shares = false; ///< formulas were judged by errors as shares of the target
    double unavoidable = 0; ///< root mean squared error that no function of the inputs can do without: rows with the
                            ///< same inputs differ in the target
    std::vector<std::string> hints;        ///< what may find more
    bool same_on_all_rows = false;         ///< the target never changes
    std::size_t rows_held_out = 0;         ///< that the search did not see
    std::vector<Fit> held_out;             ///< on these rows, one for each formula of the front; or none
    std::vector<FittedConstant> constants; ///< of a form that was given
    std::vector<std::vector<NamedBody>> parts; ///< of such a form, for each formula of the front

    /// The fit that decides: on the rows held out where there are some.
    const Fit& deciding(std::size_t place) const {
        return held_out.empty() ? report.front[place].fit : held_out[place];
    }
    /// On every row, those held out among them.
    bool is_exact(std::size_t place) const {
        return report.front[place].fit.exact && deciding(place).exact;
    }
    /// Whether it ended with an answer that is not exact, as nothing but noise is left.
    bool ended_in_noise() const;
    /// Why the search ended, as a sentence goes on: not only an exact formula leaves nothing to look for.
    std::string why_stopped() const;
};

/// Whether a formula that reads some input explains more than the mean does, by this fit; or is exact.
bool explains(const Program& program, const Fit& fit);

/// A program with its size, fit and description.
Found described(const Program& program, const Problem& problem);

/// The place of the shortest description in a front that has one.
std::size_t shortest_of(const std::vector<Found>& front);

/// Makes the formula at a place of the front the answer, for this reason: sets whether it explains the target, how much of
/// its spread is left, and whether that is noise.
void answer_with(Explanation& explanation, std::size_t place, std::string reason, const Problem& problem);

/// A report with its formula to believe: descriptions are worked out and the shortest one is chosen.
Explanation chosen_of(FormulaReport report, const Problem& problem);

/// The number that a target always is, whatever its unit, where it never changes; nothing otherwise.
std::optional<Explanation> constant_explanation(const Problem& problem);

/// The same rows, which count so that errors are shares of the target. No target is 0.
Problem with_errors_as_shares(Problem problem);

/// Judges a front on rows that the search, which was of `seen`, did not see, and lets these choose, unless the answer
/// is exact on all: the smallest formula within a tenth of the smallest error on them, as a share of the target where
/// errors are.
void choose_by(const Problem& held_out, const Problem& seen, Explanation& explanation);

} // namespace ropewalk::formula
