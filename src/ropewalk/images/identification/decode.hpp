// Symbols from outputs: once the formulas are known, the numbers of a row say what its images show.
#pragma once

#include <span>
#include <vector>

#include "ropewalk/images/identification/monomials.hpp"

namespace ropewalk::identification {

/// The symbols that explain a row best.
struct Decoded {
    std::vector<double> symbols;
    double residual = 0; ///< root mean square over the tasks of (y - f(symbols)) / sigma
    /// How far the least certain symbol moves for a residual of 1; infinite where the outputs do not change
    /// with some symbol.
    double uncertainty = 0;
};

/// Solves a row's equations f_t(s) = y_t for the symbols s, in the sense of least squares.
class Decoder {
public:
    /// `formulas[t]` is task t's formula, an index into the pool; `sigma[t]` the scale of its outputs.
    Decoder(const MonomialTable& pool, std::span<const std::size_t> formulas, std::span<const double> sigma);

    /// The least sum of squares that Levenberg and Marquardt's method reaches from `start`. `y` has an output
    /// per task.
    Decoded decode(std::span<const double> y, std::span<const double> start) const;

    /// The first of the starts from which a residual of `enough` is reached, or else the best.
    Decoded decode(std::span<const double> y, std::span<const std::vector<double>> starts,
                   double enough) const;

    std::size_t variables() const { return variables_; }
    std::size_t tasks() const { return first_term_.size() - 1; }

private:
    /// Scaled differences (f_t(s) - y_t) / sigma_t and their derivatives [tasks, variables].
    struct Linearised {
        std::vector<double> differences, derivatives;
        double squares = 0;
    };
    void linearise(std::span<const double> y, std::span<const double> symbols, Linearised& result) const;

    std::size_t variables_;
    // A formula has few of the pool's monomials: its terms one after the other, those of task t from
    // first_term_[t] on.
    std::vector<std::size_t> first_term_;
    std::vector<double> coefficients_; ///< divided by sigma
    std::vector<int> exponents_;       ///< [terms, variables]
    std::vector<double> scale_;        ///< 1 / sigma
};

/// The decoder of some tasks, `tasks` indices into `formulas` and `sigma`.
Decoder decoder_of(const MonomialTable& pool, std::span<const std::size_t> formulas,
                   std::span<const double> sigma, std::span<const std::size_t> tasks);

} // namespace ropewalk::identification
